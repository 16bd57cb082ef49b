"""Coded passages: the same characters, or the same spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.spans import Span


@dataclass(frozen=True, slots=True, order=True)
class Coded:
    """A span and its code."""

    span: Span
    code: str


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of which every coder says one thing: all its codes there."""

    span: Span
    said: tuple[frozenset[str], ...]

    def __len__(self) -> int:
        return len(self.span)


def runs(stretch: Span, codings: Sequence[Iterable[Coded]]) -> Iterator[Run]:
    """Cut a stretch of text where any coder's codes change; ``codings`` are one per coder.

    >>> [one, other] = [Coded(Span(0, 4), "doubt")], [Coded(Span(2, 9), "doubt")]
    >>> [(run.span.start, run.span.end) for run in runs(Span(0, 6), [one, other])]
    [(0, 2), (2, 4), (4, 6)]
    """
    inside = [[coded for coded in coding if coded.span.overlaps(stretch)] for coding in codings]
    edges = {stretch.start, stretch.end}
    for coding in inside:
        for coded in coding:
            edges |= {max(coded.span.start, stretch.start), min(coded.span.end, stretch.end)}
    cuts = sorted(edges)
    for start, end in pairwise(cuts):
        span = Span(start, end)
        yield Run(
            span,
            tuple(
                frozenset(coded.code for coded in coding if coded.span.overlaps(span))
                for coding in inside
            ),
        )


def hits(first: Sequence[Coded], second: Sequence[Coded], *, exact: bool) -> int:
    """Count the spans of both that the other found: with the same ends, or overlapping.

    Symmetric; at most the number of all spans.
    """
    return _found(first, second, exact=exact) + _found(second, first, exact=exact)


def span_f1(first: Sequence[Coded], second: Sequence[Coded], *, exact: bool = True) -> float | None:
    """Return the F1 of spans with their codes, one coder measured by the other.

    >>> one, other = [Coded(Span(0, 4), "doubt")], [Coded(Span(2, 9), "doubt")]
    >>> span_f1(one, other), span_f1(one, other, exact=False)
    (0.0, 1.0)
    """
    spans = len(first) + len(second)
    return hits(first, second, exact=exact) / spans if spans else None


def _found(spans: Sequence[Coded], among: Sequence[Coded], *, exact: bool) -> int:
    if exact:
        known = set(among)
        return sum(coded in known for coded in spans)
    by_code: dict[str, list[Span]] = {}
    for coded in among:
        by_code.setdefault(coded.code, []).append(coded.span)
    return sum(
        any(coded.span.overlaps(span) for span in by_code.get(coded.code, ())) for coded in spans
    )
