"""Records by thread, where those of one thread lie scattered over a source.

They are kept in a temporary file, so memory is bounded by the largest thread, whatever the size of
the source. The folder for temporary files needs as much room as the source has bytes unpacked.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from forumimport.drafts import Unread
from forumimport.readers.base import Unreadable
from forumimport.readers.records import Record
from forumimport.readers.values import readable

T = TypeVar("T")

#: Bytes of one thread's records that are read at most: some 200,000 posts.
LARGEST = 256 * 1024 * 1024
#: What is held before it is written: so many records, or bytes.
_BATCH, _BYTES = 1000, 1024 * 1024


@dataclass(slots=True)
class Grouping:
    """Takes records with the name of their thread, and gives them back thread by thread."""

    rows: sqlite3.Connection
    waiting: list[tuple[str, str, str, bytes]] = field(default_factory=list)
    size: int = 0
    records: int = 0
    #: Bytes that were added, and those of the threads given back.
    total: int = 0
    given: int = 0

    def add(self, thread: str, record: Record) -> int:
        """Take a record; return its number."""
        self.waiting.append((thread, record.locator, record.encoding, record.content))
        self.size += len(record.content)
        self.total += len(record.content)
        if len(self.waiting) >= _BATCH or self.size >= _BYTES:
            self._write()
        self.records += 1
        return self.records

    def rename(self, threads: Iterable[tuple[int, str]]) -> None:
        """Say of records that were added, by number, which threads they are of after all."""
        self._write()
        self.rows.executemany("UPDATE record SET thread = ?2 WHERE number = ?1", threads)

    def threads(self) -> Iterator[tuple[str, list[Record]] | Unread]:
        """Yield every thread by the place of its first record, its records in their order."""
        self._write()
        self.rows.executescript(
            "CREATE INDEX by_thread ON record (thread, number);"
            "CREATE TABLE thread AS SELECT thread AS name, MIN(number) AS first, "
            "COUNT(*) AS records, SUM(LENGTH(content)) AS bytes FROM record GROUP BY thread;"
        )
        threads = self.rows.execute("SELECT name, records, bytes FROM thread ORDER BY first")
        for name, records, size in threads:
            self.given += size
            if size > LARGEST:
                yield Unread(
                    f"thread {readable(name)}",
                    f"Its {records:,} records have {size:,} bytes; {LARGEST:,} are read of one "
                    "thread.",
                )
                continue
            found = self.rows.execute(
                "SELECT content, place, encoding FROM record WHERE thread = ? ORDER BY number",
                (name,),
            )
            yield name, [Record(*row) for row in found]

    def _write(self) -> None:
        self.rows.executemany(
            "INSERT INTO record (thread, place, encoding, content) VALUES (?, ?, ?, ?)",
            self.waiting,
        )
        self.waiting.clear()
        self.size = 0


@contextmanager
def broken_off_later() -> Iterator[Callable[[Iterable[T]], Iterator[T]]]:
    """Give a function that passes records on, and ends where they break off.

    Why they did is raised at the end of the block: what came before is dealt with first.
    """
    broken: list[Unreadable] = []

    def passed(records: Iterable[T]) -> Iterator[T]:
        try:
            yield from records
        except Unreadable as error:
            broken.append(error)

    yield passed
    if broken:
        raise broken[0]


@contextmanager
def grouped() -> Iterator[Grouping]:
    """Give a place to group records in, and remove it afterwards.

    Raises:
        Unreadable: there is no room for it.
    """
    with tempfile.TemporaryDirectory(prefix="records-") as folder:
        rows = sqlite3.connect(Path(folder) / "records", isolation_level=None)
        try:
            # Nothing outlives the run: no journal, no waiting for the disk.
            rows.executescript(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                "CREATE TABLE record (number INTEGER PRIMARY KEY, thread TEXT, place TEXT, "
                "encoding TEXT, content BLOB); BEGIN;"
            )
            yield Grouping(rows)
        except sqlite3.OperationalError as error:
            raise Unreadable(
                f"The posts cannot be sorted by thread in {tempfile.gettempdir()} ({error}); "
                "make room there, or name another folder in TMPDIR."
            ) from None
        finally:
            rows.close()
