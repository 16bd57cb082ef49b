"""What is counted of blocks and at every place between two of them, as columns.

All places are counted at once, a column at a time: in long threads a third of the time of counting
row by row, in short ones, gathered, less than that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log1p
from statistics import fmean, median

import numpy as np

from corpus.segmentation import contents, voice
from corpus.segmentation.blocks import Blocks
from corpus.segmentation.gathering import Column, Edges, Gathered

#: Blocks further away count as so many.
FAR = 30
#: Characters of a block that is no short one.
SHORT = 80
#: Stands for what a place at an edge of the document has not.
NONE = -1.0

#: What is known of every block as a number.
ROWS = (
    "gap", "depth", "ends_deep", "introduces", "attribution", "lines", "first_line", "last_line",
    "copied", "copy_first", "copy_last", "source", "quoted_first", "quoted_inner", "quoted_last",
    "quoted_whole", "repeated", "signed",
    "chars", "words", "sentences", "sentence", "questions", "shouts", "dots", "links", "commas",
    "quotes", "digits", "capitals", "word_length", "bullet", "lower", "end", "start", "you", "me",
    *(f"opens_{kind}" for kind in contents.KINDS),
    *(f"closes_{kind}" for kind in contents.LAST_KINDS),
)  # fmt: skip
ROW = {name: row for row, name in enumerate(ROWS)}
#: More than this counts as so much at a place.
_MOST = {
    "gap": 6, "words": 50, "lines": 12, "sentences": 12, "questions": 4, "shouts": 5, "dots": 4,
    "links": 3, "copied": 1, "repeated": 4, "signed": 4, "quoted_first": 3, "quoted_inner": 3,
    "quoted_last": 3, "quoted_whole": 3, "first_line": 200, "last_line": 200,
}  # fmt: skip
_most = np.array([[_MOST.get(name, np.inf)] for name in ROWS])


@dataclass(frozen=True, slots=True)
class Places:
    """The places of gathered documents, one above every block but the first of each.

    ``shown`` are the numbers of every block, as ``ROWS`` has them: counted up to ``_MOST``, and
    ``chars`` as a logarithm.
    """

    gathered: Gathered
    wide: Column
    chars: Column
    shown: Column

    @classmethod
    def of(cls, gathered: Gathered) -> Places:
        known = {**_layout(gathered), **contents.columns(gathered)}
        shown = np.array([known[name] for name in ROWS], dtype=np.float64)
        np.minimum(shown, _most, out=shown)
        shown[ROW["chars"]] = _log1p(known["chars"])
        return cls(gathered, gathered.column(lambda blocks: blocks.wide), known["chars"], shown)

    @property
    def edges(self) -> Edges:
        return self.gathered.edges

    @property
    def at(self) -> Column:
        return self.edges.places

    def page(self) -> dict[str, Column]:
        """The habits of every document."""
        shown, wide, totals = self.shown, self.wide, self.edges.sizes
        sizes = self.edges.each(self.shown[ROW["chars"]].tolist())
        onsets = (shown[ROW["copy_first"]] > 0) & ~wide
        stretches, sources = np.cumsum(wide), self._sources()
        true = {
            "long": wide,
            "marked": shown[ROW["depth"]] > 0,
            "copies": shown[ROW["copied"]] > 0,
            "lower": shown[ROW["lower"]] > 0,
            "open": [text[-1].isalpha() for text in self.gathered.texts],
            "short": self.chars < SHORT,
            "wrapped": shown[ROW["lines"]] > 1,
            "onsets": onsets,
            "hidden": onsets & (sources >= 0) & (stretches[sources] == stretches),
            "questions": shown[ROW["questions"]] > 0,
        }
        counts = np.add.reduceat(
            np.array(list(true.values()), dtype=np.int64), self.edges.starts, axis=1
        )
        signed = [
            sum(count > 1 for count in Counter(blocks.last_lines).values())
            for blocks in self.gathered.documents
        ]
        return {
            **dict(zip(true, counts / totals, strict=True)),
            "signed": np.array(signed) / totals,
            "blocks": _log1p(totals),
            "size": np.array(list(map(fmean, sizes))),
            "typical": np.array(list(map(median, sizes))),
            "run": totals / (1 + counts[0]),
        }

    def alone(self, size: Column) -> dict[str, Column]:
        """What is counted for itself; ``size`` is what blocks of every document usually have."""
        at = self.at
        sizes = self.shown[ROW["chars"]] - self.edges.spread(size)
        ends = self.shown[ROW["end"]]
        return {
            "size": sizes[at],
            "above_size": sizes[at - 1],
            "end_change": ends[at] == ends[at - 1],
            **self._gaps(),
            **self._copies(),
            **self._likeness(),
            **self._voices(),
            **self._names(),
        }

    def _gaps(self) -> dict[str, Column]:
        """How wide the gap is, and how much stands between it and other ones."""
        at, stretch = self.at, self._stretch()
        since, until = at - stretch, self._until(self.wide)
        chars = np.append(0, np.cumsum(self.chars))
        return {
            "long": self.wide[at],
            "index": _log1p(at - self.edges.first[at]),
            "left": _log1p(self.edges.stop[at] - at),
            "since_long": np.minimum(since, FAR),
            "until_long": np.minimum(until, FAR),
            "stretch": np.minimum(since + until, FAR),
            "since_short": np.minimum(at - 1 - self._latest(self.chars < SHORT, -1), 10),
            "chars_in_stretch": _log1p(chars[at] - chars[stretch]),
        }

    def _copies(self) -> dict[str, Column]:
        """Where what is copied here stood, and how far other copies are."""
        at, sources, stretch = self.at, self._sources(), self._stretch()
        source, latest = sources[at], self._latest(sources >= 0, -1)
        traced = source >= 0
        step = np.clip(source - sources[latest], -FAR, FAR)
        copied = self.shown[ROW["copied"]] > 0
        counted = np.append(0, np.cumsum(copied))
        return {
            "source_back": np.where(traced, np.minimum(at - source, FAR), NONE),
            "source_in_stretch": np.where(traced, source >= stretch, NONE),
            "source_step": np.where(traced & (latest >= self.edges.first[at]), step, -FAR - 1),
            "since_copy": np.minimum(at - 1 - self._latest(copied, -1), FAR),
            "until_copy": np.minimum(self._until(copied), FAR),
            "copies_in_stretch": counted[at] - counted[stretch],
        }

    def _likeness(self) -> dict[str, Column]:
        """How many rare words blocks near the place share."""
        rare, at = contents.rare(self.gathered), self.at
        counts = np.array(list(map(len, rare)))
        # With the block right above, and with the one above that; documents share none.
        one = np.array([0, *(len(a & b) for a, b in pairwise(rare))])
        two = np.array([0, 0, *(len(a & b) for a, b in zip(rare, rare[2:], strict=False))])
        first = zip(at.tolist(), self.edges.first[at].tolist(), strict=True)
        return {
            "like_above": one[at],
            "like_two_above": two[at],
            "like_below": self._next(one),
            "like_recent": one[at] / (1 + np.minimum(counts[at - 1], counts[at])),
            "like_first": np.array([len(rare[block] & rare[top]) for block, top in first]),
            "above_below": self._next(two),
        }

    def _voices(self) -> dict[str, Column]:
        """How many habits of writing blocks near the place share."""
        habits, at = voice.of_each(self.gathered.texts), self.at
        seldom = habits & self.edges.spread(self._seldom(habits))
        differs = np.append(0, np.bitwise_count(habits[1:] ^ habits[:-1]))
        above, two_above = habits[at - 1], habits[at - 2]
        there = at - 2 >= self.edges.first[at]
        return {
            "voice_shared": np.bitwise_count(habits[at] & above),
            "voice_differs": differs[at],
            "voice_rare": np.bitwise_count(seldom[at] & seldom[at - 1]),
            "next_voice_differs": self._next(differs),
            "voice_two_above_differs": np.where(
                there, np.bitwise_count(habits[at] ^ two_above), NONE
            ),
            "voice_two_above_shared": np.where(
                there, np.bitwise_count(habits[at] & two_above), NONE
            ),
        }

    def _seldom(self, habits: Column) -> Column:
        """The habits that at most one block in five of a document shows."""
        shown = habits[:, None] >> np.arange(voice.BITS) & 1
        counts = np.add.reduceat(shown, self.edges.starts, axis=0)
        few = counts * 5 <= self.edges.sizes[:, None]
        found: Column = (few << np.arange(voice.BITS)).sum(axis=1)
        return found

    def _names(self) -> dict[str, Column]:
        """Who signs above, and whether the block below addresses one who signed."""
        names, at = contents.signers(self.gathered), self.at
        counts = Counter(names)
        signing = np.array([name >= 0 and counts[name] > 1 for name in names])
        named = np.array(names) >= 0
        addresses, above = np.zeros(len(names)), np.zeros(len(names))
        # Names are numbers of words, so that those of other documents are none of this one.
        known: set[int] = set()
        for block in range(1, len(names)) if named.any() else ():
            if named[block - 1]:
                known.add(names[block - 1])
            if known:
                words = contents.addressed(self.gathered, block)
                addresses[block] = not known.isdisjoint(words)
                above[block] = names[block - 1] in words
        return {
            "above_signed": signing[at - 1],
            "below_signed": signing[at],
            "above_name_alone": (named & (self.shown[ROW["words"]] <= contents.SIGNED))[at - 1],
            "addresses": addresses[at],
            "addresses_above": above[at],
            "above_named": named[at - 1],
        }

    def _sources(self) -> Column:
        """The block that each block's first copy is of, or -1."""
        sources = self.shown[ROW["source"]].astype(np.int64)
        return np.where(sources >= 0, sources + self.edges.first, -1)

    def _stretch(self) -> Column:
        """At every place the block that the open stretch begins with: it reaches from the last
        longer gap to the place."""
        return self._latest(self.wide, 0)

    def _next(self, values: Column) -> Column:
        """At every place what is said of the block behind the one below."""
        return self.edges.beside(values, 1, NONE)

    def _until(self, true: Column) -> Column:
        """At every place the number of blocks to the next one after it of which this is true.

        ``FAR`` if there is none.
        """
        count = len(true)
        coming = np.where(true, np.arange(count), count)
        nearest = np.append(np.minimum.accumulate(coming[::-1])[::-1], count)[self.at + 1]
        return np.where(nearest < self.edges.stop[self.at], nearest - self.at, FAR)

    def _latest(self, true: Column, none: int) -> Column:
        """At every place the last block above it of which this is true; if there is none, the first
        of the document, or the one ``none`` says from there."""
        found: Column = np.maximum.accumulate(
            np.where(true, np.arange(len(true)), self.edges.first + none)
        )[self.at - 1]
        return found


