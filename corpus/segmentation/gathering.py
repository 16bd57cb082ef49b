"""The blocks of several documents in a row, as one: numpy's calls cost as much for few as for many.

What is counted of a block and at a place never depends on the documents before and behind its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.segmentation.blocks import Blocks

#: A number for every block, word or place.
Column = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Edges:
    """Of documents in a row, none of which is without blocks: ``at[n]`` is where the blocks of
    document n begin, and the last where all end.

    A place is above every block but the first of its document.
    """

    at: Column

    @property
    def sizes(self) -> Column:
        """How many blocks each document has."""
        return np.diff(self.at)

    @property
    def starts(self) -> Column:
        """The first block of each document."""
        return self.at[:-1]

    @cached_property
    def documents(self) -> Column:
        """The document of every block."""
        return self.spread(np.arange(len(self.at) - 1))

    @cached_property
    def first(self) -> Column:
        """Of every block the first of its document."""
        return self.spread(self.at[:-1])

    @cached_property
    def stop(self) -> Column:
        """Of every block where those of its document end."""
        return self.spread(self.at[1:])

    @cached_property
    def places(self) -> Column:
        """The block below every place."""
        return np.flatnonzero(np.arange(self.at[-1]) != self.first)

    def spread(self, values: Column) -> Column:
        """What is known of every document, once for each of its blocks."""
        return np.repeat(values, self.sizes)

    def beside(self, values: Column, step: int, none: float) -> Column:
        """At every place what is said of the block so many steps from the one below it: behind it,
        or before it where that is negative; ``none`` where the document has no such block."""
        at = self.places
        there = (at + step >= self.first[at]) & (at + step < self.stop[at])
        return np.where(there, values[np.where(there, at + step, 0)], none)

    def each(self, column: Sequence[Any]) -> list[Any]:
        """The parts of a column (a list or an array) that are of each document."""
        return [column[a:b] for a, b in pairwise(self.at.tolist())]


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """The blocks and words of ``documents``.

    ``words`` are the numbers in ``vocabulary`` of all words, those of different documents never the
    same; block n has those from ``starts[n]`` to ``stops[n]``.
    """

    documents: Sequence[Blocks]
    edges: Edges
    texts: list[str]
    vocabulary: list[str]
    words: Column
    starts: Column
    stops: Column

    @classmethod
    def of(cls, documents: Sequence[Blocks]) -> Gathered:
        words = [blocks.document.words for blocks in documents]
        vocabularies = _running(len(each.vocabulary) for each in words)
        before = _running(len(each.ids) for each in words)
        numbers = [each.numbers + first for each, first in zip(words, vocabularies, strict=False)]
        chosen = [
            (first + each.start, first + each.stop)
            for blocks, first in zip(documents, before, strict=False)
            for each in blocks.words
        ]
        starts, stops = np.array(chosen, dtype=np.int64).T
        return cls(
            documents=documents,
            edges=Edges(np.array(_running(map(len, documents)))),
            texts=list(chain.from_iterable(blocks.texts for blocks in documents)),
            vocabulary=list(chain.from_iterable(each.vocabulary for each in words)),
            words=np.concatenate(numbers),
            starts=starts,
            stops=stops,
        )

    def __len__(self) -> int:
        return len(self.texts)

    def column(self, of: Callable[[Blocks], Iterable[Any]]) -> Column:
        """What ``of`` says of the blocks of each document, as one column."""
        return np.array(list(chain.from_iterable(map(of, self.documents))))


def _running(sizes: Iterable[int]) -> list[int]:
    return list(accumulate(sizes, initial=0))
