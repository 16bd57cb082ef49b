"""What the words of a block say, as numbered buckets for a linear model.

Words are hashed, so the weights hold no vocabulary. A block's words speak for a post that begins
with it (``opening``) and for one that ends with it (``closing``): the words at that edge one by
one, in pairs and as a set, and all words, each also by its first letters, which is what inflected
languages share.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from corpus.segmentation.blocks import Block
from corpus.segmentation.document import Document

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

#: A number for every bucket.
Weights = NDArray[np.float64]
#: Words of the vocabulary as numbers: whole, and their stems.
Hashes = tuple[list[int], list[int]]


def hashes(document: Document) -> Hashes:
    """Two numbers for every word of the vocabulary."""
    vocabulary = document.words.vocabulary
    return (
        [crc32(word.encode()) for word in vocabulary],
        [crc32(word[:STEM].encode()) for word in vocabulary],
    )


def bucket(role: int, word: int, other: int = 0) -> int:
    return ((word ^ role * _PRIME) * 31 + other * 17 + (word >> 15) + (other >> 13)) & _MASK


def _salt(role: int) -> int:
    """Sets the words of one bag apart from those of another."""
    return role * _PRIME >> 7


def opening(ids: Sequence[int], words: Hashes, block: Block) -> list[int]:
    """Buckets of the first words of ``block``, one by one and in pairs."""
    whole, stems = words
    chosen = ids[block.words.start : min(block.words.stop, block.words.start + 3)]
    if not chosen:
        return [bucket(SIGN, ord(block.first), ord(block.last))]
    first = whole[chosen[0]]
    found = [
        bucket(FIRST, first),
        bucket(FIRST_STEM, stems[chosen[0]]),
        bucket(MANNER, first, ord(block.last)),
        bucket(SIGN, ord(block.first), ord(block.last)),
    ]
    if len(chosen) > 1:
        second = whole[chosen[1]]
        found += (bucket(SECOND, second), bucket(PAIR, first, second))
    if len(chosen) > 2:
        third = whole[chosen[2]]
        found += (bucket(THIRD, third), bucket(SECOND_PAIR, second, third))
    if len(block.words) < EDGE:
        found.append(bucket(ONLY, first, len(block.words)))
    return found


def closing(ids: Sequence[int], words: Hashes, block: Block) -> list[int]:
    """Buckets of the last words of ``block``."""
    whole, stems = words
    chosen = ids[max(block.words.start, block.words.stop - 2) : block.words.stop]
    if not chosen:
        return [bucket(LAST, 0, ord(block.last))]
    last = whole[chosen[-1]]
    return [
        bucket(LAST, last, ord(block.last)),
        bucket(LAST_STEM, stems[chosen[-1]]),
        bucket(LAST_PAIR, whole[chosen[0]] if len(chosen) > 1 else 2, last),
        bucket(ONLY + 1, whole[ids[block.words.start]]),
    ]


def opened(ids: Sequence[int], words: Hashes, block: Block) -> dict[int, float]:
    """All buckets that speak for a post that begins with ``block``, with their weight."""
    return _summed(
        opening(ids, words, block),
        _bag(ids, words, OPENING, block.words),
        _bag(ids, words, BEGINNING, block.words[:EDGE]),
    )


def closed(ids: Sequence[int], words: Hashes, block: Block) -> dict[int, float]:
    """All buckets that speak for a post that ends with ``block``, with their weight."""
    return _summed(
        closing(ids, words, block),
        _bag(ids, words, CLOSING, block.words),
        _bag(ids, words, ENDING, block.words[-EDGE:]),
    )


def _bag(
    ids: Sequence[int], words: Hashes, role: int, chosen: range
) -> Iterator[tuple[int, float]]:
    """Each of the words ``chosen`` weighs less, the more there are."""
    for numbers, kind in zip(words, (role, role + 1), strict=True):
        for word in ids[chosen.start : chosen.stop]:
            yield (numbers[word] ^ _salt(kind)) & _MASK, 1 / sqrt(len(chosen))


def _summed(keys: Sequence[int], *bags: Iterator[tuple[int, float]]) -> dict[int, float]:
    found: dict[int, float] = {}
    for key in keys:
        found[key] = found.get(key, 0.0) + 1
    for bag in bags:
        for key, weight in bag:
            found[key] = found.get(key, 0.0) + weight
    return found


class Weigher:
    """The words of a document under a model's ``weights``.

    What a bag weighs is the difference of two running sums over all words of the document.
    """

    def __init__(self, weights: Weights, document: Document) -> None:
        self.ids, self.words = document.words.ids, hashes(document)
        self.weight = weights.item
        whole, stems = (np.array(numbers, dtype=np.int64) & _MASK for numbers in self.words)
        ids = np.array(self.ids, dtype=np.intp)

        def sums(role: int) -> list[float]:
            word = weights[whole ^ (_salt(role) & _MASK)]
            stem = weights[stems ^ (_salt(role + 1) & _MASK)]
            running: list[float] = np.concatenate([[0.0], np.cumsum((word + stem)[ids])]).tolist()
            return running

        self.opens, self.begins, self.closes, self.ends = map(
            sums, (OPENING, BEGINNING, CLOSING, ENDING)
        )

    def weighed(self, block: Block) -> tuple[float, float]:
        """How far the words of ``block`` speak for a post that begins, and one that ends, there."""
        weight, words = self.weight, block.words
        begins = sum(map(weight, opening(self.ids, self.words, block)))
        ends = sum(map(weight, closing(self.ids, self.words, block)))
        return (
            begins + _scaled(self.opens, words) + _scaled(self.begins, words[:EDGE]),
            ends + _scaled(self.closes, words) + _scaled(self.ends, words[-EDGE:]),
        )


def _scaled(sums: Sequence[float], words: range) -> float:
    return (sums[words.stop] - sums[words.start]) / sqrt(len(words)) if words else 0.0
