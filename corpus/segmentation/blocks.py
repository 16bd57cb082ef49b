"""Blocks: the lines between two gaps, with what each shows by itself.

A block is a paragraph, or a whole short post. Posts start only where blocks do.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corpus.segmentation import attributions, signs, voice
from corpus.segmentation.copies import Copy
from corpus.segmentation.data import load
from corpus.segmentation.document import Document
from corpus.spans import Span

#: Kinds of words told apart, in the order of their bits.
KINDS = (
    "agree",
    "object",
    "thank",
    "greet",
    "close",
    "laugh",
    "ask",
    "you",
    "me",
    "point",
    "go_on",
)
_YOU, _ME = KINDS.index("you"), KINDS.index("me")
#: Lines an introduction is wrapped over at most.
INTRODUCTION_LINES = 3
#: Words at the edges of a block that are looked at for their kind.
EDGE = 3
#: Words of a last line that can sign a post, and words at a beginning that can address someone.
SIGNED, ADDRESSED = 3, 10
# With the character behind the signs, if it is no white space: then they end no sentence.
_STOPS = re.compile(r"[.!?…]++(\S?)")
_BULLET = re.compile(r"(?:[-*•·–—o+]|\(?[0-9]{1,2}[.)]|[a-z][.)])\s")

#: Of every block, or of every word, one number.
Numbers = NDArray[np.int64]


@dataclass(slots=True)
class Block:
    """The lines ``lines`` and plain facts about them."""

    lines: range
    gap: int
    chars: int
    words: range
    first: str
    last: str
    lower: bool
    sentences: int
    questions: int
    shouts: int
    dots: int
    links: int
    digits: float
    bullet: bool
    depth: int
    ends_deep: bool
    introduces: bool
    attribution: bool
    opening: int
    closing: int
    you: float
    me: float
    commas: float
    capitals: float
    word_length: float
    quotes: float
    rare: frozenset[int]
    text_key: int
    last_key: int
    first_line: int
    last_line: int
    name: int
    addresses: frozenset[int]
    voice: int
    copied: float = 0.0
    copy_first: bool = False
    copy_last: bool = False
    source: int = -1
    marked: bool = False
    #: How often a later copy begins, goes on or ends here.
    quoted_first: int = 0
    quoted_inner: int = 0
    quoted_last: int = 0
    quoted_whole: int = 0


def find(document: Document, copies: Sequence[Copy]) -> list[Block]:
    """All blocks in order."""
    edges = [n for n, line in enumerate(document.lines) if line.blanks or not n]
    known = _kinds()
    kinds = [known.get(word, 0) for word in document.words.vocabulary]
    chosen = [
        range(first, last)
        for first, last in zip(edges, [*edges[1:], len(document.lines)], strict=True)
    ]
    spans = list(map(document.joined, chosen))
    words = list(map(document.words_of, chosen))
    starts, stops = np.array([(some.start, some.stop) for some in words]).reshape(-1, 2).T
    of_words = np.fromiter(kinds, dtype=np.int64)[document.words.numbers]
    facts = zip(
        chosen,
        spans,
        words,
        _share(of_words >> _YOU & 1, starts, stops),
        _share(of_words >> _ME & 1, starts, stops),
        _rare(document, starts, stops),
        voice.of_each(document.text, spans),
        strict=True,
    )
    found = [_block(document, kinds, *each) for each in facts]
    _copied(document, found, copies)
    return found


@cache
def _kinds() -> dict[str, int]:
    bits: dict[str, int] = {}
    for bit, kind in enumerate(KINDS):
        for word in load("markers")[kind]:
            bits[word] = bits.get(word, 0) | 1 << bit
    return bits


def _share(of_words: Numbers, starts: Numbers, stops: Numbers) -> list[float]:
    """Of every block the share of its words of which this is 1."""
    running = np.append(0, np.cumsum(of_words))
    shares = (running[stops] - running[starts]) / np.maximum(stops - starts, 1)
    found: list[float] = shares.tolist()
    return found


def _rare(document: Document, starts: Numbers, stops: Numbers) -> list[frozenset[int]]:
    """Of every block its words that are long and in few blocks, but not in one alone."""
    vocabulary, lengths = document.words.vocabulary, stops - starts
    ends = np.cumsum(lengths)
    block = np.repeat(np.arange(len(starts)), lengths)
    words = document.words.numbers[np.arange(len(block)) + (stops - ends)[block]]
    # By word, those of a block together: each block counts once for each of its words.
    order = np.argsort(words, kind="stable")
    first = np.append(True, (np.diff(words[order]) != 0) | (np.diff(block[order]) != 0))
    counts = np.bincount(words[order[first[: len(order)]]], minlength=len(vocabulary))
    long = np.fromiter(map(len, vocabulary), dtype=np.int64) > 3
    rare = long & (counts > 1) & (counts <= max(3, len(starts) // 8))
    places = np.flatnonzero(rare[words])
    chosen, edges = words[places].tolist(), np.searchsorted(places, ends).tolist()
    return [frozenset(chosen[start:stop]) for start, stop in pairwise([0, *edges])]


def _block(
    document: Document,
    kinds: Sequence[int],
    lines: range,
    span: Span,
    words: range,
    you: float,
    me: float,
    rare: frozenset[int],
    habits: int,
) -> Block:
    text = span.of(document.text)
    ids = document.words.of(words)
    opening = closing = 0
    for word in ids[:EDGE]:
        opening |= kinds[word]
    for word in ids[-EDGE:]:
        closing |= kinds[word]
    count = max(1, len(ids))
    first_line = document.lines[lines.start].span.of(document.text)
    last_line = document.lines[lines.stop - 1].span.of(document.text)
    depth = document.depths[lines.start]
    first = text[0]
    letter = first if first.isalpha() else next(filter(str.isalpha, text[1:12]), "")
    head = text[:200]
    return Block(
        lines=lines,
        gap=document.lines[lines.start].blanks,
        chars=len(text),
        words=words,
        first=first,
        last=text[-1],
        lower=letter.islower(),
        sentences=_STOPS.findall(text).count(""),
        questions=text.count("?"),
        shouts=text.count("!"),
        dots=text.count("...") + text.count("…"),
        links=text.count("http") + text.count("www."),
        digits=signs.technical_in(head) / len(head),
        bullet=_BULLET.match(text) is not None,
        depth=depth,
        ends_deep=document.depths[lines.stop - 1] > 0,
        introduces=document.introduces(lines.stop - 1),
        attribution=not depth and len(lines) > 1 and _leads(document, lines, first_line),
        opening=opening,
        closing=closing,
        you=you,
        me=me,
        commas=text.count(",") / count,
        capitals=signs.capitals_in(text[:400]) / min(400, len(text)),
        word_length=min(12.0, len(text) / count),
        quotes=(text.count("'") + text.count('"') + text.count("(")) / count,
        rare=rare,
        text_key=hash(text),
        last_key=hash(last_line),
        first_line=len(first_line),
        last_line=len(last_line),
        name=_signed(ids, last_line),
        addresses=frozenset(ids[:ADDRESSED]),
        voice=habits,
    )


def _signed(ids: Sequence[int], last_line: str) -> int:
    """The word with which a last line of a few words ends, if it looks like a name; or -1."""
    words = last_line.split()
    if not 0 < len(words) <= SIGNED or not ids:
        return -1
    return ids[-1] if words[-1].strip("-–—~.,!)").istitle() else -1


def _leads(document: Document, lines: range, first_line: str) -> bool:
    """Whether the block begins with "X wrote:", perhaps wrapped above what is quoted."""
    quoted = any(document.depths[line] for line in lines[1 : INTRODUCTION_LINES + 1])
    return quoted or attributions.recognised(first_line)


def _copied(document: Document, blocks: Sequence[Block], copies: Sequence[Copy]) -> None:
    """Note on every block what of it is copied, and what later copies take from it."""
    home = [0] * len(document.lines)
    for number, block in enumerate(blocks):
        for line in block.lines:
            home[line] = number
    starts = [block.words.start for block in blocks]
    for copy in copies:
        chars = len(document.joined(copy.lines))
        at = home[copy.lines.start]
        block = blocks[at]
        block.copied += chars / block.chars
        block.marked = block.marked or copy.marked
        block.copy_first = block.copy_first or copy.lines.start == block.lines.start
        block.copy_last = block.copy_last or copy.lines.stop == block.lines.stop
        if copy.original:
            first = bisect_right(starts, copy.original.words.start) - 1
            last = bisect_right(starts, copy.original.words.stop - 1) - 1
            if block.source < 0:
                block.source = first
            if 0 <= first < at:
                _quote(blocks, first, last, copy.original.words)


def _quote(blocks: Sequence[Block], first: int, last: int, words: range) -> None:
    starts = words.start <= blocks[first].words.start
    ends = words.stop >= blocks[last].words.stop
    blocks[first].quoted_first += starts
    blocks[last].quoted_last += ends
    if starts and ends:
        for block in blocks[first : last + 1]:
            block.quoted_whole += 1
    for block in blocks[first + 1 : last + 1]:
        block.quoted_inner += 1
