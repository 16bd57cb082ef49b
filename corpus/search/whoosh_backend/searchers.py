"""Open searchers, kept by the process, and what is worth keeping of one state of the index."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import LENGTHS_COLUMN, _lenfield
from whoosh.columns import TranslatingColumnReader
from whoosh.fields import KEYWORD, NUMERIC
from whoosh.index import EmptyIndexError

from corpus.search.whoosh_backend.storage import Index, Stamp

#: Searchers kept open: as many as search at once; what is more is closed after use.
KEPT = 8


class Kept(OrderedDict[Any, Any]):
    """The last ``size`` answers; asked by several threads."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size
        self._lock = threading.Lock()

    def of(self, key: Any, make: Callable[[], Any]) -> Any:
        """Return the answer to ``key``, made if it is not there."""
        with self._lock:
            if key in self:
                self.move_to_end(key)
                return self[key]
        made = make()
        with self._lock:
            self[key] = made
            while len(self) > self._size:
                self.popitem(last=False)
        return made


class Snapshot:
    """One state of the index: what all searchers of it share."""

    def __init__(self, stamp: Stamp, before: Snapshot | None) -> None:
        self.stamp = stamp
        #: Of each segment, its columns in memory. A segment never changes.
        self.columns: dict[tuple[str, str], Any] = {}
        self._inherited = before.columns if before else {}
        #: Values by document of the whole index, sets of documents by filter, answers by query.
        #: Each has some megabytes at 200,000 documents.
        self.values, self.filters, self.answers = Kept(64), Kept(32), Kept(16)
        #: Documents in order, places in documents, forms of words; by what was asked.
        self.orders, self.hits, self.forms = Kept(4), Kept(4), Kept(256)
        #: How large parts of the corpus are; a few bytes each.
        self.sizes = Kept(1024)

    def column(self, segment: str, name: str, make: Callable[[], Any]) -> Any:
        key = (segment, name)
        if key not in self.columns:
            found = self._inherited.get(key)
            self.columns[key] = make() if found is None else found
        return self.columns[key]

    def forget_segments_but(self, segments: set[str]) -> None:
        self._inherited = {k: v for k, v in self._inherited.items() if k[0] in segments}


class Searcher:
    """An open index. Used by one thread at a time."""

    def __init__(self, reader: Any, snapshot: Snapshot) -> None:
        self.reader = reader
        self.schema = reader.schema
        self.snapshot = snapshot
        atomic = reader.is_atomic()
        self.leaves = [(reader, 0)] if atomic else reader.leaf_readers()
        if not reader.doc_count_all():
            self.leaves = []
        self.size = reader.doc_count_all()
        snapshot.forget_segments_but({_segment(leaf) for leaf, _ in self.leaves})

    def close(self) -> None:
        self.reader.close()

    @property
    def deleted(self) -> frozenset[int]:
        """Documents that are still in the files."""
        found: frozenset[int] = self.snapshot.filters.of("deleted", self._deleted)
        return found

    def _deleted(self) -> frozenset[int]:
        return frozenset(
            number + offset
            for leaf, offset in self.leaves
            for number in leaf.segment().deleted_docs()
        )

    @property
    def live(self) -> frozenset[int]:
        """All documents."""
        found: frozenset[int] = self.snapshot.filters.of(
            "live", lambda: frozenset(range(self.size)) - self.deleted
        )
        return found

    def lengths(self, leaf: Any, field: str) -> Any:
        """Return the lengths of a field in a segment, each as Whoosh's byte."""
        return self.snapshot.column(
            _segment(leaf),
            _lenfield(field),
            lambda: leaf._perdoc.column_reader(_lenfield(field), LENGTHS_COLUMN).load(),
        )

    def kept_of_segment(self, leaf: Any, name: str, make: Callable[[], Any]) -> Any:
        """Return what is known of a segment, made if it is not."""
        return self.snapshot.column(_segment(leaf), name, make)

    def values(self, field: str) -> list[Any]:
        """Return a field's value for each document, ``None`` where it has none."""
        found: list[Any] = self.snapshot.values.of(field, lambda: self._values(field))
        return found

    def _values(self, field: str) -> list[Any]:
        values: list[Any] = []
        for leaf, _offset in self.leaves:
            values += self.snapshot.column(_segment(leaf), field, partial(_load, leaf, field))
        return values

    def stored(self, number: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        leaf, offset = self.leaves[bisect_right(self.leaves, number, key=itemgetter(1)) - 1]
        # Whoosh's reader looks up each field in the schema, whose name tells that it is the same.
        found: dict[str, Any] = leaf._perdoc.stored_fields(number - offset)
        return found


class Pool:
    """The searchers of one index, opened anew only when the index on disk has changed."""

    def __init__(self, folder: Path, schema: Any, name: str) -> None:
        self._arguments = (folder, schema, name)
        self._index: Index | None = None
        self._lock = threading.Lock()
        self._idle: list[Searcher] = []
        self._snapshot: Snapshot | None = None

    @contextmanager
    def searcher(self) -> Iterator[Searcher | None]:
        """Lend a searcher of the present state; nothing where there is no index."""
        searcher = self._taken()
        try:
            yield searcher
        finally:
            if searcher is not None:
                self._returned(searcher)

    def is_missing(self) -> bool:
        return self._stamp() is None

    def _taken(self) -> Searcher | None:
        stamp = self._stamp()
        if stamp is None:
            return None
        with self._lock:
            if self._snapshot is None or self._snapshot.stamp != stamp:
                stale, self._idle = self._idle, []
                self._snapshot = Snapshot(stamp, self._snapshot)
            else:
                stale = []
                if self._idle:
                    return self._idle.pop()
            snapshot = self._snapshot
        for searcher in stale:
            searcher.close()
        assert self._index is not None
        reader = self._index.reader()
        if reader.generation() not in (None, stamp.generation):
            # Written between the two looks at the disk: these answers are nobody else's.
            snapshot = Snapshot(stamp, None)
        return Searcher(reader, snapshot)

    def _returned(self, searcher: Searcher) -> None:
        with self._lock:
            if searcher.snapshot is self._snapshot and len(self._idle) < KEPT:
                self._idle.append(searcher)
                return
        searcher.close()

    def _stamp(self) -> Stamp | None:
        if self._index is None:
            try:
                self._index = Index(*self._arguments)
            except EmptyIndexError:
                return None
        return self._index.stamp()


_pools: dict[tuple[Path, str], Pool] = {}
_pools_lock = threading.Lock()


def pool(folder: Path, schema: Any, name: str) -> Pool:
    """Return the process's pool for an index."""
    with _pools_lock:
        if (folder, name) not in _pools:
            _pools[folder, name] = Pool(folder, schema, name)
        return _pools[folder, name]


def _segment(leaf: Any) -> str:
    name: str = leaf.segment().segment_id()
    return name


def _load(leaf: Any, name: str) -> list[Any]:
    """Return the values of a segment's column, equal ones as one object."""
    field = leaf.schema[name]
    count = leaf.doc_count_all()
    if field.column_type is None or not leaf.has_column(name):
        return [leaf.stored_fields(number).get(name) for number in range(count)]
    column = leaf.column_reader(name, field.column_type)
    raw = column.raw_column() if isinstance(column, TranslatingColumnReader) else column
    numeric = isinstance(field, NUMERIC)
    missing = field.column_type.default_value() if numeric else b""
    names: dict[Any, Any] = {missing: None}
    for value in (values := list(raw.load())):
        if value not in names:
            found = field.from_column_value(value)
            names[value] = found.split(",") if isinstance(field, KEYWORD) else found
    return [names[value] for value in values]
