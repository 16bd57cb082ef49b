"""How much of a stretch is digits, punctuation or capitals, counted at C's speed.

Much of a log, a list or program code is digits and punctuation.
"""

from __future__ import annotations

import string
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.segmentation.characters import Kinds

_SIGNS = dict.fromkeys(map(ord, string.digits + string.punctuation))
#: Characters of a text that are looked at.
TECHNICAL, CAPITALS = 200, 400

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]


def share(text: str) -> float:
    """The share of characters that are digits or signs of ASCII.

    >>> share("x=1;"), share("well")
    (0.75, 0.0)
    """
    return 1 - len(text.translate(_SIGNS)) / len(text)


def shares(texts: Sequence[str]) -> tuple[Shares, Shares]:
    """Of every text the share of signs that program code and addresses are full of, and that of
    capitals of whichever script, at its beginning; no text is empty.

    >>> [share.tolist() for share in shares(["x = {1}", "So?", "Það"])]
    [[0.5714285714285714, 0.0, 0.0], [0.0, 0.3333333333333333, 0.3333333333333333]]
    """
    heads = [text[:CAPITALS] for text in texts]
    kinds = _kinds.each("".join(heads))
    sizes = np.fromiter(map(len, heads), dtype=np.int64, count=len(heads))
    ends = np.cumsum(sizes)
    starts = ends - sizes
    few = np.minimum(sizes, TECHNICAL)
    return (
        _between(np.flatnonzero(kinds == _TECHNICAL), starts, starts + few) / few,
        _between(np.flatnonzero(kinds == _CAPITAL), starts, ends) / sizes,
    )


def sentences(texts: Sequence[str]) -> Counts:
    """How many sentences end in every text: signs that end one, with white space behind them.

    >>> sentences(["So... Why?! At 3.5!", "No"]).tolist()
    [3, 0]
    """
    kinds = _ends.each("\n".join([*texts, ""]))
    stops = kinds == _STOP
    ended = np.flatnonzero(stops[:-1] & (kinds[1:] == _SPACE))
    ends = np.cumsum([len(text) + 1 for text in texts])
    return _between(ended, np.append(0, ends[:-1]), ends)


def _between(places: NDArray[np.intp], starts: Counts, stops: Counts) -> Counts:
    """How many of the ``places`` are in each stretch."""
    found: Counts = np.searchsorted(places, stops) - np.searchsorted(places, starts)
    return found


def _kind(char: str) -> int:
    if char in "0123456789{}=<>/\\_":
        return _TECHNICAL
    return _CAPITAL if char.isupper() else _OTHER


_OTHER, _TECHNICAL, _CAPITAL = 1, 2, 3
_kinds = Kinds(_kind)

_STOP, _SPACE = 2, 3
_ends = Kinds(lambda char: _STOP if char in ".!?…" else _SPACE if char.isspace() else _OTHER)
