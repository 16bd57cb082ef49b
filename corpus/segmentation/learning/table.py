"""Everything training looks at: one row a place, one row of hashed words a block."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any
from zlib import crc32

from corpus.segmentation import blocks, copies, document, features, surroundings
from corpus.segmentation.gathering import Edges, Gathered
from corpus.segmentation.learning.libraries import library
from corpus.segmentation.learning.threads import KnownThread
from corpus.segmentation.wording import SIZE, Wording

#: Parts the threads are divided into by name: the last calibrates, the others train.
PARTS = 8
#: Folds of the training threads: what a look says of a thread comes from the other folds.
FOLDS = 3

_library = partial(library, extra="train")


@dataclass
class Buckets:
    """Hashed words, a row a block, as they are put into a sparse matrix."""

    keys: array[int] = field(default_factory=lambda: array("i"))
    values: array[float] = field(default_factory=lambda: array("f"))
    ends: array[int] = field(default_factory=lambda: array("q", [0]))

    def add(self, rows: Iterable[Mapping[int, float]]) -> None:
        for row in rows:
            self.keys.extend(row)
            self.values.extend(row.values())
            self.ends.append(len(self.keys))

    def matrix(self) -> Any:
        np, sparse = _library("numpy"), _library("scipy.sparse")
        return sparse.csr_matrix(
            (np.array(self.values, dtype=np.float32), np.array(self.keys), np.array(self.ends)),
            shape=(len(self.ends) - 1, SIZE),
        )


@dataclass
class Table:
    """All places of all threads that have no headers. Every block but a thread's first is one."""

    rows: list[Any] = field(default_factory=list)
    opened: Buckets = field(default_factory=Buckets)
    closed: Buckets = field(default_factory=Buckets)
    answers: list[bool] = field(default_factory=list)
    #: By place: the block, the part and the fold of its thread, and whether that is as received.
    places: list[int] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    folds: list[int] = field(default_factory=list)
    received: list[bool] = field(default_factory=list)
    #: Where a thread's blocks end.
    threads: list[int] = field(default_factory=lambda: [0])

    def add(self, thread: KnownThread, *, received: bool = True) -> None:
        read = document.read(thread.text)
        if read.headers or not read.lines:
            return
        found = blocks.find(read, copies.find(read))
        starts = {post.start for post in thread.posts}
        gathered = Gathered.of([found])
        # Row by row in memory: what is summed up over them then depends on no layout.
        self.rows.extend(columns.T.astype("f", order="C") for columns in features.columns(gathered))
        worded = Wording(gathered)
        self.opened.add(worded.opened())
        self.closed.add(worded.closed())
        first = self.threads[-1]
        for at, lines in enumerate(found.lines[1:], start=1):
            self.places.append(first + at)
            self.answers.append(read.lines[lines.start].span.start in starts)
        name, count = crc32(thread.name.encode()), len(found) - 1
        self.parts.extend([name % PARTS] * count)
        self.folds.extend([name // PARTS % FOLDS] * count)
        self.received.extend([received] * count)
        self.threads.append(first + len(found))

    def columns(self) -> Any:
        """What is counted at every place."""
        np = _library("numpy")
        return np.concatenate(self.rows)

    def worded(self, begins: Any, ends: Any) -> Any:
        """The columns that the words of the blocks around give every place."""
        edges = Edges(_library("numpy").array(self.threads))
        return surroundings.worded(begins, ends, edges).T.astype("f", order="C")

    def documents(self, chosen: Any) -> Iterator[tuple[int, int]]:
        """From which place to which each thread reaches that is among the ``chosen`` places."""
        # A thread has one place less than blocks.
        edges = [edge - number for number, edge in enumerate(self.threads)]
        return ((a, b) for a, b in pairwise(edges) if a < b and chosen[a])
