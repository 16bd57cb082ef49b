"""Files, folders, archives and standard input as sources, read one at a time."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from io import BytesIO
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from forumimport import archives, conf, readers
from forumimport.archives import Archive
from forumimport.metering import Meter
from forumimport.outcomes import Failed
from forumimport.readers import Source
from forumimport.unpacking import KINDS, is_compressed, unpacked
from forumimport.unpacking import SUFFIXES as COMPRESSED

STDIN = "-"
#: Smaller files are read again as fast as they are looked up.
REMEMBERED = 256 * 1024
#: Bytes that tell a container, compressed or not: a tar archive is known by its byte 257 on.
_HEAD = 512


@dataclass(frozen=True, slots=True)
class Choice:
    """Patterns such as ``*.json`` or ``2019/*``: which files of folders and archives are read.

    A name, or the whole path, must match one of ``include``, if there are any, and none of
    ``exclude``. Without ``include`` only files are taken whose ending a reader knows.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, path: str) -> bool:
        if any(part.startswith(".") for part in PurePosixPath(path).parts if part.strip(".")):
            return False
        return self.allows(path) and (bool(self.include) or _known_ending(PurePosixPath(path).name))

    def allows(self, path: str) -> bool:
        """Whether the patterns allow a file, whatever its ending: one of a folder that is read as
        a whole needs none."""
        name = PurePosixPath(path).name
        if any(_matches(path, name, pattern) for pattern in self.exclude):
            return False
        return not self.include or any(_matches(path, name, one) for one in self.include)


ALL = Choice()


@dataclass(frozen=True, slots=True)
class Container:
    """One file, folder or stream that the user names, with the sources in it."""

    name: str
    choice: Choice = ALL
    #: What it is called, if that is not where it lies: an upload.
    called: str = ""

    @property
    def origin(self) -> str:
        if self.called:
            return self.called
        return "standard input" if self.name == STDIN else printable(self.name)

    @property
    def size(self) -> int:
        """Bytes as they lie there; 0 where that is not known."""
        try:
            return 0 if self.name == STDIN or self._is_folder else Path(self.name).stat().st_size
        except OSError:
            return 0

    @property
    def remembered(self) -> bool:
        """Whether it is worth remembering that it was read to its end."""
        return self.size >= REMEMBERED

    @property
    def filters(self) -> str:
        """What decides, besides the plan, which of its threads are taken."""
        return f"{self.choice.include}{self.choice.exclude}"

    def digest(self) -> str:
        """Return the sha256 of its bytes.

        Raises:
            OSError: it cannot be read.
        """
        with open(self.name, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def sources(self, heard: Callable[[int], None] | None = None) -> Generator[Source | Failed]:
        """Yield what is in it, one at a time, or the reason why nothing can be read.

        ``heard`` is told how many of its bytes the reading has come past.
        """
        meter = Meter(self.size, heard)
        try:
            if self.name == STDIN:
                yield from self._from_stream(sys.stdin.buffer)
                return
            if self._is_folder:
                folder = Path(self.name)
                yield Source(self.origin, path=folder, allows=self._allowed_in(folder.name))
                return
            with open(self.name, "rb") as file:
                yield from self._from_file(file, meter)
        except FileNotFoundError:
            yield self._failed(
                "is not where it was uploaded to; upload it again. If server and worker see "
                "different folders, name one for both in CORPUS_UPLOAD_FOLDER."
                if self.called
                else "does not exist; name a file or folder, or - for standard input."
            )
        except (OSError, EOFError) as error:
            why = getattr(error, "strerror", "") or str(error)
            yield self._failed(f"cannot be read: {why.rstrip('.')}.")

    @property
    def _is_folder(self) -> bool:
        return Path(self.name).is_dir()

    def _allowed_in(self, folder: str) -> Callable[[str], bool]:
        return lambda name: self.choice.allows(f"{folder}/{name}")

    def _from_stream(self, stream: BinaryIO) -> Iterator[Source | Failed]:
        # One byte more than a document may have shows that it belongs in a file.
        limit = conf.max_document_bytes()
        content = stream.read(limit + 1)
        if len(content) <= limit:
            yield from contained(self.origin, content, self.choice)
            return
        with NamedTemporaryFile(prefix="standard-input-") as file:
            file.write(content)
            del content
            copyfileobj(stream, file)
            file.flush()
            kept = Container(file.name, self.choice, called=self.origin)
            yield from kept.sources()

    def _from_file(self, file: BinaryIO, meter: Meter) -> Iterator[Source | Failed]:
        start = file.read(_HEAD)
        file.seek(0)
        archive = Archive(self.origin, self.choice.takes, self.choice.allows, meter)
        if archives.is_zip(start):
            yield from archive.zipped(file)
        elif archives.is_tar(start, self._opened):
            yield from archive.tarred(self._opened)
        elif not is_compressed(start) and (kind := self._said_to_be_packed_with()):
            yield self._misnamed(self._source(meter), kind)
        else:
            yield self._source(meter)

    def _said_to_be_packed_with(self) -> str:
        """What the name says, where the ending before it is of a format known by its bytes."""
        name = PurePosixPath(self.origin.lower())
        inner = name.with_suffix("").suffix
        told = inner == ".tar" or inner in readers.suffixes() - readers.TextReader.suffixes
        return KINDS.get(name.suffix, "") if told else ""

    def _misnamed(self, source: Source, kind: str) -> Source | Failed:
        """A source that is not packed as its name says: some programs unpack and keep the name."""
        if readers.is_recognised(source):
            return source
        return self._failed(
            f"is not {kind} as its name says, nor anything else that is known; get it anew."
        )

    def _opened(self) -> BinaryIO:
        return Path(self.name).open("rb")

    def _source(self, meter: Meter) -> Source:
        """The file by its bytes, unpacked, if they are few and whole, else by its path."""
        limit = conf.max_document_bytes()
        with unpacked(self._opened()) as stream:
            try:
                content = stream.read(limit + 1)
            except (OSError, EOFError):
                # The reader takes what is before that place, and says what is wrong.
                return Source(self.origin, path=Path(self.name), meter=meter)
        if len(content) <= limit:
            part = meter.within(0, self.size, len(content))
            return Source(self.origin, content, meter=part)
        return Source(self.origin, path=Path(self.name), meter=meter)

    def _failed(self, reason: str) -> Failed:
        return Failed(self.origin, f"{self.origin} {reason}")


def contained(origin: str, content: bytes, choice: Choice = ALL) -> Iterator[Source | Failed]:
    """Yield the sources in bytes: the members of an archive, or what they are, unpacked."""
    file = BytesIO(content)
    archive = Archive(origin, choice.takes, choice.allows)
    if archives.is_zip(content[:_HEAD]):
        yield from archive.zipped(file)
    elif archives.is_tar(content[:_HEAD], lambda: BytesIO(content)):
        yield from archive.tarred(lambda: BytesIO(content))
    else:
        yield Source(origin, content)


def files(paths: Iterable[str], choice: Choice = ALL) -> Iterator[str]:
    """Yield the files that ``paths`` name: files as they are, folders recursively in order.

    From a folder only chosen files are taken, and nothing hidden; a folder that a reader takes as
    a whole (a Maildir) is yielded itself. ``-`` stands for standard input. What does not exist and
    folders that cannot be listed are yielded too: opening them tells.
    """
    for path in paths:
        if path != STDIN and Path(path).is_dir():
            yield from _walk(path, choice)
        else:
            yield path


def opened(names: Iterable[str], choice: Choice = ALL) -> Iterator[Container]:
    """Return every named file as a container, to be read when its turn comes."""
    return (Container(name, choice) for name in names)


def printable(name: str) -> str:
    """Return a file name as text; bytes of it that are not in UTF-8 are written as ``\\xe9``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def endings() -> list[str]:
    """Return the endings of files that are taken from a folder."""
    return sorted(readers.suffixes() | archives.SUFFIXES)


def _walk(folder: str, choice: Choice) -> Iterator[str]:
    unlisted: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=unlisted.append):
        if readers.is_one_source(Path(parent)):
            folders.clear()
            yield parent
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(parent, name)
            if not choice.takes(os.path.relpath(path, folder)):
                continue
            if not Path(path).is_fifo():  # Nobody may ever write to it.
                yield path
    yield from (error.filename for error in unlisted)


def _matches(path: str, name: str, pattern: str) -> bool:
    return fnmatch(name, pattern) or fnmatch(path, pattern)


def _known_ending(name: str) -> bool:
    path = PurePosixPath(name.lower())
    if path.suffix in archives.SUFFIXES:
        return True
    if path.suffix in COMPRESSED:
        path = path.with_suffix("")
    return path.suffix in readers.suffixes() or path.suffix == ".tar"
