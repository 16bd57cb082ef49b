"""What can be counted at a place between two blocks, one row of numbers a place.

``NAMES`` gives the columns. Nothing here knows a language except through ``blocks.KINDS``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import log1p
from statistics import fmean, median

import numpy as np

from corpus.segmentation import gaps, voice
from corpus.segmentation.blocks import KINDS, Block
from corpus.segmentation.document import Document

#: Last characters told apart; other signs are 10, digits 9, letters 0.
_ENDS = {".": 1, "?": 2, "!": 3, ":": 4, ",": 5, ")": 6, '"': 7, "”": 7, "'": 7, "…": 8, ";": 5}
#: Kinds of words that are looked at where a block ends: thank, close, laugh.
_LAST_BITS = (2, 4, 5)
#: Blocks further away count as so many.
FAR = 30

BLOCK_NAMES = (
    "chars", "words", "lines", "end", "start", "sentences", "sentence", "questions", "shouts",
    "dots", "links", "digits", "bullet", "you", "me", "copied", "repeated", "signed",
    "commas", "capitals", "word_length", "quotes",
)  # fmt: skip
PAGE_NAMES = (
    "blocks", "long", "marked", "copies", "size", "typical", "lower", "open", "short", "wrapped",
    "run", "onsets", "hidden", "questions", "signed",
)  # fmt: skip
PLACE_NAMES = (
    "long", "gap", "index", "left", "since_long", "until_long", "stretch", "like_above",
    "like_two_above", "like_below", "like_recent", "like_first", "above_below",
    "depth", "above_deep", "introduces",
    "above_introduces", "attribution", "copy_first", "above_copy_last", "source_back",
    "source_in_stretch", "source_step", "since_copy", "until_copy", "copies_in_stretch",
    "quoted_first", "above_quoted_last", "quoted_inner", "quoted_whole", "above_quoted_whole",
    "since_short", "chars_in_stretch", "size", "above_size", "case_change", "end_change",
    "you_change", "me_change", "digit_change", "comma_change", "capital_change", "length_change",
    "next_copied", "two_above_copied", "two_above_chars", "next_attribution", "next_gap",
    "voice_shared", "voice_differs", "voice_rare", "next_voice_differs", "voice_two_above_differs",
    "voice_two_above_shared",
    "above_signed", "below_signed", "above_name_alone", "addresses", "addresses_above",
    "above_named", "next_depth", "below_first_line", "below_last_line", "above_first_line",
    "above_last_line",
)  # fmt: skip
NAMES = (
    *(f"page_{name}" for name in PAGE_NAMES),
    *PLACE_NAMES,
    *(f"below_{name}" for name in BLOCK_NAMES),
    *(f"above_{name}" for name in BLOCK_NAMES),
    *(f"next_{name}" for name in BLOCK_NAMES[:5]),
    *(f"opens_{kind}" for kind in KINDS),
    *(f"above_opens_{kind}" for kind in KINDS),
    *(f"above_closes_{KINDS[bit]}" for bit in _LAST_BITS),
    *(f"next_opens_{kind}" for kind in KINDS[:6]),
)


@dataclass(frozen=True, slots=True)
class _Page:
    """The document's own habits."""

    row: list[float]
    size: float
    typical: float
    lower: float


