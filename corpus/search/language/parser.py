"""A query into its tree, by recursive descent.

::

    query   = or
    or      = and { "OR" and }
    and     = not { ["AND"] not }
    not     = ("NOT" | "-") not | part
    part    = "(" or ")" | phrase ["~" number] | word ["~" [number]] | field
    field   = name ":" (word | phrase)
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from corpus.search import analysis
from corpus.search.language import dates
from corpus.search.language.errors import QueryError
from corpus.search.language.tokens import Kind, Token, tokens
from corpus.search.language.tree import (
    And,
    Anything,
    Dated,
    FieldIs,
    Fuzzy,
    Node,
    Not,
    Or,
    Pattern,
    Phrase,
    Query,
    Scope,
    Word,
)

#: Bounds of what one reader may ask a server at once.
LONGEST, DEEPEST, MOST_PARTS = 2000, 20, 100
#: Words of a phrase whose words may stand apart: each is looked for around each of the others.
_MOST_NEAR = 10
#: Words that may stand between those of a phrase, letters that may differ, at most.
_APART, _EDITS = 50, 2

_SCOPES = {"quotes": Scope.QUOTES, "all": Scope.ALL, "own": Scope.OWN}
#: A question mark at the end of a word asks a question; elsewhere it stands for a letter.
_WILD = re.compile(r"\*|\?(?=[\w*?])")
#: In a web address a question mark stands for no letter.
_ADDRESS = re.compile(r"[^*?]*(?:/|\w\.\w)[^*]*")
_PATTERN = re.compile(rf"[\w{analysis.MARKS}'’#@*?]+")
_FUZZY = re.compile(rf"(.*[\w{analysis.MARKS}])~(\d*)")


def parse(query: str) -> Query:
    """Return the tree of ``query``; an empty one asks for anything.

    Raises:
        QueryError: with a hint and its place.
    """
    if len(query) > LONGEST:
        raise QueryError(
            _("A query may have at most %(count)s characters.") % {"count": LONGEST},
            query,
            LONGEST,
            len(query),
        )
    return _Parser(query).query()


class _Parser:
    def __init__(self, query: str) -> None:
        self._text = query
        self._tokens = list(tokens(query))
        self._at = 0
        self._depth = 0
        self._parts = 0
        self._scope: Scope | None = None

    def query(self) -> Query:
        node = self._or() if self._next.kind is not Kind.END else None
        if self._next.kind is Kind.CLOSE:
            raise self._error(_("This bracket closes none that was opened."), self._next.place)
        if node is None and self._scope is None and analysis.words(self._text):
            raise self._error(_("This asks for nothing."), (0, len(self._text)))
        return Query(node or Anything(), self._scope or Scope.OWN)

    # Each returns nothing for what asks for nothing: a comma, a lone sign, "in:quotes".

    def _or(self) -> Node | None:
        parts = [self._and()]
        while self._next.kind is Kind.OR:
            self._operator()
            parts.append(self._and())
        return _together([part for part in parts if part], Or)

    def _and(self) -> Node | None:
        parts: list[Node] = []
        while self._next.kind not in (Kind.OR, Kind.CLOSE, Kind.END):
            if self._next.kind is Kind.AND:
                self._operator()
            if part := self._not():
                parts.append(part)
        return _together(parts, And)

    def _operator(self) -> None:
        """Pass over AND or OR, which must stand between two parts."""
        token = self._take()
        before = self._tokens[self._at - 2] if self._at > 1 else None
        if before is None or before.kind in (Kind.OPEN, Kind.AND, Kind.OR, Kind.NOT):
            raise self._missing(_("There is nothing before “%(operator)s” here."), token)
        if self._next.kind in (Kind.END, Kind.CLOSE, Kind.AND, Kind.OR):
            raise self._missing(_("There is nothing after “%(operator)s” here."), token)

    def _not(self) -> Node | None:
        if self._next.kind is not Kind.NOT:
            return self._part()
        token = self._take()
        if self._next.kind in (Kind.END, Kind.CLOSE, Kind.AND, Kind.OR):
            raise self._missing(_("There is nothing after “%(operator)s” here."), token)
        self._deeper(token)
        part = self._not()
        self._depth -= 1
        return Not(part) if part else None

    def _part(self) -> Node | None:
        token = self._take()
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise self._error(
                _("A query may have at most %(count)s parts.") % {"count": MOST_PARTS}, token.place
            )
        if token.kind is Kind.OPEN:
            return self._bracket(token)
        if token.kind is Kind.PHRASE:
            return self._phrase(token)
        if token.kind is Kind.FIELD:
            return self._field(token)
        return self._word(token)

    def _bracket(self, token: Token) -> Node | None:
        self._deeper(token)
        if self._next.kind is Kind.CLOSE:
            raise self._error(
                _("There is nothing between these brackets."), (token.start, self._next.end)
            )
        node = self._or()
        if self._take().kind is not Kind.CLOSE:
            raise self._error(_("This bracket is not closed."), token.place)
        self._depth -= 1
        return node

    def _phrase(self, token: Token) -> Node:
        words = tuple(analysis.words(token.text))
        if not words:
            raise self._error(_("There are no words between these quotation marks."), token.place)
        apart = self._apart(token, token.tilde) if token.tilde is not None else 0
        if apart and len(words) > _MOST_NEAR:
            raise self._error(
                _("At most %(most)s words can be looked for near each other.")
                % {"most": _MOST_NEAR},
                token.place,
            )
        return Phrase(words, apart if len(words) > 1 else 0, token.place)

    def _apart(self, token: Token, tilde: str) -> int:
        apart = int(tilde[:3] or 0)
        if not 1 <= apart <= _APART:
            raise self._error(
                _("Say how many words may stand between: ~1 to ~%(most)s.") % {"most": _APART},
                (token.end - len(tilde) - 1, token.end),
            )
        return apart

    def _word(self, token: Token) -> Node | None:
        text = token.text
        if not text.strip("*") and text:
            return Anything()
        if fuzzy := _FUZZY.fullmatch(text):
            return self._fuzzy(token, fuzzy)
        if _WILD.search(text) and re.search(r"\w", text) and not _ADDRESS.fullmatch(text):
            return self._pattern(token)
        words = analysis.words(text)
        if len(words) == 1:
            return Word(words[0], token.place)
        return Phrase(tuple(words), 0, token.place) if words else None

    def _fuzzy(self, token: Token, match: re.Match[str]) -> Node:
        words = analysis.words(match[1])
        edits = int(match[2][:3] or 1)
        if len(words) != 1:
            raise self._error(_("“~” works for one word at a time."), token.place)
        if not 1 <= edits <= _EDITS:
            raise self._error(
                _("At most %(most)s letters may differ: ~1 or ~2.") % {"most": _EDITS},
                (token.start + len(match[1]), token.end),
            )
        return Fuzzy(words[0], edits, token.place)

    def _pattern(self, token: Token) -> Node:
        text = token.text.strip(".,;:!…").rstrip("?") if token.text else ""
        if not _PATTERN.fullmatch(text):
            raise self._error(
                _("“*” and “?” stand for letters inside one word, without other signs."),
                token.place,
            )
        return Pattern(analysis.plain(text.lower()), token.place)

    def _field(self, token: Token) -> Node | None:
        value = self._next
        glued = value.start == token.end
        if value.kind not in (Kind.WORD, Kind.PHRASE) or not glued or not value.text.strip():
            raise self._error(
                _("Say what “%(name)s:” should be, without a space before it; several words in "
                  "quotation marks.") % {"name": token.text},
                (token.start, token.end),
            )  # fmt: skip
        self._take()
        if token.text in ("after", "before"):
            return self._dated(token, value)
        if token.text == "in":
            self._in(value)
            return None
        return FieldIs(token.text, value.text.strip(), (token.start, value.end))

    def _dated(self, token: Token, value: Token) -> Node:
        day = dates.beginning(value.text)
        if day is None:
            raise self._error(
                _("This is no date: write a year, a month or a day, as in 2004, 2004-05 or "
                  "2004-05-17."),
                value.place,
            )  # fmt: skip
        return Dated(start=day) if token.text == "after" else Dated(end=day)

    def _in(self, value: Token) -> None:
        scope = _SCOPES.get(value.text.lower())
        if scope is None:
            raise self._error(
                _("There is in:quotes for quoted words only, and in:all for these too."),
                value.place,
            )
        if self._depth or self._scope not in (None, scope):
            raise self._error(
                _("“in:” is said once, for the whole query, outside all brackets."), value.place
            )
        self._scope = scope

    # Tokens

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _deeper(self, token: Token) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._error(
                _("Brackets may stand at most %(count)s deep.") % {"count": DEEPEST}, token.place
            )

    def _missing(self, hint: str, token: Token) -> QueryError:
        return self._error(hint % {"operator": token.text}, token.place)

    def _error(self, hint: str, place: tuple[int, int]) -> QueryError:
        return QueryError(hint, self._text, *place)


def _together(parts: list[Node], into: type[And] | type[Or]) -> Node | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else into(tuple(parts))
