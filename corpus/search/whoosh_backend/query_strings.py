"""Query strings, as haystack writes them, into queries on what the index holds."""

from __future__ import annotations

from functools import lru_cache
from logging import Logger
from typing import Any

from whoosh import query as q
from whoosh.qparser import FuzzyTermPlugin, QueryParser

from corpus.search import analysis
from corpus.search.whoosh_backend.resolving import resolved
from corpus.search.whoosh_backend.searchers import Searcher


class QueryStrings:
    """Reads query strings for one schema.

    ``language`` is that of texts which name none. What cannot be read finds nothing, or raises if
    ``strict``.
    """

    def __init__(
        self, field: str, schema: Any, *, language: str, fold: bool, strict: bool, log: Logger
    ) -> None:
        self.schema, self.language, self.fold = schema, language, fold
        self._strict, self._log = strict, log
        parser = QueryParser(field, schema=schema)
        parser.add_plugin(FuzzyTermPlugin)
        self._parsed = lru_cache(maxsize=256)(parser.parse)

    def parsed(self, query_string: str, searcher: Searcher) -> Any:
        """Return the query in terms of what the index holds."""
        query = self._every_or_parsed(query_string)
        return self.resolved(query, searcher).normalize()

    def resolved(self, query: Any, searcher: Searcher) -> Any:
        """Return a query with words replaced by what the index holds of them.

        Not normalised: Whoosh takes all that is joined by AND with everything for everything.
        """
        return resolved(query, self.schema, self.languages(searcher), fold=self.fold)

    def _every_or_parsed(self, query_string: str) -> Any:
        if query_string == "*":
            return q.Every()
        try:
            return self._parsed(query_string)
        except Exception:
            if self._strict:
                raise
            self._log.exception("A query that cannot be read: %r", query_string)
            return q.NullQuery

    def languages(self, searcher: Searcher) -> tuple[str, ...]:
        """Return the languages of the index: a word is asked for in all of them."""

        def found() -> tuple[str, ...]:
            named = {
                field.language
                for field in self.schema._fields.values()
                if getattr(field, "language", None)
            }
            tags = {
                analysis.primary(tag)
                for name in named
                for leaf, _ in searcher.leaves
                for tag in leaf.field_terms(name)
            }
            return tuple(sorted({self.language, *tags}))

        languages: tuple[str, ...] = searcher.snapshot.answers.of("languages", found)
        return languages
