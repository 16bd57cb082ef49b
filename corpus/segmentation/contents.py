"""What is written in blocks, counted for the blocks of several documents at once.

Nothing here knows a language except through ``KINDS``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import chain, pairwise

import numpy as np

from corpus.segmentation import signs
from corpus.segmentation.data import load
from corpus.segmentation.gathering import Column, Gathered

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
#: Those that are looked at where a block ends.
LAST_KINDS = ("thank", "close", "laugh")
#: Words at the edges of a block that are looked at for their kind.
EDGE = 3
#: Words of a last line that can sign a post, and words at a beginning that can address someone.
SIGNED, ADDRESSED = 3, 10
#: Characters a word has on average at most.
LONGEST = 12.0
_BULLET = re.compile(r"(?:[-*•·–—o+]|\(?[0-9]{1,2}[.)]|[a-z][.)])\s")
#: Last characters told apart; other signs are 10, digits 9, letters 0.
_ENDS = {".": 1, "?": 2, "!": 3, ":": 4, ",": 5, ")": 6, '"': 7, "”": 7, "'": 7, "…": 8, ";": 5}
#: First characters told apart; other signs are 9, digits 2, capitals and small letters 1 and 0.
_STARTS = {'"': 3, "“": 3, "„": 3, "'": 3, "@": 4, ">": 5, "(": 6, "[": 7, "-": 8}
#: Letters of a word that may be rare; blocks that a rare word is in at most, unless more of them
#: are as few of all.
RARE, FEW, ONE_IN = 3, 3, 8


def columns(gathered: Gathered) -> dict[str, Column]:
    """What is counted in every block."""
    texts = gathered.texts
    chars = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    words = gathered.stops - gathered.starts
    said = np.maximum(words, 1)
    sentences = signs.sentences(texts)
    lower = [_begins_lower(text) for text in texts]
    digits, capitals = signs.shares(texts)
    quotes = [text.count("'") + text.count('"') + text.count("(") for text in texts]
    return {
        "chars": chars,
        "words": words,
        "sentences": sentences,
        "sentence": chars / (1 + sentences),
        "questions": np.array([text.count("?") for text in texts]),
        "shouts": np.array([text.count("!") for text in texts]),
        "dots": np.array([text.count("...") + text.count("…") for text in texts]),
        "links": np.array([text.count("http") + text.count("www.") for text in texts]),
        "commas": np.array([text.count(",") for text in texts]) / said,
        "quotes": np.array(quotes) / said,
        "digits": digits,
        "capitals": capitals,
        "word_length": np.minimum(LONGEST, chars / said),
        "bullet": np.array([_BULLET.match(text) is not None for text in texts]),
        "lower": np.array(lower),
        "end": np.array([_end(text[-1]) for text in texts]),
        "start": np.array([_start(text[0], low) for text, low in zip(texts, lower, strict=True)]),
        **_kinds_in(gathered, said),
    }


def _kinds_in(gathered: Gathered, said: Column) -> dict[str, Column]:
    """The share of words to and of oneself in every block, and whether there is a word of each kind
    at its edges."""
    known, starts, stops = _kinds(), gathered.starts, gathered.stops
    kinds = np.array([known.get(word, 0) for word in gathered.vocabulary], dtype=np.int64)
    kinds = np.append(kinds[gathered.words], 0)  # The last stands for words that are not there.
    none = len(kinds) - 1
    opening, closing = np.zeros_like(starts), np.zeros_like(starts)
    for step in range(EDGE):
        opening |= kinds[np.where(starts + step < stops, starts + step, none)]
        closing |= kinds[np.where(stops - step > starts, stops - step - 1, none)]
    found = {}
    for name, bit in (("you", _YOU), ("me", _ME)):
        running = np.append(0, np.cumsum(kinds[:-1] >> bit & 1))
        found[name] = (running[stops] - running[starts]) / said
    for bit, kind in enumerate(KINDS):
        found[f"opens_{kind}"] = opening >> bit & 1
        if kind in LAST_KINDS:
            found[f"closes_{kind}"] = closing >> bit & 1
    return found


@cache
def _kinds() -> dict[str, int]:
    bits: dict[str, int] = {}
    for bit, kind in enumerate(KINDS):
        for word in load("markers")[kind]:
            bits[word] = bits.get(word, 0) | 1 << bit
    return bits


def _begins_lower(text: str) -> bool:
    first = text[0]
    letter = first if first.isalpha() else next(filter(str.isalpha, text[1:12]), "")
    return letter.islower()


def _end(char: str) -> int:
    return 0 if char.isalpha() else _ENDS.get(char, 9 if char.isdigit() else 10)


def _start(char: str, lower: bool) -> int:
    if char.isalpha():
        return 0 if lower else 1
    return 2 if char.isdigit() else _STARTS.get(char, 9)


def rare(gathered: Gathered) -> list[frozenset[int]]:
    """Of every block its words that are long and in few blocks of the document, but not in one
    alone."""
    lengths = gathered.stops - gathered.starts
    ends = np.cumsum(lengths)
    block = np.repeat(np.arange(len(gathered)), lengths)
    words = gathered.words[np.arange(len(block)) + (gathered.stops - ends)[block]]
    count = len(gathered.vocabulary)
    long = np.fromiter(map(len, gathered.vocabulary), dtype=np.int64, count=count) > RARE
    # Most words are short or stand once: they need not be put in order.
    could = np.flatnonzero((long & (np.bincount(words, minlength=count) > 1))[words])
    words, block = words[could], block[could]
    # By word, those of a block together: each block counts once for each of its words.
    order = np.argsort(words, kind="stable")
    first = np.append(True, (np.diff(words[order]) != 0) | (np.diff(block[order]) != 0))
    counts = np.bincount(words[order[first[: len(order)]]], minlength=count)
    most = np.maximum(FEW, gathered.edges.sizes // ONE_IN)
    counted = counts[words]
    places = np.flatnonzero((counted > 1) & (counted <= gathered.edges.spread(most)[block]))
    chosen = words[places].tolist()
    edges = np.searchsorted(block[places], np.arange(1, len(gathered) + 1)).tolist()
    return [frozenset(chosen[start:stop]) for start, stop in pairwise([0, *edges])]


def signers(gathered: Gathered) -> list[int]:
    """Of every block the word with which a last line of a few words ends, if it looks like a name;
    or -1."""
    lines = chain.from_iterable(blocks.last_lines for blocks in gathered.documents)
    found = []
    for line, start, stop in zip(
        lines, gathered.starts.tolist(), gathered.stops.tolist(), strict=True
    ):
        words = line.split(None, SIGNED)
        signed = start < stop and 0 < len(words) <= SIGNED
        signed = signed and words[-1].strip("-–—~.,!)").istitle()
        found.append(int(gathered.words[stop - 1]) if signed else -1)
    return found


def addressed(gathered: Gathered, block: int) -> Sequence[int]:
    """The words with which a block may address someone."""
    start = int(gathered.starts[block])
    stop = min(int(gathered.stops[block]), start + ADDRESSED)
    found: list[int] = gathered.words[start:stop].tolist()
    return found


def repeated(values: Sequence[str]) -> list[int]:
    """How often each of the values stands elsewhere as well.

    >>> repeated(["no", "yes", "no"])
    [1, 0, 1]
    """
    counts = Counter(values)
    return [counts[value] - 1 for value in values]
