"""How a writer writes, whatever about: habits of signs and capitals, as bits.

Two stretches of one writer share more of them than two of different writers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from corpus.spans import Span

#: What shows each habit, in the order of the bits; looked for as they stand, which costs little.
_HABITS = (
    ".  ", "’", "'", "“", '"', " i ", " I ", "..", "...", "....", "…", "!!", "??", ":-", ":)", ";)",
    " ,", " .", " !", " ?", " - ", " – ", "(", "&", " u ", "/", "%", "*", ": ", "; ", "  ",
)  # fmt: skip
_UNENDED, _SMALL, _CAPITAL = (1 << len(_HABITS) + bit for bit in range(3))
BITS = len(_HABITS) + 3
#: Characters of a stretch that are looked at.
LONGEST = 600


def of_each(text: str, spans: Sequence[Span]) -> list[int]:
    """The habits that each of the ``spans`` shows, which are in order.

    >>> spans = [Span(0, 10), Span(11, 20), Span(21, 30)]
    >>> one, two, three = of_each("So I know. It's true. So they do.", spans)
    >>> one == three, one == two
    (False, False)
    """
    found = [_edges(text[span.start], text[span.end - 1]) for span in spans]
    starts = [span.start for span in spans]
    ends = [min(span.end, span.start + LONGEST) for span in spans]
    for bit, sign in enumerate(_HABITS):
        # From one span that shows the habit to the next: most show few.
        at = text.find(sign)
        while at >= 0:
            number = bisect_right(starts, at) - 1
            if number >= 0 and at + len(sign) <= ends[number]:
                found[number] |= 1 << bit
            number += 1
            at = text.find(sign, starts[number]) if number < len(starts) else -1
    return found


def _edges(first: str, last: str) -> int:
    unended = _UNENDED if last.isalnum() else 0
    small = _SMALL if first.islower() else 0
    return unended | small | (_CAPITAL if first.isupper() else 0)
