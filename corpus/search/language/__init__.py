"""The query language: what a reader types, as a tree that any engine can answer. Pure."""

from corpus.search.language.errors import QueryError
from corpus.search.language.fields import Field, Kind, fields, register
from corpus.search.language.parser import parse
from corpus.search.language.tree import (
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
    Phrase,
    Query,
    Scope,
    Within,
    Word,
    leaves,
)

__all__ = [
    "And",
    "Anything",
    "Chosen",
    "Dated",
    "Field",
    "FieldIs",
    "Fuzzy",
    "Kind",
    "Leaf",
    "Node",
    "Not",
    "Or",
    "Pattern",
    "Phrase",
    "Query",
    "QueryError",
    "Scope",
    "Within",
    "Word",
    "fields",
    "leaves",
    "parse",
    "register",
]
