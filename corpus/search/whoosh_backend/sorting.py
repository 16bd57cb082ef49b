"""Documents in the order of their columns; each field has a direction of its own."""

from __future__ import annotations

from collections.abc import Collection
from heapq import nlargest, nsmallest

from corpus.search.whoosh_backend.searchers import Searcher


def in_order(
    searcher: Searcher, numbers: Collection[int], sort_by: list[str], count: int
) -> list[int]:
    """Return the first ``count``; a leading ``-`` turns a field around, none stands last."""
    if len(sort_by) == 1 and count * 4 < len(numbers):
        return _first(searcher, numbers, sort_by[0], count)
    ordered = sorted(numbers)
    for key in reversed(sort_by):
        values = searcher.values(key.lstrip("-"))
        known = [number for number in ordered if values[number] is not None]
        known.sort(key=values.__getitem__, reverse=key.startswith("-"))
        ordered = known + [number for number in ordered if values[number] is None]
    return ordered[:count]


def _first(searcher: Searcher, numbers: Collection[int], key: str, count: int) -> list[int]:
    values = searcher.values(key.lstrip("-"))
    if key.startswith("-"):
        best = nlargest(count, ((values[n], -n) for n in numbers if values[n] is not None))
        first = [-number for _value, number in best]
    else:
        best = nsmallest(count, ((values[n], n) for n in numbers if values[n] is not None))
        first = [number for _value, number in best]
    if len(first) < count:
        first += sorted(number for number in numbers if values[number] is None)
    return first[:count]
