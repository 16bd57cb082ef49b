"""What every reader is, what it reads, and how it refuses."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from corpus.errors import CorpusError
from forumimport.drafts import ThreadDraft, Unread
from forumimport.metering import Meter, metered
from forumimport.unpacking import unpacked

#: Bytes read at once of what is only measured.
_PIECE = 256 * 1024


class Unreadable(CorpusError):
    """A source that cannot be read; the message names it, says why and what would work."""


class BadRecord(CorpusError):
    """One record that cannot be read; the message is a sentence about it ("It has no text.")."""


def _any(_name: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Source:
    """What is read, and where from (a path, ``-``, the name of an upload, a member of an archive).

    Either ``content``, or a ``path`` to a file or, for formats that are one, a folder; of that
    ``allows`` says which files are read, by their place in it.
    """

    origin: str
    content: bytes = b""
    path: Path | None = None
    meter: Meter = field(default_factory=Meter, compare=False, repr=False)
    allows: Callable[[str], bool] = field(default=_any, compare=False, repr=False)

    def stream(self) -> BinaryIO:
        """Return the bytes from the beginning, unpacked if they are compressed.

        Raises:
            OSError: the file cannot be read.
        """
        packed = BytesIO(self.content) if self.path is None else self.path.open("rb")
        return unpacked(metered(packed, self.meter))

    def ends_within(self, size: int) -> bool:
        """Whether it has, unpacked, no more bytes; so it does where it breaks off before.

        Raises:
            OSError: it cannot be opened.
        """
        with self.stream() as stream:
            try:
                while size >= 0 and (some := stream.read(min(size + 1, _PIECE))):
                    size -= len(some)
            except (OSError, EOFError):
                return True
        return size >= 0

    def beginning(self, size: int) -> Source:
        """Return so many bytes of it, unpacked, to the last whole line; itself if it has no more.

        Raises:
            OSError, EOFError: it cannot be read.
        """
        with self.stream() as stream:
            content = stream.read(size + 1)
        if len(content) <= size:
            return self
        lines = content[: content.rfind(b"\n") + 1]
        return replace(self, content=lines or content[:size], path=None)


@dataclass(frozen=True, slots=True)
class Head:
    """What a format is told by: the name, the first bytes (unpacked), the names in a folder."""

    name: str
    start: bytes = b""
    folder: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Options:
    """What the user states about the sources; every reader takes what concerns it.

    Args:
        encoding: overrules what would be detected.
        separator: the line between threads of one text file.
        fields: the source's names for fields, by ours (``text``, ``title``, ``author`` …).
        mapping: a mapping as read from TOML (see :mod:`forumimport.readers.mapped`).
        order: of posts that lie scattered over a file: "time", "depth-first" (every reply below
            what it answers), or "source"; None leaves it to the reader.
    """

    encoding: str | None = None
    separator: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, Any] | None = None
    order: str | None = None


class Reader(ABC):
    """One file format. Never touches the database, never guesses an encoding unsaid."""

    id: ClassVar[str]
    title: ClassVar[str]
    suffixes: ClassVar[frozenset[str]]

    @abstractmethod
    def sniff(self, head: Head) -> float:
        """Return how surely a source with this head is in this format, 0 to 1."""

    @abstractmethod
    def read(self, source: Source, options: Options) -> Iterator[ThreadDraft | Unread]:
        """Yield the threads in ``source``, and the records that cannot be read, in order.

        Memory is bounded whatever the source's size. A broken record costs itself only.

        Raises:
            Unreadable: nothing (more) can be read from it.
        """
