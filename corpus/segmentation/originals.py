"""Where words stood first: an index of word shingles, and the alignment of later words with it.

The cost is linear in the text. Shingles that occur only once are never looked at; of the others
every second is indexed, each keeps a few positions only, and words are compared one by one only
where the shingles they share lie on one diagonal.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from corpus.segmentation.words import SHINGLE, Words

#: Every STRIDE-th shingle is indexed, so any SHINGLE + STRIDE - 1 = 5 words in a row are found.
STRIDE = 2
#: Positions kept for a shingle, the earliest; phrases that recur more often than that tell nothing.
KEPT = 6
#: Near copies are aligned up to this length; longer ones are found where they are verbatim.
LONGEST_ALIGNED = 2000
#: Share of a near copy's shingles that must lie near one diagonal before it is aligned.
SHARED = 0.35


@dataclass(frozen=True, slots=True)
class Original:
    """A stretch of earlier words, and how many of the later ones it accounts for (0 to 1)."""

    words: range
    share: float


class Originals:
    """The words added so far, to be asked for the earliest original of later words.

    Words before ``first`` (the title's) are no original and no part of one.
    """

    def __init__(self, words: Words, first: int) -> None:
        self._words = words
        self._first = first
        self._places: dict[tuple[int, ...], tuple[int, ...]] = {}

    def add(self, chosen: range) -> None:
        """From now on these words can be an original."""
        ids, places = self._words.ids, self._places
        for at in self._recurring_in(chosen.start, chosen.stop):
            if at % STRIDE:
                continue
            shingle = tuple(ids[at : at + SHINGLE])
            kept = places.get(shingle, ())
            if len(kept) < KEPT:
                places[shingle] = (*kept, at)

    def continues(self, chosen: range, at: int) -> bool:
        """Whether the words from ``at`` on are the ``chosen`` ones, before these begin."""
        ids, stop = self._words.ids, at + len(chosen)
        if at < self._first or stop > chosen.start or not chosen or ids[at] != ids[chosen.start]:
            return False
        return ids[at:stop] == self._words.of(chosen)

    def find(self, chosen: range) -> Original | None:
        """The earliest verbatim original of the ``chosen`` words, or else the nearest one."""
        recurring = self._recurring_in(chosen.start, chosen.stop - SHINGLE + 1)
        votes = self._votes(recurring) if recurring else None
        if not votes:
            return None
        enough = (len(chosen) - SHINGLE + 1) // STRIDE
        for start in sorted(chosen.start - back for back, n in votes.items() if n >= enough):
            if self.continues(chosen, start):
                return Original(range(start, start + len(chosen)), 1.0)
        if len(chosen) > LONGEST_ALIGNED:
            return None
        return self._aligned(chosen, votes)

    def _votes(self, recurring: list[int]) -> Counter[int]:
        """How many shingles are shared with the words that lie so many words back."""
        ids, places = self._words.ids, self._places
        votes: Counter[int] = Counter()
        for at in recurring:
            for place in places.get(tuple(ids[at : at + SHINGLE]), ()):
                votes[at - place] += 1
        return votes

    def _recurring_in(self, start: int, stop: int) -> list[int]:
        recurring = self._words.recurring
        first = bisect_left(recurring, start)
        return recurring[first : bisect_left(recurring, stop, lo=first)]

    def _aligned(self, chosen: range, votes: Counter[int]) -> Original | None:
        # Of equally good diagonals the one furthest back: the earliest original.
        back = max(votes, key=lambda back: (votes[back], back))
        slack = 4 + len(chosen) // 8
        shared = sum(n for other, n in votes.items() if abs(other - back) <= slack)
        if shared * STRIDE < SHARED * (len(chosen) - SHINGLE + 1):
            return None
        start = max(self._first, chosen.start - back - slack)
        window = range(start, min(chosen.start, chosen.stop - back + slack))
        return self._common(chosen, window)

    def _common(self, chosen: range, window: range) -> Original | None:
        """What remains of ``window`` when words at its edges that match by chance are left out."""
        blocks = list(_blocks(self._words.of(chosen), self._words.of(window)))
        solid = [n for n, (_, size) in enumerate(blocks) if size >= SHINGLE - 1]
        if not solid:
            return None
        blocks = blocks[solid[0] : solid[-1] + 1]
        first, (last, size) = blocks[0][0], blocks[-1]
        share = sum(size for _, size in blocks) / len(chosen)
        return Original(range(window.start + first, window.start + last + size), share)


def _blocks(later: list[int], earlier: list[int]) -> Iterator[tuple[int, int]]:
    """Where in ``earlier`` runs of the words common to both begin, and how long they are."""
    for step in LCSseq.opcodes(later, earlier):
        if step.tag == "equal":
            yield step.dest_start, step.dest_end - step.dest_start
