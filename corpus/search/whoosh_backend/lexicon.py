"""Which of the words in a segment a word, a pattern or a misspelling stands for."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from corpus.search.analysis import folded
from corpus.search.language import Fuzzy, Pattern, Word
from corpus.search.language.texts import regex
from corpus.search.whoosh_backend.searchers import Searcher
from corpus.search.whoosh_backend.stems import stem

#: Languages whose stemmers take something off the beginning of words, or whose words have an
#: article before an apostrophe: there a form may begin with any letter.
_ANY_BEGINNING = frozenset({"ar", "ca", "fr", "it"})
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
    firsts = {form[0] for form in stems} | {folded(form)[0] for form in stems}
    found: Forms = {}
    for word in words:
        if word[0] in "#@":
            continue  # It stands at its places without the sign as well.
        begins = word[0] in firsts or not word[0].isascii()
        among = [
            language
            for language in languages
            if (begins or language in _ANY_BEGINNING) and stem(word, language, fold=fold) in stems
        ]
        if among:
            found[word] = frozenset(among)
    return found
