"""Queries in terms of what the index holds: stems for words, words as written for the rest."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from whoosh import query as q

from corpus.search.whoosh_backend.schema import EXACT, Text
from corpus.search.whoosh_backend.stems import stem


def resolved(query: Any, schema: Any, languages: Collection[str], *, fold: bool = True) -> Any:
    """Return ``query`` with words replaced by what the index holds of them.

    A word asks for its stems in all these languages; phrases, wildcards, fuzzy words and ranges
    ask for words as written.
    """
    if not query.is_leaf():
        return query.apply(lambda part: resolved(part, schema, languages, fold=fold))
    name = getattr(query, "fieldname", None)
    if not name or name not in schema or not isinstance(schema[name], Text):
        return query
    if isinstance(query, q.Term):
        stems = {stem(query.text, language, fold=fold) for language in languages}
        terms = [q.Term(name, stem, boost=query.boost) for stem in sorted(stems)]
        return terms[0] if len(terms) == 1 else q.Or(terms)
    if isinstance(query, q.Every):
        return query
    exact = query.copy()
    exact.fieldname = name + EXACT
    return exact


def words_of(query: Any, fields: Collection[str]) -> set[str]:
    """Return the words that a resolved query looks for in these fields."""
    return {text for name, text in query.iter_all_terms() if name in fields}
