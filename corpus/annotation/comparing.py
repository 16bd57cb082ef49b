"""Agreement of two annotators with a codebook: per code, with intervals, confusions and places.

Passages are compared character by character over what people wrote themselves (quotations left
out), and span by span; codes of posts and threads by post and thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.annotation.agreement import (
    Coded,
    Interval,
    alpha,
    coincidences,
    hits,
    intervals,
    kappa,
    measured,
    percent,
    runs,
)
from corpus.annotation.shared import Coder, Place, Said, SharedThread
from corpus.models import Scope
from corpus.spans import Span

#: What stands for "nothing said" in tables of confusions.
NOTHING = ""

Pair = tuple[Coder, Coder]
#: What the first and what the second said of the same.
Kind = tuple[Hashable, Hashable]
Pairs = Mapping[Kind, float]


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of text, a post or a thread, with what both said of it."""

    span: Span
    weight: int
    first: frozenset[str]
    second: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compared:
    """The units of one post (or thread), and the passages of both that begin in it."""

    thread: SharedThread
    post: Place
    units: list[Unit]
    passages: tuple[list[Coded], list[Coded]]


@dataclass(frozen=True, slots=True)
class Value:
    """A measure with its interval; None where it is not defined."""

    value: float | None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two annotators agree on one code, or on all. ``units`` are characters, posts or threads;
    ``first`` and ``second`` tell of how many each said it. F1 is of passages only.
    """

    units: int
    first: int
    second: int
    percent: Value
    kappa: Value
    alpha: Value
    f1: Value | None = None
    f1_overlap: Value | None = None


def compared(threads: Sequence[SharedThread], pair: Pair, scope: str) -> list[Compared]:
    """Put side by side what a pair said in the threads that both coded."""
    return [
        Compared(
            thread, post, list(_units(thread, post, pair, scope)), _passages(thread, post, pair)
        )
        for thread in threads
        if all(coder in thread.said for coder in pair)
        for post in (thread.posts[:1] if scope == Scope.THREAD else thread.posts)
    ]


def agreement(
    places: Sequence[Compared], scope: str, code: str | None = None, *, seed: int = 0
) -> Agreement:
    """Measure how a pair agrees on one code; or on all, where what they say is a set of codes."""

    counts = [_counted(place.units, code) for place in places]
    total = sum(counts, Counter[Kind]())
    return Agreement(
        _weight(total),
        _weight({kind: weight for kind, weight in total.items() if kind[0]}),
        _weight({kind: weight for kind, weight in total.items() if kind[1]}),
        *map(Value, _values(total, scope), _spread(counts, seed)),
        *(_f1(places, code, seed) if scope == Scope.SPAN else ()),
    )


def alpha_of_everyone(threads: Sequence[SharedThread], code: str, scope: str) -> float | None:
    """Return Krippendorff's alpha of all annotators of each thread on one code."""
    units: list[tuple[float, list[bool]]] = []
    for thread in threads:
        people = list(thread.said.values())
        for post in thread.posts[:1] if scope == Scope.THREAD else thread.posts:
            for span, said in _said(post, people, scope):
                weight = len(span) if scope == Scope.SPAN else 1
                units.append((weight, [code in codes for codes in said]))
    return alpha(coincidences(units))


def confusions(places: Sequence[Compared]) -> Counter[tuple[str, str]]:
    """Count what the first said where the second said what.

    Where both gave a code they agree on it; the codes left over are held against each other, or
    against :data:`NOTHING`.
    """
    counted: Counter[tuple[str, str]] = Counter()
    for place in places:
        for unit in place.units:
            for kind in confused(unit):
                counted[kind] += unit.weight
    return counted


def confused(unit: Unit) -> Iterator[tuple[str, str]]:
    """Yield the cells of the table of confusions that a unit counts in."""
    yield from ((code, code) for code in unit.first & unit.second)
    first, second = unit.first - unit.second, unit.second - unit.first
    if first or second or not unit.first:
        yield from ((one, other) for one in first or {NOTHING} for other in second or {NOTHING})


