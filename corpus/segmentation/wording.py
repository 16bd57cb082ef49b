"""What the words of a block say, as numbered buckets for a linear model.

Words are hashed, so the weights hold no vocabulary. A block's words speak for a post that begins
with it (``opened``) and for one that ends with it (``closed``): the words at that edge one by
one, in pairs and as a set, and all words, each also by its first letters, which is what inflected
languages share.
"""

from __future__ import annotations

from itertools import chain
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from corpus.segmentation.gathering import Gathered

#: Buckets; a power of two.
SIZE = 1 << 16
_MASK = SIZE - 1
_PRIME = 0x9E3779B1
#: Letters that stand for a word whatever its ending.
STEM = 5
#: Words at an edge that are taken as a set.
EDGE = 8

#: What a word is looked up as; those of a bag once as the whole word and once (+ 1) as its stem.
(FIRST, SECOND, THIRD, PAIR, SECOND_PAIR, FIRST_STEM, MANNER, SIGN, LAST, LAST_PAIR, LAST_STEM,
 ONLY) = range(1, 13)  # fmt: skip
OPENING, CLOSING, BEGINNING, ENDING = 20, 22, 24, 26

#: Stands for a bucket where a block has no such words.
NONE = -1

#: A number for every bucket, and last the one of ``NONE``, which is 0.
Weights = NDArray[np.float64]
#: Rows of buckets or numbers, a column for every block or word.
Table = NDArray[np.int64]
Sums = NDArray[np.float64]


def bucket(role: Table, word: Table, other: Table) -> Table:
    found: Table = ((word ^ role * _PRIME) * 31 + other * 17 + (word >> 15) + (other >> 13)) & _MASK
    return found


def _salt(role: int) -> int:
    """Sets the words of one bag apart from those of another."""
    return role * _PRIME >> 7


#: What the words at an edge of a block are looked up as: by which word or sign, with which other
#: one, and in blocks of how many words at least. First those that tell what begins with the block,
#: then those that tell what ends with it.
_OPENING = (
    (FIRST, "first", "none", 1),
    (FIRST_STEM, "first_stem", "none", 1),
    (MANNER, "first", "closing_sign", 1),
    (SIGN, "opening_sign", "closing_sign", 0),
    (SECOND, "second", "none", 2),
    (PAIR, "first", "second", 2),
    (THIRD, "third", "none", 3),
    (SECOND_PAIR, "second", "third", 3),
    (ONLY, "first", "few", 1),
)
_CLOSING = (
    (LAST, "last", "closing_sign", 0),
    (LAST_STEM, "last_stem", "none", 1),
    (LAST_PAIR, "before", "last", 1),
    (ONLY + 1, "first", "none", 1),
)
_NAMES = (
    "first", "second", "third", "before", "last", "first_stem", "last_stem", "opening_sign",
    "closing_sign", "few", "none",
)  # fmt: skip
_ROLES, _WORDS, _OTHERS, _LEAST = (
    np.array(
        [[_NAMES.index(one) if isinstance(one, str) else one] for one in column], dtype=np.int64
    )
    for column in zip(*_OPENING, *_CLOSING, strict=True)
)
_SALTS = np.array([[_salt(role)] for role in (OPENING, BEGINNING, CLOSING, ENDING)])
_STEM_SALTS = np.array([[_salt(role + 1)] for role in (OPENING, BEGINNING, CLOSING, ENDING)])


