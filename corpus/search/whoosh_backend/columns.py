"""Documents by the values of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whoosh.fields import NUMERIC
from whoosh.util.numeric import to_sortable

from corpus.search.whoosh_backend.schema import Moment


def distinct(values: Sequence[Any]) -> set[Any]:
    return {tuple(value) if isinstance(value, list) else value for value in values}


def having(values: Sequence[Any], wanted: frozenset[Any] | set[Any]) -> list[int]:
    """Return the numbers of the documents whose value, or one of them, is wanted."""
    if any(isinstance(value, list) for value in values[:1000]):
        several = (value if isinstance(value, list) else [value] for value in values)
        return [
            number
            for number, each in enumerate(several)
            if tuple(each) in wanted or not wanted.isdisjoint(each)
        ]
    return [number for number, value in enumerate(values) if value in wanted]


def in_range(leaf: Any, field: NUMERIC, query: Any, offset: int) -> Iterator[int]:
    name = query.fieldname
    if not leaf.has_column(name):
        return
    low, high = (_sortable(field, bound) for bound in (query.start, query.end))
    low = 0 if low is None else low + bool(query.startexcl)
    missing = field.column_type.default_value()
    high = missing - 1 if high is None else high - bool(query.endexcl)
    column = leaf._perdoc.column_reader(name, field.column_type).load()
    for number, value in enumerate(column):
        if low <= value <= high and value != missing:
            yield number + offset


def _sortable(field: NUMERIC, bound: Any) -> Any:
    if bound is None or isinstance(field, Moment):
        return bound
    return to_sortable(field.numtype, field.bits, field.signed, bound)
