"""Lines that hold words or signs, with the blank lines counted that stand before them.

A line ends at CR LF, CR, LF, NEL, U+2028 or U+2029, and at nothing else: a form feed or a vertical
tab is a character of its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.spans import Span

LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line with something on it: its trimmed span and the blank lines directly before it."""

    span: Span
    blanks: int


def stretches(text: str, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int]]:
    """Start and end of every line of a part, blank ones too, without its line end.

    >>> list(stretches("one\\r\\n\\r\\ntwo"))
    [(0, 3), (5, 5), (7, 10)]
    """
    stop = len(text) if stop is None else stop
    for end in LINE_END.finditer(text, start, stop):
        yield start, end.start()
        start = end.end()
    yield start, stop


def ends(text: str) -> int:
    """How many line ends there are.

    >>> ends("one\\r\\n\\r\\ntwo")
    2
    """
    return sum(1 for _ in LINE_END.finditer(text))


def filled(text: str, within: Span | None = None) -> Iterator[Line]:
    """The lines (of a part) that are not blank, in order.

    >>> [(line.span.of(text), line.blanks) for text in ["one\\n\\n two"] for line in filled(text)]
    [('one', 0), ('two', 1)]
    """
    blanks = 0
    for start, end in stretches(text, within.start, within.end) if within else stretches(text):
        span = Span(start, end).trimmed(text) if start < end else None
        if span is None:
            blanks += 1
            continue
        yield Line(span, blanks)
        blanks = 0