class Wording:
    """The words of gathered blocks as buckets."""

    def __init__(self, gathered: Gathered) -> None:
        vocabulary = gathered.vocabulary
        whole = list(map(crc32, map(str.encode, vocabulary)))
        stems = (
            number if len(word) <= STEM else crc32(word[:STEM].encode())
            for word, number in zip(vocabulary, whole, strict=True)
        )
        #: A number for every word in the vocabulary: for the whole word, and for its stem; and
        #: last what stands for no word.
        self.whole, self.stems = (
            np.array([*hashes, 0], dtype=np.int64) for hashes in (whole, stems)
        )
        #: All words, and last none.
        self.words = np.append(gathered.words, len(vocabulary))
        self.starts, self.stops = gathered.starts, gathered.stops
        #: Between which signs the words of every block stand.
        self.signs = np.array([(ord(text[0]), ord(text[-1])) for text in gathered.texts]).T

    def edges(self) -> tuple[Table, Table]:
        """The buckets of the first words of every block, and those of the last, as ``_OPENING`` and
        ``_CLOSING`` say; ``NONE`` where a block has no such words."""
        starts, stops, count = self.starts, self.stops, self.stops - self.starts
        places = np.array([starts, starts + 1, starts + 2, stops - 2, stops - 1])
        places[(places < starts) | (places >= stops)] = -1
        words = self.whole[self.words[places]]
        stems = self.stems[self.words[places[[0, -1]]]]
        words[3, count == 1] = 2  # Stands for the word before the last where there is none.
        none = np.zeros_like(count)
        known = np.concatenate([words, stems, [*self.signs, count, none]])
        found = bucket(_ROLES, known[_WORDS[:, 0]], known[_OTHERS[:, 0]])
        found[count < _LEAST] = NONE
        found[len(_OPENING) - 1, count >= EDGE] = NONE
        return found[: len(_OPENING)], found[len(_OPENING) :]

    def _bags(self) -> tuple[Table, Table]:
        """Where the words begin and end that are taken in no order: of every block all and those at
        its beginning, and all and those at its end."""
        first, last = (
            np.minimum(self.stops, self.starts + EDGE),
            np.maximum(self.starts, self.stops - EDGE),
        )
        return (
            np.array([self.starts, self.starts, self.starts, last]),
            np.array([self.stops, first, self.stops, self.stops]),
        )

    def _buckets(self) -> tuple[Table, Table]:
        """Of every word in the vocabulary those in each bag: as the whole word, and as its stem."""
        return (self.whole ^ _SALTS) & _MASK, (self.stems ^ _STEM_SALTS) & _MASK

    def weighed(self, weights: Weights) -> tuple[Sums, Sums]:
        """How far the words of every block speak for a post that begins, and one that ends, there.

        Each block's are added up by themselves, so that those around make no difference.
        """
        begins, ends = (sum(weights.take(table)) for table in self.edges())
        whole, stems = self._buckets()
        weighed = (weights.take(whole) + weights.take(stems))[:, self.words]
        starts, stops = self._bags()
        sums = np.array(
            [
                np.add.reduceat(row, np.stack([first, stop], axis=1).ravel())[::2]
                for row, first, stop in zip(weighed, starts, stops, strict=True)
            ]
        )
        sums[starts == stops] = 0.0
        sums /= _shares(starts, stops)
        return begins + sums[0] + sums[1], ends + sums[2] + sums[3]

    def opened(self) -> list[dict[int, float]]:
        """All buckets that speak for a post that begins with each block, with their weight."""
        return self._summed(self.edges()[0], slice(0, 2))

    def closed(self) -> list[dict[int, float]]:
        """All buckets that speak for a post that ends with each block, with their weight."""
        return self._summed(self.edges()[1], slice(2, 4))

    def _summed(self, edges: Table, bags: slice) -> list[dict[int, float]]:
        found: list[dict[int, float]] = []
        for keys in edges.T.tolist():
            found.append({})
            for key in keys:
                if key != NONE:
                    found[-1][key] = found[-1].get(key, 0.0) + 1
        starts, stops = self._bags()
        whole, stems = (table[:, self.words] for table in self._buckets())
        parts = (
            table[bags].tolist() for table in (whole, stems, starts, stops, _shares(starts, stops))
        )
        for whole, stems, *blocks in zip(*parts, strict=True):
            for summed, start, stop, share in zip(found, *blocks, strict=True):
                for key in chain(whole[start:stop], stems[start:stop]):
                    summed[key] = summed.get(key, 0.0) + 1 / share
        return found


def _shares(starts: Table, stops: Table) -> Sums:
    """What the weight of every bag is divided by: each word counts less, the more there are."""
    shares: Sums = np.sqrt(np.maximum(stops - starts, 1))
    return shares
