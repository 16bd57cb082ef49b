"""Our words as Whoosh's analyzers give them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.analysis import Analyzer, Token

from corpus.search import analysis


class Words(Analyzer):  # type: ignore[misc]
    """The words as written, with their places; a pattern with wildcards is one word."""

    def __call__(self, value: str, *, tokenize: bool = True, **kwargs: Any) -> Iterator[Token]:
        token = Token(positions=True, chars=True)
        found = analysis.tokens(value) if tokenize else [(value.lower(), 0, len(value))]
        for position, (word, start, end) in enumerate(found):
            token.text = token.original = word
            token.boost, token.stopped = 1.0, False
            token.pos, token.startchar, token.endchar = position, start, end
            yield token
