"""How text becomes search terms. The only module that speaks to Whoosh."""

from __future__ import annotations

from html import unescape
from typing import Any

from whoosh.analysis import LowercaseFilter, RegexTokenizer, StemFilter, Tokenizer
from whoosh.lang.porter import stem

__all__ = ["WORD", "analyzer", "stem"]

#: A word: letters, digits and marks of any script, with apostrophes and points inside.
WORD = r"\w+(?:['’.]\w+)*"


class UnescapingTokenizer(RegexTokenizer):  # type: ignore[misc]
    """Words of HTML text without tags: ``a &lt; b`` has the words ``a`` and ``b``.

    The stored text is escaped because search pages of the host print it as it is.
    """

    def __call__(self, value: str, **kwargs: Any) -> Any:
        return super().__call__(unescape(value), **kwargs)


def analyzer() -> Tokenizer:
    """Return an analyzer that leaves no word out: stemmed, without stop words.

    Whoosh's own StemmingAnalyzer drops words of one letter and the likes of "and" and "not",
    which discourse analysts look for most.
    """
    return UnescapingTokenizer(WORD) | LowercaseFilter() | StemFilter()
