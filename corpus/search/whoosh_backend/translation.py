"""The query language's tree as a query on what the index holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from whoosh import query as q

from corpus.search.answers import TEXTS
from corpus.search.language import (
    And,
    Anything,
    Chosen,
    Dated,
    FieldIs,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Or,
    Pattern,
    Within,
    Word,
)
from corpus.search.language.texts import midnight
from corpus.search.whoosh_backend.schema import EXACT


class _Leaf(q.Query):  # type: ignore[misc]
    """A query that Whoosh has not: told by the values it is made of."""

    fieldname = None

    def __init__(self, *told: Any) -> None:
        self.told = told
        self.boost = 1.0

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.told == getattr(other, "told", None)

    def __hash__(self) -> int:
        return hash((type(self), self.told))

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.told}"

    def is_leaf(self) -> bool:
        return True

    def normalize(self) -> Any:
        return self


class AnyForm(_Leaf):
    """Documents with a word that a pattern or a fuzzy word stands for: field, tree's leaf."""


class Near(_Leaf):
    """Documents with these words near each other: field, words, how many others between."""


class AnyKey(_Leaf):
    """Documents with one of these terms: field, terms. There may be many thousands."""


class ColumnAccepts(_Leaf):
    """Documents whose field's value is what was asked: the name in the query, the value."""


class ColumnIsOneOf(_Leaf):
    """Documents whose field has one of these values, None for none: field, values."""


def translated(node: Node, texts: Sequence[str], schema: Any) -> Any:
    """Return a query for ``node`` that looks for words in the fields ``texts``."""
    if isinstance(node, And):
        return q.And([translated(part, texts, schema) for part in node.parts])
    if isinstance(node, Or):
        return q.Or([translated(part, texts, schema) for part in node.parts])
    if isinstance(node, Not):
        return q.Not(translated(node.part, texts, schema))
    if isinstance(node, Anything):
        return q.Every()
    if isinstance(node, FieldIs):
        return ColumnAccepts(node.name, node.value)
    if isinstance(node, Chosen):
        return ColumnIsOneOf(node.field, node.values)
    if isinstance(node, Within):
        return translated(node.part, TEXTS[node.scope], schema)
    if isinstance(node, Dated):
        return _dated(node, schema)
    found = [_leaf(node, name) for name in texts]
    return found[0] if len(found) == 1 else q.Or(found)


def _leaf(node: Leaf, name: str) -> Any:
    if isinstance(node, Word):
        # Who writes the sign of a #tag means the tag.
        return q.Term(name + EXACT if node.text[0] in "#@" else name, node.text)
    if isinstance(node, Pattern | Fuzzy):
        return AnyForm(name + EXACT, node)
    if len(node.words) == 1:
        return q.Term(name + EXACT, node.words[0])
    if node.apart:
        return Near(name + EXACT, node.words, node.apart)
    return q.Phrase(name + EXACT, list(node.words))


def _dated(node: Dated, schema: Any) -> Any:
    start, end = _moment(node.start, schema), _moment(node.end, schema)
    return q.NumericRange("created", start, end, endexcl=end is not None)


def _moment(day: date | None, schema: Any) -> int | None:
    if day is None:
        return None
    moment: int = schema["created"].prepare_datetime(midnight(day))
    return moment
