"""Whoosh's files read where they lie: through the memory map, never copied.

Whoosh 2.7 copies the whole term and posting files into memory whenever a reader is opened
(``BufferFile`` wraps a ``BytesIO`` of them), so that opening costs more than searching.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import whoosh
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.filestore import FileStorage, OverlayStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.index import EmptyIndexError, FileIndex
from whoosh.reading import EmptyReader, MultiReader, SegmentReader

#: The versions whose files these classes were checked against; others are read their own way.
_MAPPED = whoosh.__version__[:2] == (2, 7)
_AHEAD = 64
#: Looks for a list of files before there is none.
_LOOKS = 5


class Stamp(NamedTuple):
    """Which state of the index is on disk. A rebuilt index can repeat a generation number."""

    generation: int
    inode: int
    modified: int


class ViewIO:
    """The little of a file that Whoosh needs, over a view of bytes."""

    def __init__(self, view: memoryview) -> None:
        self._view = view
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        start = self._at
        self._at = len(self._view) if size < 0 else min(start + size, len(self._view))
        return bytes(self._view[start : self._at])

    def peek(self, size: int = 0) -> bytes:
        return bytes(self._view[self._at : self._at + max(size, _AHEAD)])

    def readinto(self, buffer: Any) -> int:
        part = self._view[self._at : self._at + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def readline(self) -> bytes:
        rest = bytes(self._view[self._at :])
        line = rest[: rest.find(b"\n") + 1] or rest
        self._at += len(line)
        return line

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = (0, self._at, len(self._view))[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        self._view.release()


class ViewFile(BufferFile):  # type: ignore[misc]
    """Whoosh's file over a buffer, without its copy."""

    def __init__(self, view: memoryview, name: str | None = None) -> None:
        self._buf = view
        self._name = name
        self.file = ViewIO(view)
        self.onclose = None
        self.is_real = False
        self.is_closed = False

    def subset(self, position: int, length: int, name: str | None = None) -> ViewFile:
        return ViewFile(self._buf[position : position + length], name or self._name)


class MappedSegment(CompoundStorage):  # type: ignore[misc]
    """The files of one segment, each a view of the segment's memory map."""

    def open_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if not self._source:
            return super().open_file(name, *args, **kwargs)
        offset, length = self.range(name)
        return ViewFile(memoryview(self._source)[offset : offset + length], name)


class MappedReader(SegmentReader):  # type: ignore[misc]
    """A reader of one segment through the memory map."""

    def __init__(self, storage: Any, schema: Any, segment: Any, generation: int) -> None:
        if not (_MAPPED and segment.is_compound()):
            super().__init__(storage, schema, segment, generation=generation)
            return
        self.schema = schema
        self.is_closed = False
        self._segment = segment
        self._segid = segment.segment_id()
        self._gen = generation
        files = storage.open_file(segment.make_filename(segment.COMPOUND_EXT))
        try:
            self._storage = OverlayStorage(MappedSegment(files), storage)
        except Exception:
            files.close()
            raise
        self._codec = segment.codec()
        self._terms = self._codec.terms_reader(self._storage, segment)
        self._perdoc = self._codec.per_document_reader(self._storage, segment)


class Index(FileIndex):  # type: ignore[misc]
    """A Whoosh index in a folder, opened with :class:`MappedReader`.

    Raises:
        EmptyIndexError: there is none of this name.
    """

    def __init__(self, folder: Path, schema: Any, name: str) -> None:
        self.folder = folder
        self._toc = re.compile(rf"_{name}_([0-9]+)\.toc")
        # Whoosh's own way in reads the list of files, which may be replaced while it is looked for.
        self.storage, self._schema, self.indexname = FileStorage(str(folder)), schema, name
        if self.stamp() is None:
            raise EmptyIndexError(f"There is no index {name} in {folder}.")

    @classmethod
    def reader_of(cls, storage: Any, schema: Any, segments: Sequence[Any], generation: int) -> Any:
        """Return a reader over these segments."""
        if not segments:
            return EmptyReader(schema)
        readers = [MappedReader(storage, schema, segment, generation) for segment in segments]
        return readers[0] if len(readers) == 1 else MultiReader(readers, generation=generation)

    @classmethod
    def _reader(
        cls, storage: Any, schema: Any, segments: Any, generation: int, reuse: Any = None
    ) -> Any:
        return cls.reader_of(storage, schema, segments, generation)

    def stamp(self) -> Stamp | None:
        """Return the state on disk; nothing where there is no index. Costs some microseconds.

        The list of files that names the index is replaced by each writer, and may be so while it
        is looked for: one that is gone by then has a successor.
        """
        for _ in range(_LOOKS):
            try:
                newest, path = max(self._lists(), default=(-1, ""))
                if path:
                    state = Path(path).stat()
                    return Stamp(newest, state.st_ino, state.st_mtime_ns)
            except FileNotFoundError:
                continue
        return None

    def _lists(self) -> Iterator[tuple[int, str]]:
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if match := self._toc.fullmatch(entry.name):
                    yield int(match[1]), entry.path
