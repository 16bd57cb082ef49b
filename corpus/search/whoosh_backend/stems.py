"""What a word has in common with its other forms, by language: what the index finds kindred by."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache, lru_cache

from whoosh.lang import NoStemmer, stemmer_for_language

from corpus.search.analysis import folded, unsigned

#: Languages that write an article or preposition before an apostrophe: l'homme, dell'arte.
_ELIDING = frozenset({"ca", "fr", "it"})
#: Those, and languages whose stemmers take something off the beginning of words: there a form may
#: begin with any letter.
_ANY_BEGINNING = _ELIDING | {"ar"}
#: Languages that write the endings of names behind an apostrophe: Ankara'da.
_PARTING = frozenset({"tr"})
#: Languages whose stemmer knows no accents: it takes “résumé” for another word than “resume”.
_WITHOUT_ACCENTS = frozenset({"en"})
#: Longer words are left as they are: no language has them, and stemmers take their square.
_LONGEST = 100
#: Colours of skin, and whether a sign is drawn as a picture.
_MODIFIERS = re.compile("(?<!^)[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f]")


@lru_cache(maxsize=200_000)
def stem(word: str, language: str = "en", *, fold: bool = True) -> str:
    """Return what a word has in common with its other forms; without accents if ``fold``.

    >>> stem("running"), stem("ada's"), stem("hommes", "fr"), stem("voilà", "xx")
    ('run', 'ada', 'homm', 'voila')
    """
    word = unsigned(word)
    if "'" in word:
        word = _inner(word, language)
    if not word.isascii():
        word = _MODIFIERS.sub("", word)
        if fold and language in _WITHOUT_ACCENTS:
            word = folded(word)
    found: str = (_stemmer(language)(word) if len(word) <= _LONGEST else "") or word
    return folded(found) if fold else found


class Beginnings:
    """Tells of most words at once that they have none of some stems, by their first letter.

    Stemmers leave it as it is, and cost a hundred times as much.
    """

    def __init__(self, stems: Collection[str]) -> None:
        firsts = {form[0] for form in stems} | {folded(form)[0] for form in stems}
        # A letter with an accent may lose it.
        letters = "".join(map(re.escape, sorted(firsts)))
        self._pattern = re.compile(rf"[#@]?[{letters}\x80-\U0010ffff]")

    def of(self, language: str) -> Callable[[str], object]:
        """Return what tells of a word in this language whether its stem may be one of them."""
        return bool if language in _ANY_BEGINNING else self._pattern.match


def _inner(word: str, language: str) -> str:
    if language in _ELIDING:
        return word.rpartition("'")[2]
    if language in _PARTING:
        return word.partition("'")[0]
    return word[:-2] if word.endswith("'s") else word


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    try:
        stemmer: Callable[[str], str] = stemmer_for_language(language)
    except NoStemmer:
        return str
    return stemmer
