"""A new index beside the old one, which serves until the new one takes its place in one step.

The new segments are written in a folder inside the index. Who changes the live index meanwhile
notes the documents in a journal there; they are read again before the exchange. The exchange is
the renaming of one file, so an interrupted rebuild leaves the old index as it was.
"""

from __future__ import annotations

import fcntl
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from haystack.exceptions import SearchBackendError
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, EmptyIndexError

from corpus.search.whoosh_backend.storage import Index

#: Hidden, so that Whoosh leaves it alone when it clears away old files.
FOLDER = ".rebuild"
_JOURNAL = "changed"
_LOCK = ".rebuild-lock"
_OURS = re.compile(r"_?corpus\d[0-9a-f]{8}_")


def note(folder: Path, identifiers: Iterable[str]) -> None:
    """Tell a rebuild that runs, if any, that these documents changed. Needs the write lock."""
    try:
        with Path(folder, FOLDER, _JOURNAL).open("a") as journal:
            journal.writelines(f"{identifier}\n" for identifier in identifiers)
    except FileNotFoundError:
        pass


def noted(folder: Path) -> list[str]:
    """Return the documents that changed since the rebuild began."""
    lines = Path(folder, FOLDER, _JOURNAL).read_text().splitlines()
    return list(dict.fromkeys(lines))


@contextmanager
def room(folder: Path) -> Iterator[Path]:
    """Give one rebuild at a time an empty folder; what a killed one left is cleared away."""
    folder.mkdir(parents=True, exist_ok=True)
    with Path(folder, _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SearchBackendError(
                f"The index in {folder} is being rebuilt by another process; wait until it is done."
            ) from None
        beside = folder / FOLDER
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        (beside / _JOURNAL).touch()
        try:
            yield beside
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def create(folder: Path, schema: Any, name: str) -> Index:
    """Create an empty index in ``folder``; what is there of it stays."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return Index(folder, schema, name)
    except EmptyIndexError:
        _create(FileStorage(str(folder)), schema, name)
        return Index(folder, schema, name)


def _create(storage: FileStorage, schema: Any, name: str) -> None:
    # While nobody writes: Whoosh would clear away what another process has just created.
    lock = storage.lock(f"{name}_WRITELOCK")
    lock.acquire(blocking=True)
    try:
        if TOC._latest_generation(storage, name) < 0:
            TOC.create(storage, schema, name)
    finally:
        lock.release()


def others(folder: Path, name: str) -> list[Path]:
    """Return the files of indexes of ours that were written for other fields."""
    found = (path for path in folder.glob("*corpus*") if _OURS.match(path.name) and path.is_file())
    return [path for path in found if name not in path.name]


def exchange(live: Any, parts: Iterable[Index], gather: Callable[[Any], None]) -> None:
    """Put the segments of ``parts`` in the place of the live ones, once ``live`` is committed.

    ``live`` is the open writer of the live index.
    """
    segments = []
    for part in parts:
        for segment in part._segments():
            for file in part.folder.glob(f"{segment.segment_id()}.*"):
                file.rename(Path(live.storage.folder, file.name))
            segments.append(segment)
    live.segments = segments
    gather(live)