def rows(document: Document, blocks: Sequence[Block]) -> Iterator[list[float]]:
    """One row for every block but the first: does a post start with it?"""
    paragraph = document.paragraph_gap
    long = [gaps.longer(block.gap, paragraph) for block in blocks]
    page = _page(blocks, long)
    texts = Counter(block.text_key for block in blocks)
    signed = Counter(block.last_key for block in blocks)
    shown = [_shown(block, texts, signed) for block in blocks]
    opens = [_flags(block.opening) for block in blocks]
    until_long = _until(long)
    until_copy = _until([block.copied > 0 for block in blocks])
    blank = [-1.0] * 5
    blank_opens = [-1.0] * 6
    first_rare = blocks[0].rare if blocks else frozenset()
    since_long = since_copy = copies = 0
    stretch_start, stretch_chars, last_source, since_short = 0, 0, -1, 0
    total = len(blocks)
    rare_voice = _rare_voice(blocks)
    signers = Counter(block.name for block in blocks)
    signing = {name for name, count in signers.items() if name >= 0 and count > 1}
    names: set[int] = set()
    for at in range(1, total):
        above, below = blocks[at - 1], blocks[at]
        following = blocks[at + 1] if at + 1 < total else None
        # What the open stretch (since the last longer gap) holds above this place.
        if long[at - 1]:
            stretch_start, stretch_chars, copies, since_long = at - 1, 0, 0, 0
        stretch_chars += above.chars
        since_long += 1
        since_copy = 0 if above.copied > 0 else since_copy + 1
        copies += above.copied > 0
        if above.source >= 0:
            last_source = above.source
        since_short = 0 if above.chars < 80 else since_short + 1
        before = blocks[at - 2].rare if at > 1 else frozenset()
        rare = below.rare
        both = len(rare & above.rare)
        common, differing = below.voice & above.voice, below.voice ^ above.voice
        if above.name >= 0:
            names.add(above.name)
        row = [
            *page.row,
            float(long[at]),
            min(below.gap, 6.0),
            log1p(at),
            log1p(total - at),
            min(since_long, FAR),
            min(until_long[at], FAR),
            min(since_long + until_long[at], FAR),
            both,
            len(rare & before),
            len(rare & following.rare) if following else -1,
            both / (1 + min(len(rare), len(above.rare))),
            len(rare & first_rare),
            len(above.rare & following.rare) if following else -1,
            below.depth,
            float(above.ends_deep),
            float(below.introduces),
            float(above.introduces),
            float(below.attribution),
            float(below.copy_first),
            float(above.copy_last),
            min(at - below.source, FAR) if below.source >= 0 else -1,
            float(below.source >= stretch_start) if below.source >= 0 else -1,
            max(-FAR, min(FAR, below.source - last_source))
            if below.source >= 0 and last_source >= 0
            else -FAR - 1,
            min(since_copy, FAR),
            min(until_copy[at], FAR),
            copies,
            min(below.quoted_first, 3),
            min(above.quoted_last, 3),
            min(below.quoted_inner, 3),
            min(below.quoted_whole, 3),
            min(above.quoted_whole, 3),
            min(since_short, 10),
            log1p(stretch_chars),
            shown[at][0] - page.size,
            shown[at - 1][0] - page.size,
            below.lower - float(above.lower),
            float(shown[at][3] == shown[at - 1][3]),
            below.you - above.you,
            below.me - above.me,
            below.digits - above.digits,
            abs(below.commas - above.commas),
            abs(below.capitals - above.capitals),
            abs(below.word_length - above.word_length),
            min(following.copied, 1.0) if following else -1,
            min(blocks[at - 2].copied, 1.0) if at > 1 else -1,
            shown[at - 2][0] if at > 1 else -1,
            float(following.attribution) if following else -1,
            min(following.gap, 6.0) if following else -1,
            common.bit_count(),
            differing.bit_count(),
            (common & rare_voice).bit_count(),
            (below.voice ^ following.voice).bit_count() if following else -1,
            (below.voice ^ blocks[at - 2].voice).bit_count() if at > 1 else -1,
            (below.voice & blocks[at - 2].voice).bit_count() if at > 1 else -1,
            float(above.name in signing),
            float(below.name in signing),
            float(above.name >= 0 and len(above.words) <= 3),
            float(not names.isdisjoint(below.addresses)),
            float(above.name in below.addresses),
            float(above.name >= 0),
            following.depth if following else -1,
            min(below.first_line, 200),
            min(below.last_line, 200),
            min(above.first_line, 200),
            min(above.last_line, 200),
            *shown[at],
            *shown[at - 1],
            *(shown[at + 1][:5] if following else blank),
            *opens[at],
            *opens[at - 1],
            *_last_flags(above.closing),
            *(opens[at + 1][:6] if following else blank_opens),
        ]
        yield row


