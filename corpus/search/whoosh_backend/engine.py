"""What haystack is given to speak to: the backend, and its query with one term for many numbers."""

from __future__ import annotations

from typing import Any

from haystack import connections
from haystack.backends.whoosh_backend import WhooshEngine as HaystackWhooshEngine
from haystack.backends.whoosh_backend import WhooshSearchQuery as HaystackQuery

from corpus.search.whoosh_backend.backend import WhooshSearchBackend


class WhooshSearchQuery(HaystackQuery):  # type: ignore[misc]
    """Haystack's query, with one term for a list of numbers: the forums that a user may read."""

    def build_query_fragment(self, field: str, filter_type: str, value: Any) -> str:
        if filter_type == "in" and not hasattr(value, "input_type_name"):
            unified = connections[self._using].get_unified_index()
            known = unified.all_searchfields().get(field)
            value = list(value)
            if value and known is not None and known.field_type == "integer":
                numbers = ",".join(str(int(number)) for number in value)
                return f"{known.index_fieldname}:'{numbers}'"
        fragment: str = super().build_query_fragment(field, filter_type, value)
        return fragment


class WhooshEngine(HaystackWhooshEngine):  # type: ignore[misc]
    backend = WhooshSearchBackend
    query = WhooshSearchQuery
