"""Which of the words in a segment a word, a pattern or a misspelling stands for."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from corpus.search.language import Fuzzy, Pattern, Word
from corpus.search.language.texts import regex
from corpus.search.whoosh_backend.searchers import Searcher
from corpus.search.whoosh_backend.stems import Beginnings, stem

#: Of each word that is a form: the languages in which it is one.
Forms = dict[str, frozenset[str]]


def words(searcher: Searcher, leaf: Any, field: str) -> list[str]:
    """Return the words of a field of exact words, in order; kept as long as the segment."""
    found: list[str] = searcher.kept_of_segment(
        leaf, f"{field}/words", lambda: [term.decode() for term in leaf.lexicon(field)]
    )
    return found


def forms(
    searcher: Searcher,
    leaf: Any,
    field: str,
    asked: Word | Pattern | Fuzzy,
    languages: Collection[str],
    *,
    fold: bool,
) -> Forms:
    """Return the words of a segment that ``asked`` stands for, of a word by ``languages``."""
    key = (leaf.segment().segment_id(), field, asked, fold)
    found: Forms = searcher.snapshot.forms.of(
        key, lambda: _forms(words(searcher, leaf, field), asked, languages, fold)
    )
    return found


def _forms(
    words: Sequence[str], asked: Word | Pattern | Fuzzy, languages: Collection[str], fold: bool
) -> Forms:
    every = frozenset(languages)
    if isinstance(asked, Word):
        if asked.text[0] in "#@":
            return {asked.text: every}
        return _kindred(words, asked.text, languages, fold)
    if isinstance(asked, Pattern):
        # One search over all words is some fifty times faster than one match for each.
        pattern = regex(asked.text).pattern
        return dict.fromkeys(re.findall(f"^{pattern}$", "\n".join(words), re.MULTILINE), every)
    return dict.fromkeys(nearest(words, asked.text, asked.edits), every)


def nearest(words: Sequence[str], asked: str, edits: int) -> list[str]:
    """Return the words that differ by at most so many letters, the nearest first."""
    found = process.extract(
        asked, words, scorer=Levenshtein.distance, score_cutoff=edits, limit=None
    )
    return [word for word, _distance, _at in found]


def _kindred(words: Sequence[str], asked: str, languages: Collection[str], fold: bool) -> Forms:
    stems = {stem(asked, language, fold=fold) for language in languages}
    beginnings = Beginnings(stems)
    admit = {language: beginnings.of(language) for language in languages}
    found: Forms = {}
    for word in words:
        if word[0] in "#@":
            continue  # It stands at its places without the sign as well.
        among = [
            language
            for language in languages
            if admit[language](word) and stem(word, language, fold=fold) in stems
        ]
        if among:
            found[word] = frozenset(among)
    return found
