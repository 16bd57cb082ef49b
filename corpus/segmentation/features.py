"""What can be counted at a place between two blocks, one row of numbers a place.

``NAMES`` gives the columns. Nothing here knows a language except through ``blocks.KINDS``. All
places are counted at once, a column at a time: row by row took three times as long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log1p
from operator import attrgetter
from statistics import fmean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.segmentation import voice
from corpus.segmentation.blocks import KINDS, Block
from corpus.segmentation.document import Document

#: Last characters told apart; other signs are 10, digits 9, letters 0.
_ENDS = {".": 1, "?": 2, "!": 3, ":": 4, ",": 5, ")": 6, '"': 7, "”": 7, "'": 7, "…": 8, ";": 5}
#: First characters told apart; other signs are 9, digits 2, capitals and small letters 1 and 0.
_STARTS = {'"': 3, "“": 3, "„": 3, "'": 3, "@": 4, ">": 5, "(": 6, "[": 7, "-": 8}
#: Kinds of words that are looked at where a block ends: thank, close, laugh.
_LAST_BITS = (2, 4, 5)
#: Kinds of words that are looked at where the block below begins.
_NEXT_KINDS = 6
#: Blocks further away count as so many.
FAR = 30
#: Characters of a block that is no short one.
SHORT = 80
#: Stands for what a place at an edge of the document has not.
NONE = -1.0
#: Places that are looked at together.
PART = 2_000

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
    *(f"next_opens_{kind}" for kind in KINDS[:_NEXT_KINDS]),
)

#: A number for every block or place; and rows of them.
Column = NDArray[Any]
Rows = NDArray[np.float64]

#: What is read off every block as a number.
_READ = (
    "gap", "chars", "lower", "sentences", "questions", "shouts", "dots", "links", "digits",
    "bullet", "depth", "ends_deep", "introduces", "attribution", "you", "me", "commas", "capitals",
    "word_length", "quotes", "first_line", "last_line", "name", "copied", "copy_first",
    "copy_last", "source", "quoted_first", "quoted_inner", "quoted_last", "quoted_whole",
)  # fmt: skip
_read = attrgetter(*_READ)
#: What is counted of it besides.
_COUNTED = ("words", "lines", "end", "start", "repeated", "signed", "sentence")
#: In which row of a table of blocks each is.
_ROW = {name: row for row, name in enumerate((*_READ, *_COUNTED))}
#: More than this counts as so much at a place.
_MOST = {
    "gap": 6, "words": 50, "lines": 12, "sentences": 12, "questions": 4, "shouts": 5, "dots": 4,
    "links": 3, "copied": 1, "repeated": 4, "signed": 4, "quoted_first": 3, "quoted_inner": 3,
    "quoted_last": 3, "quoted_whole": 3, "first_line": 200, "last_line": 200,
}  # fmt: skip
_most = np.array([[_MOST.get(name, np.inf)] for name in _ROW])

#: What of ``PLACE_NAMES`` is said of one block next to the place, or is how much more of it the
#: block below has than the one above, or how far apart they are. The others are counted alone.
_BESIDE = {
    "gap": ("below", "gap"),
    "next_gap": ("next", "gap"),
    "depth": ("below", "depth"),
    "above_deep": ("above", "ends_deep"),
    "next_depth": ("next", "depth"),
    "introduces": ("below", "introduces"),
    "above_introduces": ("above", "introduces"),
    "attribution": ("below", "attribution"),
    "next_attribution": ("next", "attribution"),
    "copy_first": ("below", "copy_first"),
    "above_copy_last": ("above", "copy_last"),
    "next_copied": ("next", "copied"),
    "two_above_copied": ("two above", "copied"),
    "quoted_first": ("below", "quoted_first"),
    "quoted_inner": ("below", "quoted_inner"),
    "above_quoted_last": ("above", "quoted_last"),
    "quoted_whole": ("below", "quoted_whole"),
    "above_quoted_whole": ("above", "quoted_whole"),
    "two_above_chars": ("two above", "chars"),
    "below_first_line": ("below", "first_line"),
    "below_last_line": ("below", "last_line"),
    "above_first_line": ("above", "first_line"),
    "above_last_line": ("above", "last_line"),
    "case_change": ("more", "lower"),
    "you_change": ("more", "you"),
    "me_change": ("more", "me"),
    "digit_change": ("more", "digits"),
    "comma_change": ("apart", "commas"),
    "capital_change": ("apart", "capitals"),
    "length_change": ("apart", "word_length"),
}
_ALONE = tuple(name for name in PLACE_NAMES if name not in _BESIDE)

#: The tables that are made, one after the other, with the names of their rows.
_TABLES: dict[str, Iterable[str]] = {
    **dict.fromkeys(("below", "above", "next", "two above", "more", "apart"), _ROW),
    **dict.fromkeys(("below opens", "above opens", "next opens", "above closes"), KINDS),
    "page": PAGE_NAMES,
    "alone": _ALONE,
}
_made = {
    place: n for n, place in enumerate((t, row) for t, rows in _TABLES.items() for row in rows)
}
#: Where each of ``NAMES`` is among their rows.
_ORDER = [
    _made[place]
    for place in (
        *(("page", name) for name in PAGE_NAMES),
        *(_BESIDE.get(name, ("alone", name)) for name in PLACE_NAMES),
        *(("below", name) for name in BLOCK_NAMES),
        *(("above", name) for name in BLOCK_NAMES),
        *(("next", name) for name in BLOCK_NAMES[:5]),
        *(("below opens", kind) for kind in KINDS),
        *(("above opens", kind) for kind in KINDS),
        *(("above closes", KINDS[bit]) for bit in _LAST_BITS),
        *(("next opens", kind) for kind in KINDS[:_NEXT_KINDS]),
    )
]


def rows(document: Document, blocks: Sequence[Block]) -> Iterator[Rows]:
    """One row for every block but the first: does a post start with it? At most ``PART`` at a time:
    those of a long document would take up a thousand bytes a place."""
    if len(blocks) < 2:
        return
    places = _Places.of(document, blocks)
    page = places.page()
    alone = places.alone(page["size"])
    tables = _Tables(
        shown=_padded(places.shown),
        opens=_padded(_flags([block.opening for block in blocks])),
        closes=_padded(_flags([block.closing for block in blocks])),
        page=np.array([[page[name]] for name in PAGE_NAMES]),
        alone=np.array([alone[name] for name in _ALONE], dtype=np.float64),
    )
    for first in range(0, len(blocks) - 1, PART):
        yield tables.rows(first, min(first + PART, len(blocks) - 1))


@dataclass(frozen=True, slots=True)
class _Tables:
    """What is known of all blocks, padded, and of all places, a column each."""

    shown: Column
    opens: Column
    closes: Column
    page: Column
    alone: Column

    def rows(self, first: int, stop: int) -> Rows:
        """The rows of these places: each stands between the block of its number and the next."""
        # Padded, column n is the block two above place n; three more are around the last place.
        two_above, above, below, following = _around(self.shown[:, first : stop + 3])
        _, opens_above, opens_below, opens_next = _around(self.opens[:, first : stop + 3])
        more = below - above
        made = {
            "below": below,
            "above": above,
            "next": following,
            "two above": two_above,
            "more": more,
            "apart": np.abs(more),
            "below opens": opens_below,
            "above opens": opens_above,
            "next opens": opens_next,
            "above closes": _around(self.closes[:, first : stop + 3])[1],
            "page": np.broadcast_to(self.page, (len(self.page), stop - first)),
            "alone": self.alone[:, first:stop],
        }
        found: Rows = np.concatenate([made[name] for name in _TABLES])[_ORDER].T
        return found


def _padded(table: Column) -> Column:
    """The table with a column before and behind it, for what edges of the document have not."""
    found = np.full((len(table), table.shape[1] + 2), NONE)
    found[:, 1:-1] = table
    return found


def _around(table: Column) -> tuple[Column, Column, Column, Column]:
    """At every place what is said of the two blocks above and the two below."""
    return table[:, :-3], table[:, 1:-2], table[:, 2:-1], table[:, 3:]


def _flags(kinds: Sequence[int]) -> Column:
    """For each kind of words whether it is among a block's, which are given as bits."""
    flags: Column = np.array(kinds) >> np.arange(len(KINDS))[:, None] & 1
    return flags


