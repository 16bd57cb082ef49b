"""The places where something stands, in the order of the threads, read when they are looked at.

How often a word stands in a document is told by its posting; where it stands must be decoded. A
page shows fifty places of many thousands, and of the others only the number.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import overload

from corpus.search.answers import Hit


@dataclass(frozen=True, slots=True)
class Tally:
    """Documents in order, and for each how many places there are in all up to its end."""

    documents: list[int]
    ends: list[int]

    @classmethod
    def of(cls, documents: Iterable[int], counts: dict[int, int]) -> Tally:
        some = [number for number in documents if counts.get(number)]
        return cls(some, list(accumulate(map(counts.__getitem__, some))))

    @property
    def total(self) -> int:
        return self.ends[-1] if self.ends else 0

    def counts(self) -> dict[int, int]:
        """Return how many places each document has."""
        starts = [0, *self.ends]
        return {
            number: end - start
            for number, start, end in zip(self.documents, starts, self.ends, strict=False)
        }


class Hits(Sequence[Hit]):
    """All places of a tally. ``read`` returns those in some documents, in the tally's order."""

    def __init__(self, tally: Tally, read: Callable[[list[int]], list[Hit]]) -> None:
        self.tally = tally
        self._read = read

    def __len__(self) -> int:
        return self.tally.total

    def __iter__(self) -> Iterator[Hit]:
        return iter(self._read(self.tally.documents))

    @overload
    def __getitem__(self, at: int) -> Hit: ...
    @overload
    def __getitem__(self, at: slice) -> list[Hit]: ...
    def __getitem__(self, at: int | slice) -> Hit | list[Hit]:
        if isinstance(at, slice):
            start, stop, step = at.indices(len(self))
            places = range(start, stop, step)
            return self._between(min(places), max(places) + 1, places) if places else []
        place = range(len(self))[at]
        return self._between(place, place + 1, (place,))[0]

    def _between(self, start: int, stop: int, places: Sequence[int]) -> list[Hit]:
        """Return the hits at these places, all in ``[start, stop)``."""
        ends = self.tally.ends
        first, last = bisect_right(ends, start), bisect_right(ends, stop - 1)
        before = ends[first - 1] if first else 0
        found = self._read(self.tally.documents[first : last + 1])
        return [found[place - before] for place in places]
