"""Documents that share the telling words of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from html import unescape
from math import log
from typing import Any

from haystack.constants import ID
from whoosh import query as q

from corpus.search import analysis
from corpus.search.whoosh_backend.searchers import Searcher

#: Words that the query is made of: more find what is less like.
_WORDS = 8


def query(
    searcher: Searcher,
    identifier: str,
    field: str,
    stemmer: Callable[[dict[str, Any]], Callable[[str], str]],
) -> tuple[Any, int]:
    """Return a query for documents like this one, and its number (-1 if it is not there).

    ``stemmer`` gives, of a document's stored fields, what makes its words terms.
    """
    for leaf, offset in searcher.leaves:
        if (ID, identifier) in leaf:
            for number in leaf.postings(ID, identifier).all_ids():
                stored = leaf.stored_fields(number)
                words = analysis.words(unescape(stored.get(field) or ""))
                return _telling(searcher, field, map(stemmer(stored), words)), number + offset
    return q.NullQuery, -1


def _telling(searcher: Searcher, field: str, terms: Iterable[str]) -> Any:
    frequency, size = searcher.reader.doc_frequency, searcher.size
    weights = {}
    for word, times in Counter(terms).items():
        documents = frequency(field, word)
        if documents > 1:  # One is the document itself.
            weights[word] = times * log(size / documents + 1)
    best = sorted(weights, key=lambda word: (-weights[word], word))[:_WORDS]
    return q.Or([q.Term(field, word, boost=weights[word]) for word in best])
