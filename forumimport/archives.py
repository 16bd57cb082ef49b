"""The files in an archive as sources, one at a time, with limits and without path tricks.

Members are read into memory, large ones into a temporary file of our own; only those of folders
that are read as a whole are written under their names, below a folder of our own.
"""

from __future__ import annotations

import re
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from forumimport import conf
from forumimport.archived_folders import Folders, refused_name
from forumimport.metering import Meter
from forumimport.outcomes import Failed
from forumimport.readers import Source
from forumimport.readers.values import readable
from forumimport.unpacking import ExpandsTooFar, is_compressed, unpacked

#: Endings of archives; compressed ones end in one of compression behind ".tar".
SUFFIXES = frozenset({".zip", ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tzst", ".wacz"})
#: Files in an archive that are read; real collections have fewer, traps have more.
MEMBERS = 200_000
#: Bytes of a zip file that are read at once, above all its directory: that of so many files with
#: long names. The library makes some ten times as many of it before anybody can count the files.
_DIRECTORY = 32 * 1024 * 1024
#: Bytes of the header before a file in a zip archive, at least.
_LOCAL_HEADER = 30
#: A member that expands further is no text.
RATIO = 1_000
#: Below so many bytes it may expand as it likes.
_HARMLESS = 16 * 1024 * 1024
_CHUNK = 1024 * 1024
_BROKEN = (OSError, EOFError, NotImplementedError, RuntimeError, zlib.error)
#: Headers of tar files that hold long names and the like, and how long they may be.
_EXTENDED = (
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
)
_HEADER = 1024 * 1024
#: What a global header says of all members behind it; archives of git say one thing.
_KEYS = 100
#: Python before 3.11.10 looks through digits in a header again from each of them (CVE-2024-6232).
_DIGITS = re.compile(rb"\d{300}")
#: Bytes that tell an archive: one of tar is known by its byte 257 on.
_HEAD = 512
_TAR_MAGIC = slice(257, 262)
#: Characters of a name that are told of what is not read.
_SHOWN = 300
#: What a zip archive is one of web archives by (WACZ 1.1.1, 5), and which files of it hold pages:
#: the others are lists of them, and their words once more.
_PACKAGE = "datapackage.json"
_PAGES = re.compile(r"archive/.+\.warc(?:\.\w{1,9})?", re.IGNORECASE)
_NESTED = "is an archive in an archive; unpack the outer one and import what is in it."


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive. ``wanted`` says of a member's name whether it is read, ``allowed`` whether it is
    as one of a folder that is read as a whole, whatever its ending.

    A folder in it that a reader takes as a whole (a Maildir, a ConvoKit corpus, the saved pages
    of a forum) is unpacked and read like one on the disk, behind the other members. Of one in the
    format WACZ only the web archives in it are read.
    """

    origin: str
    wanted: Callable[[str], bool]
    allowed: Callable[[str], bool]
    meter: Meter = field(default_factory=Meter)

    def zipped(self, file: BinaryIO) -> Iterator[Source | Failed]:
        """Yield the members of a zip file."""
        try:
            archive = zipfile.ZipFile(cast(BinaryIO, _Sparingly(file)))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            yield self._failed("", f"is no archive that can be opened ({error}).")
            return
        with archive, tempfile.TemporaryDirectory(prefix="corpus-") as room:
            names = [one.filename for one in archive.infolist()[:MEMBERS]]
            webs = _PACKAGE in names and any(map(_PAGES.fullmatch, names))
            taking = _Taking(Folders.among([] if webs else names, Path(room)))
            overlapping = _overlapping(archive.infolist())
            for number, member in enumerate(archive.infolist()):
                if number >= MEMBERS:
                    yield self._failed("", f"holds more than {MEMBERS:,} files; the rest is left.")
                    break
                if member.is_dir() or not self._takes(member.filename, taking):
                    continue
                if webs and not _PAGES.fullmatch(member.filename):
                    continue
                if number in overlapping:
                    reason = "lies over another file of the archive, as only traps do."
                    yield self._failed(member.filename, reason)
                else:
                    yield from self._zipped_member(archive, member, taking)
            yield from taking.folders.sources(self.origin)

    def _takes(self, name: str, taking: _Taking) -> bool:
        return (self.wanted if taking.folders.place(name) is None else self.allowed)(name)

    def _zipped_member(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, taking: _Taking
    ) -> Iterator[Source | Failed]:
        name, size = member.filename, member.file_size
        taking.start = member.header_offset
        taking.end = member.header_offset + member.compress_size
        if refused := refused_name(name):
            yield self._failed(name, refused)
        elif member.flag_bits & 1:
            yield self._failed(name, "is encrypted; unpack it with its password and import that.")
        elif stat.S_ISLNK(member.external_attr >> 16):
            yield self._failed(name, "is a link, which is not followed.")
        elif size > _HARMLESS and size > RATIO * max(1, member.compress_size):
            yield self._failed(name, f"expands to more than {RATIO:,} times its size.")
        else:
            yield from self._read(name, size, lambda: archive.open(member), taking)

    def tarred(self, opened: Callable[[], BinaryIO]) -> Iterator[Source | Failed]:
        """Yield the members of a tar file, compressed or not: their names first, then they."""
        with tempfile.TemporaryDirectory(prefix="corpus-") as room, opened() as file:
            try:
                taking = _Taking(Folders.among(_names(opened), Path(room)))
                with tarfile.open(fileobj=unpacked(file), mode="r|", tarinfo=_Member) as archive:
                    yield from self._tarred_members(archive, file, taking)
            except (tarfile.TarError, EOFError, OSError, RecursionError) as error:
                yield self._failed(
                    "", f"is damaged or cut off ({error}); what is before that place is read."
                )
            yield from taking.folders.sources(self.origin)

    def _tarred_members(
        self, archive: tarfile.TarFile, file: BinaryIO, taking: _Taking
    ) -> Iterator[Source | Failed]:
        for number, member in enumerate(_members(archive)):
            if number >= MEMBERS:
                yield self._failed("", f"holds more than {MEMBERS:,} files; the rest is left.")
                return
            if not member.isdir() and self._takes(member.name, taking):
                taking.start, taking.end = taking.end, file.tell()
                yield from self._tarred_member(archive, member, taking)

    def _tarred_member(
        self, archive: tarfile.TarFile, member: tarfile.TarInfo, taking: _Taking
    ) -> Iterator[Source | Failed]:
        if refused := refused_name(member.name):
            yield self._failed(member.name, refused)
        elif member.issym() or member.islnk():
            yield self._failed(member.name, "is a link, which is not followed.")
        elif not member.isfile():
            yield self._failed(member.name, "is a device, not a file.")
        elif member.issparse():
            yield self._failed(member.name, "is a sparse file, which no text is.")
        else:
            yield from self._read(
                member.name, member.size, lambda: archive.extractfile(member), taking
            )

    def _read(
        self, name: str, size: int, opened: Callable[[], IO[bytes] | None], taking: _Taking
    ) -> Iterator[Source | Failed]:
        origin = f"{self.origin}/{readable(name)}"
        try:
            stream = opened()
            if stream is None:
                return
            with closing(stream):
                taking.take(size)
                if place := taking.folders.place(name):
                    place.parent.mkdir(exist_ok=True)
                    with place.open("xb") as kept:
                        shutil.copyfileobj(stream, kept, _CHUNK)
                elif size <= min(conf.max_document_bytes(), _HARMLESS):
                    content = stream.read()
                    if _is_archive(content[:_HEAD], lambda: BytesIO(content)):
                        yield self._failed(name, _NESTED)
                        return
                    yield Source(origin, content, meter=self._meter(taking, len(content)))
                else:
                    # Lives until the next member is asked for.
                    with tempfile.NamedTemporaryFile(prefix="corpus-") as large:
                        shutil.copyfileobj(stream, large, _CHUNK)
                        large.flush()
                        path = Path(large.name)
                        with path.open("rb") as begun:
                            start = begun.read(_HEAD)
                        if _is_archive(start, lambda: path.open("rb")):
                            yield self._failed(name, _NESTED)
                            return
                        meter = self._meter(taking, size)
                        yield Source(origin, path=path, meter=meter)
        except ExpandsTooFar as error:
            yield self._failed(name, f"is not read: {error}.")
        except (*_BROKEN, zipfile.BadZipFile, tarfile.TarError) as error:
            yield self._failed(name, f"cannot be read ({error}).")

    def _meter(self, taking: _Taking, size: int) -> Meter:
        return self.meter.within(taking.start, taking.end, size)

    def _failed(self, name: str, reason: str) -> Failed:
        shown = readable(name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…")
        where = f"{self.origin}/{shown}" if name else self.origin
        return Failed(where, f"{where} {reason}")


class _Sparingly:
    """A zip file of which nobody reads more at once than a directory may have."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, size: int = -1) -> bytes:
        if size > _DIRECTORY:
            raise zipfile.BadZipFile(
                f"its list of files is longer than {_DIRECTORY // 2**20} MB; pack fewer together"
            )
        return self._file.read(size)


def _overlapping(members: Sequence[zipfile.ZipInfo]) -> frozenset[int]:
    """The numbers of files that begin before the end of an earlier one, so that the same bytes are
    unpacked over and over. (Python itself tells from 3.11.8 on.)"""
    found, end = set(), 0
    places = sorted(range(len(members)), key=lambda number: members[number].header_offset)
    for number in places:
        member = members[number]
        if member.header_offset < end:
            found.add(number)
        end = max(end, member.header_offset + _LOCAL_HEADER + member.compress_size)
    return frozenset(found)


def _names(opened: Callable[[], BinaryIO]) -> Iterator[str]:
    """Yield the names in a tar file as far as it can be read; reading it tells what is wrong."""
    with (
        suppress(tarfile.TarError, EOFError, OSError, RecursionError),
        opened() as file,
        tarfile.open(fileobj=unpacked(file), mode="r|", tarinfo=_Member) as archive,
    ):
        for _number, member in zip(range(MEMBERS), _members(archive), strict=False):
            yield member.name


def _members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield the members of a stream and forget them: the library would keep every one."""
    while (member := archive.next()) is not None:
        yield member
        archive.members.clear()  # type: ignore[attr-defined]


class _Member(tarfile.TarInfo):
    """Refuses headers that claim to be longer than any name before they are read into memory.

    Maps of sparse files go on for as long as they say they do, and no text is sparse. The methods
    are private to the standard library, which has no other place to ask; a test tells if they are
    called no more.
    """

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        # What a global header says is kept to the end, so all of them count.
        told = archive.pax_headers.items() if self.type == tarfile.XGLTYPE else ()
        kept = sum(len(key) + len(value) for key, value in told)
        if self.type in _EXTENDED and self.size + kept > _HEADER:
            raise tarfile.ReadError("a header is too long")
        return super()._proc_member(archive)  # type: ignore[misc]

    def _proc_pax(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        stream = archive.fileobj
        content = stream.read(self._block(self.size))  # type: ignore[attr-defined]
        if _DIGITS.search(content):
            raise tarfile.ReadError("a header has a number of too many digits")
        # Each key is copied for every member behind it.
        if self.type == tarfile.XGLTYPE and len(archive.pax_headers) + content.count(b"=") > _KEYS:
            raise tarfile.ReadError("its global headers say too much")
        archive.fileobj = _Again(content, stream)
        try:
            return super()._proc_pax(archive)  # type: ignore[misc]
        finally:
            archive.fileobj = stream

    def _proc_sparse(self, _archive: tarfile.TarFile) -> tarfile.TarInfo:
        raise tarfile.ReadError("it holds a sparse file")

    def _proc_gnusparse_10(self, *_headers: object) -> None:
        raise tarfile.ReadError("it holds a sparse file")


class _Again:
    """Gives what was read of a stream once more, then the stream itself."""

    def __init__(self, content: bytes, stream: Any) -> None:
        self._content = content
        self._stream = stream

    def read(self, size: int) -> bytes:
        content, self._content = self._content, b""
        found: bytes = content or self._stream.read(size)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@dataclass(slots=True)
class _Taking:
    """What is taken out of an archive: how many bytes still may be, and where it is at."""

    folders: Folders
    left: int = field(default_factory=conf.max_archive_bytes)
    start: int = 0
    end: int = 0

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise ExpandsTooFar(
                f"the archive holds more than the {conf.max_archive_bytes():,} bytes that "
                "CORPUS_MAX_ARCHIVE_BYTES allows"
            )


def is_zip(start: bytes) -> bool:
    """Whether a file that begins like this is a zip archive."""
    return start.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_tar(start: bytes, opened: Callable[[], BinaryIO]) -> bool:
    """Whether a file that begins with ``start`` is a tar archive, be it compressed."""
    if is_compressed(start):
        try:
            with unpacked(opened()) as stream:
                start = stream.read(_HEAD)
        except (OSError, EOFError):
            return False  # The reader will say what is wrong with it.
    return start[_TAR_MAGIC] == b"ustar"


def _is_archive(start: bytes, opened: Callable[[], BinaryIO]) -> bool:
    return is_zip(start) or is_tar(start, opened)
