"""One line of a concordance: what was found, with the words to its left and right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SPACES = re.compile(r"\s+")

#: A word, and where it starts and ends in the text.
Token = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """What was found and what stands around it, as written but on one line.

    Joined they are the text: a space between two of them is kept with what is around.
    """

    left: str
    node: str
    right: str


@dataclass(frozen=True, slots=True)
class Context:
    """The words around a node, nearest first: what lines are sorted by."""

    left: tuple[str, ...]
    node: tuple[str, ...]
    right: tuple[str, ...]


def line(text: str, tokens: Sequence[Token], start: int, length: int, *, width: int) -> Line:
    """Return the line of the ``length`` words from word ``start`` on, ``width`` words around.

    Signs between words stay with the context; nothing of the text is lost or repeated.

    >>> line("The frost, I fear.", [("the", 0, 3), ("frost", 4, 9), ("i", 11, 12),
    ...      ("fear", 13, 17)], 1, 1, width=2)
    Line(left='The ', node='frost', right=', I fear.')
    """
    first, last = tokens[start], tokens[start + length - 1]
    before, after = max(start - width, 0), start + length + width
    begin = 0 if before == 0 else tokens[before][1]
    end = len(text) if after >= len(tokens) else tokens[after][1]
    return Line(
        _on_one_line(text[begin : first[1]]).lstrip(),
        _on_one_line(text[first[1] : last[2]]),
        _on_one_line(text[last[2] : end]).rstrip(),
    )


def context(words: Sequence[str], start: int, length: int, *, width: int) -> Context:
    """Return the words around a node, nearest first.

    >>> context(["the", "late", "frost", "came"], 2, 1, width=5)
    Context(left=('late', 'the'), node=('frost',), right=('came',))
    """
    end = start + length
    return Context(
        tuple(words[max(start - width, 0) : start][::-1]),
        tuple(words[start:end]),
        tuple(words[end : end + width]),
    )


def _on_one_line(text: str) -> str:
    return _SPACES.sub(" ", text)
