"""Posting lists read block by block, and what one posting adds to a score."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator
from itertools import accumulate
from typing import Any

from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.util.numeric import byte_to_length

_B, _K1 = 0.75, 1.2  # BM25F as Whoosh sets it.
_SPARSE = 16


class Rows(dict[float, "Row"]):
    """By weight, by length: the score. Few of them differ in an index."""

    def __init__(self, idf: float, average: float) -> None:
        self._idf, self._average = idf, average

    def __missing__(self, weight: float) -> Row:
        row = self[weight] = Row(weight, self._idf, self._average)
        return row


class Row(dict[int, float]):
    def __init__(self, weight: float, idf: float, average: float) -> None:
        self._weight, self._idf, self._average = weight, idf, average

    def __missing__(self, length: int) -> float:
        norm = _K1 * (1 - _B + _B * (byte_to_length(length) or 1) / self._average)
        score = self[length] = self._idf * self._weight * (_K1 + 1) / (self._weight + norm)
        return score


def blocks(
    leaf: Any, name: str, term: bytes, wanted: list[int] | None = None
) -> Iterator[tuple[Any, Any, Callable[[], Any]]]:
    """Yield a term's documents with their weights (one if all have it) and, when asked, values.

    Blocks without any of the ``wanted`` documents (in order) are passed over unread.
    """
    if (name, term) not in leaf._terms:
        return
    info = leaf._terms.term_info(name, term)
    if info.is_inlined():
        ids, weights, values = info.inlined_postings()
        yield ids, weights, lambda: values
        return
    offset, length = info.extent()
    block = W3LeafMatcher(leaf._terms._postfile, offset, length, leaf.schema[name].format)
    while not block._atend:
        if wanted is None or _touches(block, wanted):
            block._read_data()
            ids = tuple(accumulate(block._data[0]))
            weights = block._data[1]
            yield ids, 1.0 if weights is None else weights, _values_of(block)
        block._next_block()


def _values_of(block: W3LeafMatcher) -> Callable[[], Any]:
    def values() -> Any:
        block._read_values()
        return block._values

    return values


def _touches(block: W3LeafMatcher, wanted: list[int]) -> bool:
    # The first document of a block is not known before it is read, the last one is.
    before = getattr(block, "corpus_before", -1)
    block.corpus_before = block._maxid
    at = bisect_left(wanted, before + 1)
    return at < len(wanted) and wanted[at] <= block._maxid


def shifted(within: Collection[int] | None, offset: int, frequency: int) -> list[int] | None:
    """Return the documents wanted of a term's, in order; None where that saves reading nothing."""
    # Sorting one costs as much as reading some ten, and only blocks without any are saved.
    if within is None or len(within) * _SPARSE > frequency:
        return None
    return sorted(number - offset for number in within)
