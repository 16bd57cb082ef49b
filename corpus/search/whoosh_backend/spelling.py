"""The words that may have been meant, from those that were written."""

from __future__ import annotations

from corpus.search import analysis
from corpus.search.whoosh_backend.schema import EXACT
from corpus.search.whoosh_backend.searchers import Searcher

#: Letters that may differ, at most, and that must agree at the beginning.
_EDITS, _PREFIX = 2, 1


def suggestion(searcher: Searcher, field: str, query: str) -> str | None:
    """Return the query with each unknown word replaced by the nearest known one."""
    if not searcher.leaves:
        return None
    name = field + EXACT if field + EXACT in searcher.schema else field
    words = analysis.words(query)
    return " ".join(_nearest(searcher, name, word) for word in words) or None


def _nearest(searcher: Searcher, name: str, word: str) -> str:
    reader = searcher.reader
    if (name, word) in reader:
        return word
    corrector = reader.corrector(name)
    for prefix in (_PREFIX, 0):
        found: list[str] = corrector.suggest(word, limit=1, maxdist=_EDITS, prefix=prefix)
        if found:
            return found[0]
    return word
