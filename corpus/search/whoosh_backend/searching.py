"""What haystack asks of a backend when it searches, answered from a kept searcher."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from haystack.constants import DJANGO_CT
from haystack.models import SearchResult
from haystack.utils import get_identifier, get_model_ct
from whoosh import query as q

from corpus.search.whoosh_backend import facets, similar, spelling
from corpus.search.whoosh_backend.matching import Matches, Scores, ranked
from corpus.search.whoosh_backend.searchers import Searcher
from corpus.search.whoosh_backend.sorting import in_order

#: Results when no end is asked for, as in haystack's own backend.
_ALL = 1_000_000


class Search:
    """Answers one backend's searches; the arguments are haystack's."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def answer(
        self,
        query_string: str,
        sort_by: Any = None,
        start_offset: int | None = 0,
        end_offset: int | None = None,
        fields: Any = "",
        highlight: Any = False,
        facets: Any = None,
        date_facets: Any = None,
        query_facets: Any = None,
        narrow_queries: Any = None,
        spelling_query: str | None = None,
        models: Any = None,
        limit_to_registered_models: bool | None = None,
        result_class: Any = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        if not query_string:
            return _nothing()
        with self._backend.searcher() as searcher:
            if searcher is None:
                return _nothing()
            query = self._backend.query_strings.parsed(query_string, searcher)
            within = self._within(searcher, narrow_queries, models, limit_to_registered_models)
            scores = self._scores(searcher, query, query_string, within)
            start = start_offset or 0
            end = _ALL if end_offset is None else max(end_offset, 1)
            if sort_by:
                numbers = in_order(searcher, scores, [str(key) for key in sort_by], end)
            else:
                numbers = ranked(scores, end)
            answer = {
                "results": self._backend.results.of(
                    searcher,
                    numbers[start:end],
                    scores,
                    result_class or SearchResult,
                    self._backend.results.highlighter(query) if highlight else None,
                ),
                "hits": len(scores),
                "facets": self._facets(searcher, scores, facets, date_facets, query_facets),
                "spelling_suggestion": None,
            }
            if self._backend.include_spelling:
                answer["spelling_suggestion"] = self._suggestion(
                    searcher, spelling_query or query_string
                )
            return answer

    def like(
        self,
        model_instance: Any,
        additional_query_string: str | None = None,
        start_offset: int | None = 0,
        end_offset: int | None = None,
        models: Any = None,
        limit_to_registered_models: bool | None = None,
        result_class: Any = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        with self._backend.searcher() as searcher:
            if searcher is None:
                return _nothing()
            narrow = {additional_query_string} - {None, "", "*"}
            within = self._within(searcher, narrow, models, limit_to_registered_models)
            query, itself = similar.query(
                searcher,
                get_identifier(model_instance),
                self._backend.content_field_name,
                self._backend.results.stemmer,
            )
            scores = Matches(searcher).scores(query, within)
            scores.pop(itself, None)
            end = _ALL if end_offset is None else max(end_offset, 1)
            numbers = ranked(scores, end)[start_offset or 0 :]
            return {
                "results": self._backend.results.of(
                    searcher, numbers, scores, result_class or SearchResult
                ),
                "hits": len(scores),
                "facets": {},
                "spelling_suggestion": None,
            }

    def _within(
        self, searcher: Searcher, narrow_queries: Any, models: Any, limit: bool | None
    ) -> frozenset[int] | None:
        """Return the documents that narrow queries and models leave; ``None`` for all."""
        matches = Matches(searcher)
        sets = [
            matches.kept(self._backend.query_strings.parsed(str(nq), searcher))
            for nq in narrow_queries or ()
        ]
        if models:
            chosen = [get_model_ct(model) for model in models]
        elif limit or (limit is None and _limited()):
            chosen = self._backend.build_models_list()
        else:
            chosen = []
        if chosen and not self._only_model(searcher, chosen):
            terms = [q.Term(DJANGO_CT, label) for label in sorted(chosen)]
            sets.append(matches.kept(q.Or(terms)))
        if not sets:
            return None
        return frozenset.intersection(*sorted(sets, key=len))

    def _only_model(self, searcher: Searcher, labels: Iterable[str]) -> bool:
        """Whether the index holds nothing but these models, counted without looking."""
        frequency = searcher.reader.doc_frequency
        known = sum(frequency(DJANGO_CT, label) for label in set(labels))
        return bool(known == searcher.size)

    def _scores(
        self, searcher: Searcher, query: Any, words: str, within: frozenset[int] | None
    ) -> Scores:
        def found() -> Scores:
            try:
                return Matches(searcher).scores(query, within)
            except Exception:
                # As a wildcard for a date, which Whoosh parses and then cannot compare.
                if not self._backend.silently_fail:
                    raise
                self._backend.log.exception("A query that cannot be answered: %r", words)
                return {}

        scores: Scores = searcher.snapshot.answers.of((words, within), found)
        return scores

    def _facets(
        self, searcher: Searcher, scores: Scores, fields: Any, dates: Any, queries: Any
    ) -> dict[str, Any]:
        if not (fields or dates or queries):
            return {}
        return {
            "fields": {name: facets.of_field(searcher, scores, name) for name in fields or ()},
            "dates": {
                name: facets.of_dates(searcher, scores, name, **gap)
                for name, gap in (dates or {}).items()
            },
            "queries": {
                f"{field}:{value}": self._count(searcher, scores, f"{field}:({value})")
                for field, value in queries or ()
            },
        }

    def _count(self, searcher: Searcher, scores: Scores, query_string: str) -> int:
        kept = Matches(searcher).kept(self._backend.query_strings.parsed(query_string, searcher))
        return sum(map(kept.__contains__, scores))

    def _suggestion(self, searcher: Searcher, query_string: str) -> str | None:
        for reserved in (*self._backend.RESERVED_WORDS, *self._backend.RESERVED_CHARACTERS):
            query_string = query_string.replace(reserved, " ")
        return spelling.suggestion(searcher, self._backend.content_field_name, query_string)


def _nothing() -> dict[str, Any]:
    return {"results": [], "hits": 0, "facets": {}, "spelling_suggestion": None}


def _limited() -> bool:
    return bool(getattr(settings, "HAYSTACK_LIMIT_TO_REGISTERED_MODELS", True))
