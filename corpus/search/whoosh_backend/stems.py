"""What a word has in common with its other forms, by language: what the index finds kindred by."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from whoosh.lang import NoStemmer, stemmer_for_language

from corpus.search.analysis import folded, unsigned

#: Languages that write an article or preposition before an apostrophe: l'homme, dell'arte.
_ELIDING = frozenset({"ca", "fr", "it"})


@lru_cache(maxsize=200_000)
def stem(word: str, language: str = "en", *, fold: bool = True) -> str:
    """Return what a word has in common with its other forms; without accents if ``fold``.

    >>> stem("running"), stem("ada's"), stem("hommes", "fr"), stem("voilà", "xx")
    ('run', 'ada', 'homm', 'voila')
    """
    word = unsigned(word)
    if "'" in word:
        word = _inner(word, language)
    found: str = _stemmer(language)(word) or word
    return folded(found) if fold else found


def _inner(word: str, language: str) -> str:
    if language in _ELIDING:
        return word.rpartition("'")[2]
    return word[:-2] if word.endswith("'s") else word


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    try:
        stemmer: Callable[[str], str] = stemmer_for_language(language)
    except NoStemmer:
        return str
    return stemmer
