"""Numbers of documents into haystack's results, with the passages that were found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.utils.app_loading import haystack_get_model

from corpus.search import analysis, passages
from corpus.search.whoosh_backend import schema
from corpus.search.whoosh_backend.matching import Scores
from corpus.search.whoosh_backend.resolving import words_of
from corpus.search.whoosh_backend.searchers import Searcher
from corpus.search.whoosh_backend.stems import Beginnings, stem


class Results:
    """Makes the results of one backend; knows how its fields are stored."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self._known: dict[str, dict[str, Callable[[Any], Any]]] = {}

    def of(
        self,
        searcher: Searcher,
        numbers: Iterable[int],
        scores: Scores,
        result_class: Any,
        highlighted: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
    ) -> list[Any]:
        results = []
        for number in numbers:
            stored = searcher.stored(number)
            converters = self._converters(stored[DJANGO_CT])
            values = {
                name: converters[name](value)
                if name in converters
                else self._backend._to_python(value)
                for name, value in stored.items()
                if name not in (DJANGO_CT, DJANGO_ID)
            }
            if highlighted is not None:
                values["highlighted"] = highlighted(stored)
            app_label, model_name = stored[DJANGO_CT].split(".")
            results.append(
                result_class(app_label, model_name, stored[DJANGO_ID], scores[number], **values)
            )
        return results

    def _converters(self, label: str) -> dict[str, Callable[[Any], Any]]:
        """Return what makes the values of a model's fields from what is stored."""
        if label not in self._known:
            model = haystack_get_model(*label.split("."))
            known = model is not None and model in self._backend._unified.get_indexed_models()
            fields = self._backend._unified.get_index(model).fields.values() if known else ()
            self._known[label] = {ID: str} | {
                field.index_fieldname: _list if field.is_multivalued else field.convert
                for field in fields
            }
        return self._known[label]

    def highlighter(self, query: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
        name = self._backend.content_field_name
        wanted = words_of(query, (name, name + schema.EXACT))
        escaped = name in self._backend.shown

        def highlighted(stored: dict[str, Any]) -> dict[str, Any]:
            text = passages.highlighted(
                stored.get(name) or "", self._looked_for(wanted, stored), escaped=escaped
            )
            return {name: [text]}

        return highlighted

    def _looked_for(self, wanted: set[str], stored: dict[str, Any]) -> Callable[[str], bool]:
        language, fold = self._language(stored), self._backend.fold
        admit = Beginnings(wanted).of(language)
        return lambda word: (
            word in wanted or bool(admit(word) and stem(word, language, fold=fold) in wanted)
        )

    def stemmer(self, stored: dict[str, Any]) -> Callable[[str], str]:
        """Return what makes stems of the words of a document."""
        return partial(stem, language=self._language(stored), fold=self._backend.fold)

    def _language(self, stored: dict[str, Any]) -> str:
        field = self._backend.schema[self._backend.content_field_name]
        tag = stored.get(getattr(field, "language", None) or "")
        return analysis.primary(tag) if tag else str(self._backend.language)


def _list(value: str | None) -> list[str]:
    return value.split(",") if value else []
