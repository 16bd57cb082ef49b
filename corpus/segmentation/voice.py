"""How a writer writes, whatever about: habits of signs and capitals, as bits.

Two stretches of one writer share more of them than two of different writers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from corpus.segmentation.characters import Kinds

#: What shows each habit, in the order of the bits.
_HABITS = (
    ".  ", "’", "'", "“", '"', " i ", " I ", "..", "...", "....", "…", "!!", "??", ":-", ":)", ";)",
    " ,", " .", " !", " ?", " - ", " – ", "(", "&", " u ", "/", "%", "*", ": ", "; ", "  ",
)  # fmt: skip
_UNENDED, _SMALL, _CAPITAL = (1 << len(_HABITS) + bit for bit in range(3))
BITS = len(_HABITS) + 3
#: Characters of a stretch that are looked at.
LONGEST = 600

#: The characters that are told apart, each by so many bits, and how many are looked at in a row.
_SIGNS, _WIDTH, _REACH = "".join(sorted(set("".join(_HABITS)))), 5, 3
_kinds = Kinds(lambda char: _SIGNS.find(char) + 2)
#: A habit that takes one more: two of the others, one behind the other.
_DOTS, _MORE_DOTS = 1 << _HABITS.index("..."), 1 << _HABITS.index("....")
#: Between stretches stands what shows no habit.
_BETWEEN = "a" * _REACH


@cache
def _shown() -> NDArray[np.int64]:
    """The habits that are shown by the first of every ``_REACH`` characters, by their kinds."""
    found = np.zeros((1 << _WIDTH,) * _REACH, dtype=np.int64)
    for bit, sign in enumerate(_HABITS):
        if len(sign) <= _REACH:
            found[tuple(_kinds.each(sign))] |= 1 << bit
    return found.ravel()


def of_each(texts: Sequence[str]) -> NDArray[np.int64]:
    """The habits that each of the ``texts`` shows; none of these is empty.

    >>> one, two, three = of_each(["So they know.", "It's true.", "So they do."]).tolist()
    >>> one == three, one == two
    (True, False)
    """
    heads = [text[:LONGEST] for text in texts]
    kinds = _kinds.each(_BETWEEN.join([*heads, ""])).astype(np.uint16)
    row = kinds[:-2] << 2 * _WIDTH | kinds[1:-1] << _WIDTH | kinds[2:]
    shown: NDArray[np.int64] = _shown()[row]
    dots = np.flatnonzero(shown & _DOTS)
    shown[dots[:-1][np.diff(dots) == 1]] |= _MORE_DOTS
    ends = np.cumsum([len(head) + _REACH for head in heads])
    edges = np.stack([np.append(0, ends[:-1]), ends - _REACH], axis=1)
    found: NDArray[np.int64] = np.bitwise_or.reduceat(shown, edges.ravel())[::2]
    found |= [_edges(text[0], text[-1]) for text in texts]
    return found


def _edges(first: str, last: str) -> int:
    unended = _UNENDED if last.isalnum() else 0
    small = _SMALL if first.islower() else 0
    return unended | small | (_CAPITAL if first.isupper() else 0)
