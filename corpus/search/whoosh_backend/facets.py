"""How many of the documents found have each value, in one pass over a column in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain
from typing import Any

from whoosh.fields import KEYWORD
from whoosh.support.relativedelta import relativedelta

from corpus.search.whoosh_backend.searchers import Searcher

Counts = list[tuple[Any, int]]


def of_field(searcher: Searcher, numbers: Iterable[int], name: str) -> Counts:
    """Return the values of a field with their counts, most frequent first."""
    values = searcher.values(name)
    found: Iterator[Any] = map(values.__getitem__, numbers)
    if isinstance(searcher.schema[name], KEYWORD):
        found = chain.from_iterable(value or [None] for value in found)
    return _sorted(Counter(found))


def of_dates(
    searcher: Searcher,
    numbers: Iterable[int],
    name: str,
    *,
    start_date: date,
    end_date: date,
    gap_by: str,
    gap_amount: int = 1,
) -> Counts:
    """Return counts by stretches of time; ``None`` is what has no date or lies outside."""
    gap = relativedelta(**{f"{gap_by}s": gap_amount})
    start, end = _moment(start_date), _moment(end_date)
    edges = [start]
    while edges[-1] < end:
        edges.append(edges[-1] + gap)
    values = searcher.values(name)
    counts: Counter[Any] = Counter()
    for value, times in Counter(map(values.__getitem__, numbers)).items():
        at = bisect_right(edges, value) if value is not None else 0
        inside = 0 < at < len(edges)
        counts[(edges[at - 1], edges[at]) if inside else None] += times
    return _sorted(counts)


def _moment(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)


def _sorted(counts: Counter[Any]) -> Counts:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] is None, pair[0] or 0))
