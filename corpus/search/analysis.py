"""What the words of a text are: lower case, otherwise as written. Pure.

No word is left out, however short or common: discourse analysts look for "I", "and", "not".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal

#: Scripts written without spaces: each character is a word, and several are asked for as a phrase.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"


def _marks() -> str:
    marks = (at for at in range(0x300, 0x10000) if unicodedata.category(chr(at))[0] == "M")
    runs = (list(run) for _, run in groupby(enumerate(marks), lambda pair: pair[1] - pair[0]))
    return "".join(f"\\u{run[0][1]:04x}-\\u{run[-1][1]:04x}" for run in runs)


#: Where a word may be broken or must not: pages have them within words, nobody writes them.
_UNSEEN = "\u00ad\u2060"
_APOSTROPHES = "'’\u02bc"
_LETTER = rf"[^\W_\u02bc{_UNSPACED}]"
#: Combining marks, as ranges for a pattern: they belong to the letter before.
MARKS = _marks()
#: More marks on one letter than any language has.
_MANY_MARKS = re.compile(rf"[{MARKS}\U00010000-\U0001efff]{{16,}}")
_LETTERS = rf"{_LETTER}+(?:[{MARKS}{_UNSEEN}]{_LETTER}*)*"
_PICTURE = "[\u2600-\u27bf\U0001f000-\U0001faff]"

#: A word: letters and digits of any script, with apostrophes inside; a number with its points; a
#: #tag or @name with its sign; an emoji with what modifies it; a flag. Web addresses and compounds
#: with hyphens are the words they are made of.
WORD = (
    rf"[#@](?=\w){_LETTERS}(?:[{_APOSTROPHES}_]{_LETTERS})*"
    r"|\d+(?:[.,:]\d+)+"
    rf"|{_LETTERS}(?:[{_APOSTROPHES}]{_LETTERS})*"
    rf"|[{_UNSPACED}][{MARKS}]*"
    r"|[\U0001f1e6-\U0001f1ff]{2}"
    rf"|{_PICTURE}(?:[\ufe0f\U0001f3fb-\U0001f3ff]|\u200d{_PICTURE})*"
)
_WORD = re.compile(WORD)
#: What of ASCII makes a word longer than its letters and digits; apostrophes are seen to below.
_NUMBER = re.compile("[0-9][.,:][0-9]")
_AS_TYPED = str.maketrans(dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_UNSEEN, ""))
#: Letters that have no other form without what sets them apart.
_FOLDED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_SPACES = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "'"}


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of ``text`` with where each starts and ends.

    >>> list(tokens("Don't, @Ada!"))
    [("don't", 0, 5), ('@ada', 7, 11)]
    """
    lowered = _lowered(text)
    if lowered.isascii():
        found = _ascii_words(lowered)
        yield from (
            (word, start, end)
            for word, (start, end) in zip(found, _places(lowered, found), strict=True)
        )
    else:
        yield from ((plain(match.group()), *match.span()) for match in _WORD.finditer(lowered))


def words(text: str) -> list[str]:
    """Return the words of ``text`` in order.

    >>> words("well-known: 3.5 #beans")
    ['well', 'known', '3.5', '#beans']
    """
    text = text.lower()
    if text.isascii():
        return _ascii_words(text)
    return [plain(word) for word in _WORD.findall(_normalized("NFC", text))]


def places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each of the :func:`words` of ``text`` starts and ends.

    >>> list(places("Don't, @Ada!"))
    [(0, 5), (7, 11)]
    """
    lowered = _lowered(text)
    if lowered.isascii():
        yield from _places(lowered, _ascii_words(lowered))
    else:
        yield from (match.span() for match in _WORD.finditer(lowered))


def unsigned(word: str) -> str:
    """Return a #tag or @name without its sign, so that it is found without it as well."""
    return word[1:] if word[0] in "#@" else word


def plain(word: str) -> str:
    """Return a word in lower case as it is typed: composed, with the apostrophe of keyboards.

    >>> plain("don’t")
    "don't"
    """
    if word.isascii():
        return word
    return _normalized("NFC", word).translate(_AS_TYPED)


def folded(word: str) -> str:
    """Return ``word`` without diacritics.

    >>> folded("þjóð"), folded("groß")
    ('þjoð', 'gross')
    """
    if word.isascii():
        return word
    parts = _normalized("NFD", word.translate(_FOLDED))
    return "".join(part for part in parts if unicodedata.category(part) != "Mn") or word


def _normalized(form: Literal["NFC", "NFD"], text: str) -> str:
    """Return the text in this form of Unicode, in time that grows as it does.

    Python sorts the marks on a letter by exchanging neighbours: thousands take seconds.
    """
    if unicodedata.is_normalized(form, text):
        return text
    return unicodedata.normalize(form, _MANY_MARKS.sub(_sorted_marks, text))


def _sorted_marks(match: re.Match[str]) -> str:
    """Return marks taken apart, in the order that normal forms have them in (UAX 15)."""
    apart = "".join(unicodedata.normalize("NFD", mark) for mark in match.group())
    runs = groupby(apart, key=lambda mark: unicodedata.combining(mark) > 0)
    return "".join("".join(sorted(run, key=unicodedata.combining)) for _, run in runs)


def primary(tag: str) -> str:
    """Return the language of a BCP 47 tag: ``en`` of ``en-GB``."""
    return re.split("[-_]", tag.lower(), maxsplit=1)[0]


def _ascii_words(lowered: str) -> list[str]:
    """Return what ``_WORD`` finds, some five times faster where nothing is joined."""
    if "#" in lowered or "@" in lowered or "''" in lowered or _NUMBER.search(lowered):
        return _WORD.findall(lowered)
    found = lowered.translate(_SPACES).split()
    if "'" in lowered:
        found = [inner for word in found if (inner := word.strip("'"))]
    return found


def _places(lowered: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where words stand that are all of a text: between them is nothing they begin with."""
    end = 0
    for word in words:
        start = lowered.index(word, end)
        end = start + len(word)
        yield start, end


def _lowered(text: str) -> str:
    """Return ``text`` in lower case with every character at its place."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    # As İ, which has a lower case of two characters.
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