def disagreements(places: Sequence[Compared]) -> Iterator[tuple[Compared, Unit]]:
    """Yield where a pair said different things, in reading order."""
    for place in places:
        yield from ((place, unit) for unit in place.units if unit.first != unit.second)


def _counted(units: Sequence[Unit], code: str | None) -> Counter[Kind]:
    """Count what both said in units: whether the code, or which codes."""
    counted: Counter[Kind] = Counter()
    for unit in units:
        first, second = unit.first, unit.second
        counted[(first, second) if code is None else (code in first, code in second)] += unit.weight
    return counted


def _values(total: Counter[Kind], scope: str) -> list[float | None]:
    """Return percent, kappa and alpha; of posts and threads, which are few, by the library."""
    if scope == Scope.SPAN:
        return [measure(total) for measure in _MEASURES]
    found = measured(
        (coder, str(at), label)
        for at, kind in enumerate(total.elements())
        for coder, label in zip(("first", "second"), kind, strict=True)
    )
    return [found.percent, found.kappa, found.alpha]


def _spread(counts: Sequence[Counter[Kind]], seed: int) -> list[Interval | None]:
    kinds = list({kind: None for counted in counts for kind in counted})

    def of(measure: Callable[[Pairs], float | None]) -> Callable[[Sequence[float]], float | None]:
        return lambda sums: measure(dict(zip(kinds, sums, strict=True)))

    rows = [[counted[kind] for kind in kinds] for counted in counts]
    return intervals(rows, *map(of, _MEASURES), seed=seed)


def _weight(pairs: Pairs) -> int:
    return int(sum(pairs.values()))


def _units(thread: SharedThread, post: Place, pair: Pair, scope: str) -> Iterator[Unit]:
    for span, (first, second) in _said(post, [thread.said[coder] for coder in pair], scope):
        yield Unit(span, len(span) if scope == Scope.SPAN else 1, first, second)


def _said(
    post: Place, people: Sequence[Said], scope: str
) -> Iterator[tuple[Span, tuple[frozenset[str], ...]]]:
    """Yield the units of a post (or of the thread that it opens), with what each person said."""
    if scope == Scope.THREAD:
        yield post.span, tuple(said.thread for said in people)
    elif scope == Scope.POST:
        yield post.span, tuple(said.posts.get(post.number, frozenset()) for said in people)
    else:
        passages = [said.passages.get(post.document, []) for said in people]
        for stretch in post.authored:
            yield from ((run.span, run.said) for run in runs(stretch, passages))


def _passages(thread: SharedThread, post: Place, pair: Pair) -> tuple[list[Coded], list[Coded]]:
    first, second = (
        [
            coded
            for coded in thread.said[coder].passages.get(post.document, [])
            if post.span.start <= coded.span.start < post.span.end
        ]
        for coder in pair
    )
    return first, second


def _f1(places: Sequence[Compared], code: str | None, seed: int) -> tuple[Value, Value]:
    rows = []
    for place in places:
        first, second = (
            [coded for coded in passages if code in (None, coded.code)]
            for passages in place.passages
        )
        found = (hits(first, second, exact=exact) for exact in (True, False))
        rows.append((*found, len(first) + len(second)))

    def exact(sums: Sequence[float]) -> float | None:
        return sums[0] / sums[2] if sums[2] else None

    def overlap(sums: Sequence[float]) -> float | None:
        return sums[1] / sums[2] if sums[2] else None

    total = [sum(column) for column in zip(*rows, strict=True)] or [0, 0, 0]
    spread = intervals(rows, exact, overlap, seed=seed)
    return Value(exact(total), spread[0]), Value(overlap(total), spread[1])


def _alpha(pairs: Pairs) -> float | None:
    return alpha(coincidences((weight, kind) for kind, weight in pairs.items()))


_MEASURES: tuple[Callable[[Pairs], float | None], ...] = (percent, kappa, _alpha)
