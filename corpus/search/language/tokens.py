"""A query cut into tokens, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.translation import gettext as _

from corpus.search.language.errors import QueryError
from corpus.search.language.fields import fields

#: Opening quotation marks and what closes them: those of the keyboard, and those that phones and
#: word processors put in their place.
_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "”": "”"}
_OPERATORS = ("AND", "OR", "NOT")
_NAME = re.compile(r"([^\W\d_]+):")
_DATES = ("after", "before")
_NUMBER = re.compile(r"~(\d*)")


class Kind(Enum):
    OPEN, CLOSE, AND, OR, NOT, WORD, PHRASE, FIELD, END = (auto() for _ in range(9))


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is what was written, of phrases without the marks; ``tilde`` what follows ``~``."""

    kind: Kind
    text: str
    start: int
    end: int
    tilde: str | None = None

    @property
    def place(self) -> tuple[int, int]:
        return self.start, self.end


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of ``query``, an END last.

    Raises:
        QueryError: a quotation mark is not closed, or no field has such a name.
    """
    at = 0
    while at < len(query):
        sign = query[at]
        if sign.isspace():
            at += 1
            continue
        token = _token(query, at, sign)
        yield token
        at = token.end
    yield Token(Kind.END, "", len(query), len(query))


def _token(query: str, at: int, sign: str) -> Token:
    if sign == "(":
        return Token(Kind.OPEN, sign, at, at + 1)
    if sign == ")":
        return Token(Kind.CLOSE, sign, at, at + 1)
    if sign in _QUOTES:
        return _phrase(query, at)
    if sign == "-" and at + 1 < len(query) and not query[at + 1].isspace():
        return Token(Kind.NOT, sign, at, at + 1)
    end = _end_of_chunk(query, at)
    chunk = query[at:end]
    if chunk in _OPERATORS:
        return Token(Kind[chunk], chunk, at, end)
    name = _NAME.match(chunk)
    if name and _is_field(query, at, name):
        return Token(Kind.FIELD, name[1].lower(), at, at + name.end())
    return Token(Kind.WORD, chunk, at, end)


def _phrase(query: str, at: int) -> Token:
    closing = _QUOTES[query[at]]
    ends = [end for sign in closing if (end := query.find(sign, at + 1)) >= 0]
    if not ends:
        raise QueryError(
            _("This quotation mark is not closed: put another one after the phrase."),
            query,
            at,
            at + 1,
        )
    end = min(ends)
    tilde = _NUMBER.match(query, end + 1)
    return Token(
        Kind.PHRASE,
        query[at + 1 : end],
        at,
        tilde.end() if tilde else end + 1,
        tilde[1] if tilde else None,
    )


def _end_of_chunk(query: str, at: int) -> int:
    end = at
    while end < len(query) and not query[end].isspace() and query[end] not in '()"“„«':
        end += 1
    return max(end, at + 1)


def _is_field(query: str, at: int, name: re.Match[str]) -> bool:
    """Whether this is a field's name; of what only looks like one, say which there are."""
    word = name[1].lower()
    if word in fields or word in (*_DATES, "in"):
        return True
    rest = query[at + name.end() :]
    if not rest or rest[0].isspace() or rest.startswith("//"):
        return False  # The end of a clause, or a web address.
    known = ", ".join(f"{known}:" for known in (*fields, *_DATES, "in"))
    raise QueryError(
        _("There is no field “%(name)s:”. There are %(known)s For the words themselves, put "
          "them in quotation marks.")
        % {"name": name[1], "known": f"{known}."},
        query,
        at,
        at + name.end(),
    )  # fmt: skip
