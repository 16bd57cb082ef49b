"""The syntax tree of a query. Small and closed: engines translate it, nothing else extends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

#: Where a part stands in the query that it was read from: for hints and suggestions.
Place = tuple[int, int]


class Scope(StrEnum):
    """Whose words are searched."""

    OWN = "own"
    QUOTES = "quotes"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any of its forms, as far as the engine knows them."""

    text: str
    place: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words exactly as written, in this order; with ``apart``, in any order with at most so many
    other words among them."""

    words: tuple[str, ...]
    apart: int = 0
    place: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words as written in which ``*`` stands for any characters and ``?`` for one."""

    text: str
    place: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words as written that differ from ``text`` by at most ``edits`` letters."""

    text: str
    edits: int = 1
    place: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FieldIs:
    """Posts whose field (by its name in the query) has this value."""

    name: str
    value: str
    place: Place = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Dated:
    """Posts of a known date in ``[start, end)``; open where that is None. Days are UTC's."""

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Posts whose field (of the index) has one of these values, None for none; never typed."""

    field: str
    values: frozenset[Any]


@dataclass(frozen=True, slots=True)
class Within:
    """Posts that another query selects, in its own scope: what it looks for is not marked."""

    part: Node
    scope: Scope


@dataclass(frozen=True, slots=True)
class Anything:
    """All posts."""


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


#: What is looked for in texts.
Leaf = Word | Phrase | Pattern | Fuzzy
Node = Leaf | FieldIs | Dated | Chosen | Within | Anything | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was read."""

    node: Node
    scope: Scope = Scope.OWN


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield what is looked for in texts; what must not be there is passed over."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Word | Phrase | Pattern | Fuzzy):
        yield node


def conditions(node: Node) -> Node:
    """Return what ``node`` asks for beside words: the part of the corpus that it looks in.

    >>> conditions(And((Word("frost"), FieldIs("speaker", "Ada"))))
    FieldIs(name='speaker', value='Ada')
    """
    parts = node.parts if isinstance(node, And) else (node,)
    kept = tuple(part for part in parts if not any(_looks_in_texts(p) for p in _all(part)))
    if not kept:
        return Anything()
    return kept[0] if len(kept) == 1 else And(kept)


def all_of(nodes: Iterable[Node]) -> Node:
    """Return what matches all of these."""
    parts = tuple(part for part in nodes if not isinstance(part, Anything))
    if not parts:
        return Anything()
    return parts[0] if len(parts) == 1 else And(parts)


def _looks_in_texts(node: Node) -> bool:
    return isinstance(node, Word | Phrase | Pattern | Fuzzy)


def _all(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Not):
        yield from _all(node.part)
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from _all(part)


def replaced(node: Node, other: Callable[[FieldIs], Node]) -> Node:
    """Return ``node`` with each field condition put through ``other``."""
    if isinstance(node, FieldIs):
        return other(node)
    if isinstance(node, Not):
        return Not(replaced(node.part, other))
    if isinstance(node, And):
        return And(tuple(replaced(part, other) for part in node.parts))
    if isinstance(node, Or):
        return Or(tuple(replaced(part, other) for part in node.parts))
    return node
