"""The words that may have been meant, from those that were written."""

from __future__ import annotations

from collections.abc import Callable, Collection

from rapidfuzz.distance import Levenshtein
from whoosh import query as q

from corpus.search import analysis
from corpus.search.answers import TEXTS, Question
from corpus.search.language import Fuzzy, Leaf, Pattern, Phrase, Word, leaves
from corpus.search.whoosh_backend import lexicon
from corpus.search.whoosh_backend.matching import Matches
from corpus.search.whoosh_backend.schema import EXACT
from corpus.search.whoosh_backend.searchers import Searcher

#: Letters that may differ, at most, and that must agree at the beginning.
_EDITS, _PREFIX = 2, 1
#: Shorter words are like too many others. Of the nearest, so many are looked up.
_SHORTEST, _CANDIDATES = 3, 30


def suggestion(searcher: Searcher, field: str, query: str) -> str | None:
    """Return the query with each unknown word replaced by the nearest known one."""
    if not searcher.leaves:
        return None
    name = field + EXACT if field + EXACT in searcher.schema else field
    words = analysis.words(query)
    return " ".join(_nearest(searcher, name, word) for word in words) or None


def corrected(
    searcher: Searcher,
    question: Question,
    text: str,
    within: Collection[int],
    is_found: Callable[[Leaf], bool],
) -> str | None:
    """Return ``text`` with each unknown word replaced by the nearest that stands in posts
    ``within``; nothing if there is none to replace.

    Words of other posts are as good as unknown: no suggestion tells of them. A word of which
    another form ``is_found`` is known.
    """
    names = [name + EXACT for name in TEXTS[question.query.scope]]
    changes = []
    for leaf in leaves(question.query.node):
        asked = leaf.words if isinstance(leaf, Phrase) else (getattr(leaf, "text", ""),)
        if isinstance(leaf, Pattern | Fuzzy) or (isinstance(leaf, Word) and is_found(leaf)):
            continue
        meant = [_meant(searcher, names, word, within) or word for word in asked]
        if tuple(meant) != asked:
            start, end = leaf.place
            quoted = f'"{" ".join(meant)}"' if isinstance(leaf, Phrase) else meant[0]
            changes.append((start, end, quoted))
    for start, end, meant_text in sorted(changes, reverse=True):
        text = text[:start] + meant_text + text[end:]
    return text if changes else None


def _meant(
    searcher: Searcher, names: Collection[str], word: str, within: Collection[int]
) -> str | None:
    """Return the nearest word of the posts ``within``; None for a word that is one of them."""
    if len(word) < _SHORTEST or _stands_in(searcher, names, word, within):
        return None
    near = {
        other: Levenshtein.distance(word, other)
        for name in names
        for leaf, _offset in searcher.leaves
        for other in lexicon.nearest(lexicon.words(searcher, leaf, name), word, _EDITS)
    }
    frequency = searcher.reader.frequency
    candidates = sorted(
        near, key=lambda other: (near[other], -sum(frequency(name, other) for name in names))
    )
    return next(
        (o for o in candidates[:_CANDIDATES] if _stands_in(searcher, names, o, within)), None
    )


def _stands_in(
    searcher: Searcher, names: Collection[str], word: str, within: Collection[int]
) -> bool:
    return any(Matches(searcher).scores(q.Term(name, word), within) for name in names)


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