@cache
def _flags(kinds: int) -> tuple[float, ...]:
    """Of every kind of words whether it is among these, which are given as bits."""
    return tuple(float(kinds >> bit & 1) for bit in range(len(KINDS)))


@cache
def _last_flags(kinds: int) -> tuple[float, ...]:
    """The same of the kinds that tell how a post ends."""
    return tuple(float(kinds >> bit & 1) for bit in _LAST_BITS)


def _rare_voice(blocks: Sequence[Block]) -> int:
    """The habits that at most one block in five shows."""
    voices = np.array([block.voice for block in blocks], dtype=np.int64)
    counts = [int((voices >> bit & 1).sum()) for bit in range(voice.BITS)]
    return sum(1 << bit for bit, count in enumerate(counts) if count * 5 <= len(blocks))


def _shown(block: Block, texts: Counter[int], signed: Counter[int]) -> list[float]:
    words = len(block.words)
    return [
        log1p(block.chars),
        min(words, 50),
        min(len(block.lines), 12),
        _end(block.last),
        _start(block),
        min(block.sentences, 12),
        block.chars / (1 + block.sentences),
        min(block.questions, 4),
        min(block.shouts, 5),
        min(block.dots, 4),
        min(block.links, 3),
        block.digits,
        float(block.bullet),
        block.you,
        block.me,
        min(block.copied, 1.0),
        min(texts[block.text_key] - 1, 4),
        min(signed[block.last_key] - 1, 4),
        block.commas,
        block.capitals,
        block.word_length,
        block.quotes,
    ]


def _end(char: str) -> int:
    return 0 if char.isalpha() else _ENDS.get(char, 9 if char.isdigit() else 10)


def _start(block: Block) -> int:
    first = block.first
    if first.isalpha():
        return 0 if block.lower else 1
    if first.isdigit():
        return 2
    return {'"': 3, "“": 3, "„": 3, "'": 3, "@": 4, ">": 5, "(": 6, "[": 7, "-": 8}.get(first, 9)


def _page(blocks: Sequence[Block], long: Sequence[bool]) -> _Page:
    sizes = [log1p(block.chars) for block in blocks]
    total = max(1, len(blocks))
    stretch = 0
    stretches = []
    for wide in long:
        stretch += wide
        stretches.append(stretch)
    onsets = [n for n, block in enumerate(blocks) if block.copy_first and not long[n]]
    hidden = sum(
        blocks[n].source >= 0 and stretches[blocks[n].source] == stretches[n] for n in onsets
    )
    signed = Counter(block.last_key for block in blocks)
    size = fmean(sizes)
    typical = median(sizes)
    lower = sum(block.lower for block in blocks) / total
    row = [
        log1p(total),
        sum(long) / total,
        sum(block.depth > 0 for block in blocks) / total,
        sum(block.copied > 0 for block in blocks) / total,
        size,
        typical,
        lower,
        sum(block.last.isalpha() for block in blocks) / total,
        sum(block.chars < 80 for block in blocks) / total,
        sum(len(block.lines) > 1 for block in blocks) / total,
        total / (1 + sum(long)),
        len(onsets) / total,
        hidden / total,
        sum(block.questions > 0 for block in blocks) / total,
        sum(count > 1 for count in signed.values()) / total,
    ]
    return _Page(row, size, typical, lower)


def _until(facts: Sequence[bool]) -> list[int]:
    """For every place the number of blocks to the next one after it of which ``facts`` is true."""
    found = [0] * len(facts)
    distance = FAR
    for at in range(len(facts) - 1, -1, -1):
        distance += 1
        found[at] = distance
        if facts[at]:
            distance = 0
    return found
