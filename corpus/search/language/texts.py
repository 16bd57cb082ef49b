"""What a query finds in one text: the meaning of the language, without any engine.

Engines with an index must agree with this; where there is none, this is what answers.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from rapidfuzz.distance import Levenshtein

from corpus.search.analysis import unsigned
from corpus.search.language.fields import fields
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
    Scope,
    Within,
    Word,
    leaves,
)
from corpus.search.language.wildcards import expression


class Occurrence(NamedTuple):
    """``length`` words from word number ``start`` on."""

    start: int
    length: int


#: Which of the words of a text are forms of a word asked for.
Kindred = Callable[[str, Set[str]], Set[str]]


def as_written(asked: str, words: Set[str]) -> Set[str]:
    """Take words for the same that are written the same; a #tag or @name needs no sign."""
    return words & {asked, f"#{asked}", f"@{asked}"}


def occurrences(
    leaf: Leaf, words: Sequence[str], kindred: Kindred = as_written
) -> Iterator[Occurrence]:
    """Yield where ``leaf`` stands in a text of these words, in order."""
    if isinstance(leaf, Phrase):
        yield from _windows(leaf, words) if leaf.apart else _phrases(leaf.words, words)
        return
    if found := forms(leaf, set(words), kindred):
        yield from (Occurrence(at, 1) for at, word in enumerate(words) if word in found)


def forms(leaf: Word | Pattern | Fuzzy, words: Set[str], kindred: Kindred = as_written) -> Set[str]:
    """Return those of the words of a text that ``leaf`` looks for."""
    if isinstance(leaf, Word):
        return kindred(leaf.text, words)
    if isinstance(leaf, Pattern):
        fits = regex(leaf.text).fullmatch
        return {word for word in words if fits(word) or fits(unsigned(word))}
    distance = Levenshtein.distance
    return {
        word
        for word in words
        if min(distance(leaf.text, word), distance(leaf.text, unsigned(word))) <= leaf.edits
    }


def all_occurrences(
    node: Node, words: Sequence[str], kindred: Kindred = as_written
) -> list[Occurrence]:
    """Return where anything that ``node`` looks for stands, in order, each place once."""
    found = {found for leaf in leaves(node) for found in occurrences(leaf, words, kindred)}
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Post:
    """A post as a query sees it: its fields, and by scope the words of each text looked in."""

    fields: Mapping[str, Any]
    texts: Callable[[Scope], Sequence[Sequence[str]]]


def matches(node: Node, post: Post, scope: Scope, kindred: Kindred = as_written) -> bool:
    """Whether a query finds a post."""
    if isinstance(node, And):
        return all(matches(part, post, scope, kindred) for part in node.parts)
    if isinstance(node, Or):
        return any(matches(part, post, scope, kindred) for part in node.parts)
    if isinstance(node, Not):
        return not matches(node.part, post, scope, kindred)
    if isinstance(node, Within):
        return matches(node.part, post, node.scope, kindred)
    if isinstance(node, Word | Phrase | Pattern | Fuzzy):
        texts = post.texts(scope)
        return any(next(occurrences(node, words, kindred), None) is not None for words in texts)
    return _has(node, post.fields)


def _has(node: FieldIs | Dated | Chosen | Anything, document: Mapping[str, Any]) -> bool:
    if isinstance(node, FieldIs):
        field = fields[node.name]
        return field.accepts(document.get(field.index), node.value)
    if isinstance(node, Dated):
        return _is_within(node, document.get("created"))
    if isinstance(node, Anything):
        return True
    value = document.get(node.field)
    several = value or [None] if isinstance(value, list) else [value]
    return not node.values.isdisjoint(several)


@lru_cache(maxsize=256)
def regex(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of a word with wildcards."""
    return re.compile(expression(pattern))


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def windows(places: Sequence[Sequence[int]], apart: int) -> Iterator[Occurrence]:
    """Yield the least stretches that hold a place of each word, at most ``apart`` others between.

    ``places`` are those of each word, in order; of a word that is asked for twice, twice. Two
    words never share a place.
    """
    last = -1
    for start in sorted({place for each in places for place in each}):
        end = start + len(places) + apart  # Exclusive.
        if (stop := _reach(places, start, end)) is not None and stop > last:
            # What a later beginning reaches as well is not the least stretch.
            later = sorted({p for each in places for p in _between(each, start + 1, stop)})
            if not any(_reach(places, begin, stop) is not None for begin in later):
                yield Occurrence(start, stop - start)
                last = stop


def _reach(places: Sequence[Sequence[int]], start: int, end: int) -> int | None:
    """Return where the first stretch from ``start`` that holds all ends, if before ``end``."""
    stop, taken = start, set[int]()
    for each in places:
        found = next((p for p in _between(each, start, end) if p not in taken), None)
        if found is None:
            return None
        taken.add(found)
        stop = max(stop, found + 1)
    return stop if start in taken else None


def _between(places: Sequence[int], start: int, end: int) -> Sequence[int]:
    """Return those in ``[start, end)``, without reading the others: a text may have thousands."""
    return places[bisect_left(places, start) : bisect_left(places, end)]


def _windows(phrase: Phrase, words: Sequence[str]) -> Iterator[Occurrence]:
    places = [
        [at for at, word in enumerate(words) if asked in (word, unsigned(word))]
        for asked in phrase.words
    ]
    return windows(places, phrase.apart)


def _phrases(asked: tuple[str, ...], words: Sequence[str]) -> Iterator[Occurrence]:
    length = len(asked)
    for at in range(len(words) - length + 1):
        if all(asked[i] in (words[at + i], unsigned(words[at + i])) for i in range(length)):
            yield Occurrence(at, length)


def _is_within(node: Dated, moment: datetime | None) -> bool:
    if moment is None:
        return False
    return (node.start is None or moment >= midnight(node.start)) and (
        node.end is None or moment < midnight(node.end)
    )
