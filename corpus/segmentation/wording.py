"""What the words at a place between two blocks say, as numbered buckets for a linear model.

Words are hashed, so the weights hold no vocabulary: the first and last words of the blocks around
the place, pairs of them, and all words of the block below and the one above.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from zlib import crc32

from corpus.segmentation.blocks import Block
from corpus.segmentation.document import Document

#: Buckets; a power of two.
SIZE = 1 << 15
_MASK = SIZE - 1
_PRIME = 0x9E3779B1

#: What a word is looked up as.
(BELOW, ABOVE, FIRST, SECOND, PAIR, THIRD, LAST, ABOVE_FIRST, ABOVE_LAST, ABOVE_PAIR, MEETING,
 NEXT_FIRST, BELOW_PAIR) = range(1, 14)  # fmt: skip


def hashes(document: Document) -> list[int]:
    """One number for every word of the vocabulary."""
    return [crc32(word.encode()) for word in document.words.vocabulary]


def bucket(role: int, word: int, other: int = 0) -> int:
    return ((word ^ role * _PRIME) * 31 + other * 17 + (word >> 15) + (other >> 13)) & _MASK


def edges(
    ids: Sequence[int],
    words: Sequence[int],
    above: Block | None,
    below: Block,
    following: Block | None,
) -> list[int]:
    """Buckets of the words nearest to the place ``below`` begins at."""
    found: list[int] = []
    here = below.words
    count = len(here)
    first = words[ids[here.start]] if count else 0
    second = words[ids[here.start + 1]] if count > 1 else 1
    found += (
        bucket(FIRST, first),
        bucket(SECOND, second),
        bucket(PAIR, first, second),
        bucket(FIRST + 40, first, ord(below.last)),
        bucket(LAST, words[ids[here.stop - 1]] if count else 0, ord(below.last)),
    )
    if count > 2:
        third = words[ids[here.start + 2]]
        found += (bucket(THIRD, third), bucket(BELOW_PAIR, second, third))
    if above and above.words:
        start, stop = above.words.start, above.words.stop
        last = words[ids[stop - 1]]
        before = words[ids[stop - 2]] if stop - start > 1 else 2
        found += (
            bucket(ABOVE_FIRST, words[ids[start]]),
            bucket(ABOVE_LAST, last, ord(above.last)),
            bucket(ABOVE_PAIR, before, last),
            bucket(MEETING, first, ord(above.last)),
        )
    if following and following.words:
        found.append(bucket(NEXT_FIRST, words[ids[following.words.start]]))
    return found


def bag(ids: Sequence[int], words: Sequence[int], role: int, block: Block) -> dict[int, float]:
    """Buckets of all words of ``block`` with their weight, less for each the more there are."""
    chosen = ids[block.words.start : block.words.stop]
    weight = 1 / sqrt(len(chosen)) if chosen else 0.0
    found: dict[int, float] = {}
    for word in chosen:
        key = bucket(role, words[word])
        found[key] = found.get(key, 0.0) + weight
    return found