def _latest(true: Column, none: int) -> Column:
    """At every place the last block above it of which this is true, ``none`` if there is none."""
    found: Column = np.maximum.accumulate(np.where(true, np.arange(len(true)), none))[:-1]
    return found


def _log1p(column: Column) -> Column:
    """As Python has it: numpy's differs in the last digit by the processor."""
    return np.fromiter(map(log1p, column.tolist()), dtype=np.float64, count=len(column))


@dataclass(frozen=True, slots=True)
class _Places:
    """The places of a document: ``numbers`` are those of every block, as ``_ROW`` has them; those
    ``shown`` at a place count up to ``_MOST`` and have the logarithm of the characters."""

    blocks: Sequence[Block]
    long: Column
    numbers: Column
    shown: Column
    #: The block below every place, and the one that the open stretch begins with: it reaches from
    #: the last longer gap to the place.
    at: Column
    stretch: Column

    @classmethod
    def of(cls, document: Document, blocks: Sequence[Block]) -> _Places:
        texts = Counter(block.text_key for block in blocks)
        signed = Counter(block.last_key for block in blocks)
        numbers = np.array(
            [
                (
                    *_read(block),
                    len(block.words),
                    len(block.lines),
                    _end(block.last),
                    _start(block),
                    texts[block.text_key] - 1,
                    signed[block.last_key] - 1,
                    block.chars / (1 + block.sentences),
                )
                for block in blocks
            ],
            dtype=np.float64,
        ).T
        shown = np.minimum(numbers, _most)
        shown[_ROW["chars"]] = _log1p(numbers[_ROW["chars"]])
        long = numbers[_ROW["gap"]] > document.paragraph_gap
        return cls(blocks, long, numbers, shown, np.arange(1, len(blocks)), _latest(long, 0))

    def page(self) -> dict[str, float]:
        """The document's own habits."""
        blocks, total, wide = self.blocks, len(self.blocks), int(self.long.sum())
        sizes = [log1p(block.chars) for block in blocks]
        onsets = [n for n, block in enumerate(blocks) if block.copy_first and not self.long[n]]
        stretches = np.cumsum(self.long).tolist() if onsets else []
        signed = Counter(block.last_key for block in blocks)
        counts = {
            "long": wide,
            "marked": sum(block.depth > 0 for block in blocks),
            "copies": sum(block.copied > 0 for block in blocks),
            "lower": sum(block.lower for block in blocks),
            "open": sum(block.last.isalpha() for block in blocks),
            "short": sum(block.chars < SHORT for block in blocks),
            "wrapped": sum(len(block.lines) > 1 for block in blocks),
            "onsets": len(onsets),
            "hidden": sum(
                blocks[n].source >= 0 and stretches[blocks[n].source] == stretches[n]
                for n in onsets
            ),
            "questions": sum(block.questions > 0 for block in blocks),
            "signed": sum(count > 1 for count in signed.values()),
        }
        return {
            "blocks": log1p(total),
            "size": fmean(sizes),
            "typical": median(sizes),
            "run": total / (1 + wide),
            **{name: count / total for name, count in counts.items()},
        }

    def alone(self, size: float) -> dict[str, Column | Sequence[float]]:
        """What is counted for itself; ``size`` is what blocks usually have."""
        sizes, ends = self.shown[_ROW["chars"]] - size, self.shown[_ROW["end"]]
        return {
            "size": sizes[1:],
            "above_size": sizes[:-1],
            "end_change": ends[1:] == ends[:-1],
            **self._gaps(),
            **self._copies(),
            **self._likeness(),
            **self._voices(),
            **self._names(),
        }

    def _gaps(self) -> dict[str, Column]:
        """How wide the gap is, and how much stands between it and other ones."""
        at = self.at
        since, until = at - self.stretch, _until(self.long)
        sizes = self.numbers[_ROW["chars"]]
        chars = np.cumsum([0.0, *sizes.tolist()])
        return {
            "long": self.long[1:],
            "index": _log1p(at),
            "left": _log1p(at)[::-1],
            "since_long": np.minimum(since, FAR),
            "until_long": np.minimum(until, FAR),
            "stretch": np.minimum(since + until, FAR),
            "since_short": np.minimum(at - 1 - _latest(sizes < SHORT, -1), 10),
            "chars_in_stretch": _log1p(chars[at] - chars[self.stretch]),
        }

    def _copies(self) -> dict[str, Column]:
        """Where what is copied here stood, and how far other copies are."""
        at, sources = self.at, self.numbers[_ROW["source"]]
        copied = self.numbers[_ROW["copied"]] > 0
        if not copied.any():
            none = np.full(len(at), NONE)
            return {
                "source_back": none,
                "source_in_stretch": none,
                "source_step": np.full(len(at), -FAR - 1),
                "since_copy": np.minimum(at, FAR),
                "until_copy": np.full(len(at), FAR),
                "copies_in_stretch": np.zeros(len(at)),
            }
        source, latest = sources[1:], _latest(sources >= 0, -1)
        step = np.clip(source - sources[latest], -FAR, FAR)
        counted = np.append(0, np.cumsum(copied))
        return {
            "source_back": np.where(source >= 0, np.minimum(at - source, FAR), NONE),
            "source_in_stretch": np.where(source >= 0, source >= self.stretch, NONE),
            "source_step": np.where((source >= 0) & (latest >= 0), step, -FAR - 1),
            "since_copy": np.minimum(at - 1 - _latest(copied, -1), FAR),
            "until_copy": np.minimum(_until(copied), FAR),
            "copies_in_stretch": counted[at] - counted[self.stretch],
        }

    def _likeness(self) -> dict[str, Sequence[float]]:
        """How many rare words blocks near the place share."""
        rare = [block.rare for block in self.blocks]
        counts, first = list(map(len, rare)), rare[0]
        # With the block right above, and with the one above that.
        one = [len(a & b) for a, b in pairwise(rare)]
        two = [0, *(len(a & b) for a, b in zip(rare, rare[2:], strict=False))]
        return {
            "like_above": one,
            "like_two_above": two,
            "like_below": [*one[1:], NONE],
            "like_recent": [
                shared / (1 + min(above, below))
                for shared, (above, below) in zip(one, pairwise(counts), strict=True)
            ],
            "like_first": [len(words & first) for words in rare[1:]],
            "above_below": [*two[1:], NONE],
        }

    def _voices(self) -> dict[str, Column | Sequence[float]]:
        """How many habits of writing blocks near the place share."""
        habits = np.array([block.voice for block in self.blocks], dtype=np.int64)
        seldom = habits & _seldom(habits)
        differs = np.bitwise_count(habits[1:] ^ habits[:-1])
        return {
            "voice_shared": np.bitwise_count(habits[1:] & habits[:-1]),
            "voice_differs": differs,
            "voice_rare": np.bitwise_count(seldom[1:] & seldom[:-1]),
            "next_voice_differs": [*differs[1:].tolist(), NONE],
            "voice_two_above_differs": [NONE, *np.bitwise_count(habits[2:] ^ habits[:-2]).tolist()],
            "voice_two_above_shared": [NONE, *np.bitwise_count(habits[2:] & habits[:-2]).tolist()],
        }

    def _names(self) -> dict[str, Sequence[float]]:
        """Who signs above, and whether the block below addresses one who signed."""
        blocks = self.blocks
        signers = Counter(block.name for block in blocks)
        signing = [block.name >= 0 and signers[block.name] > 1 for block in blocks]
        known: set[int] = set()
        addressed = []
        for above, below in pairwise(blocks):
            if above.name >= 0:
                known.add(above.name)
            addressed.append(not known.isdisjoint(below.addresses))
        return {
            "above_signed": signing[:-1],
            "below_signed": signing[1:],
            "above_name_alone": [b.name >= 0 and len(b.words) <= 3 for b in blocks[:-1]],
            "addresses": addressed,
            "addresses_above": [a.name in b.addresses for a, b in pairwise(blocks)],
            "above_named": [block.name >= 0 for block in blocks[:-1]],
        }


def _seldom(habits: Column) -> int:
    """The habits that at most one block in five shows."""
    counts = (habits[:, None] >> np.arange(voice.BITS) & 1).sum(axis=0).tolist()
    return sum(1 << bit for bit, count in enumerate(counts) if count * 5 <= len(habits))


def _end(char: str) -> int:
    return 0 if char.isalpha() else _ENDS.get(char, 9 if char.isdigit() else 10)


def _start(block: Block) -> int:
    first = block.first
    if first.isalpha():
        return 0 if block.lower else 1
    return 2 if first.isdigit() else _STARTS.get(first, 9)


def _until(true: Column) -> Column:
    """At every place the number of blocks to the next one after it of which this is true.

    ``FAR`` or more if there is none.
    """
    total = len(true)
    coming = np.where(true, np.arange(total), total + FAR)
    nearest = np.minimum.accumulate(coming[::-1])[::-1]
    return np.append(nearest[2:], total + FAR) - np.arange(1, total)