def _layout(gathered: Gathered) -> dict[str, Column]:
    """What lines, marks and copies tell of every block."""
    column = gathered.column
    return {
        "gap": column(lambda blocks: blocks.gaps),
        "depth": column(lambda blocks: blocks.depths),
        "ends_deep": column(_deep_ends),
        "introduces": column(_introducing),
        "attribution": column(lambda blocks: blocks.attributions),
        "lines": column(lambda blocks: map(len, blocks.lines)),
        "first_line": column(_first_lines),
        "last_line": column(lambda blocks: map(len, blocks.last_lines)),
        "copied": column(lambda blocks: blocks.copied.share),
        "copy_first": column(lambda blocks: blocks.copied.first),
        "copy_last": column(lambda blocks: blocks.copied.last),
        "source": column(lambda blocks: blocks.copied.sources),
        "quoted_first": column(lambda blocks: blocks.copied.quoted_first),
        "quoted_inner": column(lambda blocks: blocks.copied.quoted_inner),
        "quoted_last": column(lambda blocks: blocks.copied.quoted_last),
        "quoted_whole": column(lambda blocks: blocks.copied.quoted_whole),
        "repeated": column(lambda blocks: contents.repeated(blocks.texts)),
        "signed": column(lambda blocks: contents.repeated(blocks.last_lines)),
    }


def _deep_ends(blocks: Blocks) -> Sequence[bool]:
    depths = blocks.document.depths
    return [depths[lines.stop - 1] > 0 for lines in blocks.lines]


def _introducing(blocks: Blocks) -> Sequence[bool]:
    return [blocks.document.introduces(lines.stop - 1) for lines in blocks.lines]


def _first_lines(blocks: Blocks) -> Iterator[int]:
    for lines in blocks.lines:
        yield len(blocks.document.lines[lines.start].span)


def _log1p(column: Column) -> Column:
    """As Python has it: numpy's differs in the last digit by the processor."""
    return np.fromiter(map(log1p, column.tolist()), dtype=np.float64, count=len(column))
