"""The documents of an index as Whoosh takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from haystack.exceptions import SkipDocument


def of(index: Any, objects: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Yield the documents of these objects (or keys).

    An index with ``documents(queryset)`` yields them itself, from few queries for all; of any
    other each object is prepared as haystack does.
    """
    if hasattr(index, "documents"):
        found: Iterator[dict[str, Any]] = index.documents(_queryset(index, objects))
        return found
    return _prepared(index, objects)


def key(row: Any) -> Any:
    return getattr(row, "pk", row)


def _queryset(index: Any, objects: Any) -> Any:
    if hasattr(objects, "filter"):
        return objects
    rows = index.get_model()._default_manager.all()
    return rows.filter(pk__in=[key(row) for row in objects])


def _prepared(index: Any, objects: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for row in objects:
        try:
            document = index.full_prepare(row)
        except SkipDocument:
            continue
        # Whoosh has no boost by document.
        yield {name: value for name, value in document.items() if name != "boost"}
