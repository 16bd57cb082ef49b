"""What is counted of the blocks of a document and at every place between two of them, as columns.

All places are counted at once, a column at a time: in long threads a third of the time of counting
row by row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log1p
from operator import attrgetter
from statistics import fmean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.segmentation import gaps, voice
from corpus.segmentation.blocks import Block
from corpus.segmentation.document import Document

#: Last characters told apart; other signs are 10, digits 9, letters 0.
_ENDS = {".": 1, "?": 2, "!": 3, ":": 4, ",": 5, ")": 6, '"': 7, "”": 7, "'": 7, "…": 8, ";": 5}
#: First characters told apart; other signs are 9, digits 2, capitals and small letters 1 and 0.
_STARTS = {'"': 3, "“": 3, "„": 3, "'": 3, "@": 4, ">": 5, "(": 6, "[": 7, "-": 8}
#: Blocks further away count as so many.
FAR = 30
#: Characters of a block that is no short one.
SHORT = 80
#: Stands for what a place at an edge of the document has not.
NONE = -1.0

#: A number for every block or place.
Column = NDArray[Any]

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
ROW = {name: row for row, name in enumerate((*_READ, *_COUNTED))}
#: More than this counts as so much at a place.
_MOST = {
    "gap": 6, "words": 50, "lines": 12, "sentences": 12, "questions": 4, "shouts": 5, "dots": 4,
    "links": 3, "copied": 1, "repeated": 4, "signed": 4, "quoted_first": 3, "quoted_inner": 3,
    "quoted_last": 3, "quoted_whole": 3, "first_line": 200, "last_line": 200,
}  # fmt: skip
_most = np.array([[_MOST.get(name, np.inf)] for name in ROW])


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a document: ``numbers`` are those of every block, as ``ROW`` has them; those
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
    def of(cls, document: Document, blocks: Sequence[Block]) -> Places:
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
        shown[ROW["chars"]] = _log1p(numbers[ROW["chars"]])
        long = np.array([gaps.longer(block.gap, document.paragraph_gap) for block in blocks])
        return cls(blocks, long, numbers, shown, np.arange(1, len(blocks)), _latest(long, 0))

    def page(self) -> dict[str, float]:
        """The document's own habits."""
        blocks, total, wide = self.blocks, len(self.blocks), int(self.long.sum())
        sizes = self.shown[ROW["chars"]].tolist()
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
        sizes, ends = self.shown[ROW["chars"]] - size, self.shown[ROW["end"]]
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
        sizes = self.numbers[ROW["chars"]]
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
        at, sources = self.at, self.numbers[ROW["source"]]
        copied = self.numbers[ROW["copied"]] > 0
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


def _latest(true: Column, none: int) -> Column:
    """At every place the last block above it of which this is true, ``none`` if there is none."""
    found: Column = np.maximum.accumulate(np.where(true, np.arange(len(true)), none))[:-1]
    return found


def _log1p(column: Column) -> Column:
    """As Python has it: numpy's differs in the last digit by the processor."""
    return np.fromiter(map(log1p, column.tolist()), dtype=np.float64, count=len(column))
