"""The one value for a range of characters, and what can be said about ranges alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open ``[start, end)`` in code points; never empty, ordered by start, then end.

    >>> Span(4, 9).of("the early bird")
    'early'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(
                f"Cannot make a span from {self.start} to {self.end}; "
                "start must not be negative and must lie before end."
            )

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def trimmed(self, text: str) -> Span | None:
        """The span without the white space around its words; None if nothing is left.

        >>> Span(0, 7).trimmed("  owl  ")
        Span(start=2, end=5)
        """
        inner = self.of(text)
        words = inner.strip()
        if len(words) == len(inner):
            return self  # As most are: a new one would cost as much as all of this.
        if not words:
            return None
        start = self.start + len(inner) - len(inner.lstrip())
        return Span(start, start + len(words))


def complement(spans: Iterable[Span], text: str) -> Iterator[Span]:
    """Trimmed stretches outside all ``spans`` (sorted, disjoint) that hold more than white space.

    >>> list(complement([Span(4, 9)], "the early bird"))
    [Span(start=0, end=3), Span(start=10, end=14)]
    """
    at = 0
    for span in spans:
        if rest := _stretch(at, span.start, text):
            yield rest
        at = span.end
    if rest := _stretch(at, len(text), text):
        yield rest


def _stretch(start: int, end: int, text: str) -> Span | None:
    return Span(start, end).trimmed(text) if start < end else None
