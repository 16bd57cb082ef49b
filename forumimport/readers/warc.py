"""Web archives: pages of forums in WARC, joined by thread; texts of documents in WET."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from itertools import count
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException

from forumimport.drafts import DocumentDraft, ThreadDraft, Unread, sha256_of
from forumimport.readers import html
from forumimport.readers.base import Head, Options, Reader, Source, Unreadable
from forumimport.readers.encodings import decode
from forumimport.readers.records import LONGEST, Record, taken, told, too_long
from forumimport.readers.values import readable

_WRONG_LENGTH = "It is longer or shorter than it says; it is read as far as it says."
_NO_HEADERS = "It names no web address that it was fetched from, or has no headers of a web server."
#: Bytes of all headers of one record: those of browsers and servers have some kilobytes.
_LONGEST_HEAD = 1024 * 1024
_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([\w-]{2,30})""", re.IGNORECASE)
_PAGES = ("text/html", "application/xhtml+xml")


class WarcReader(Reader):
    id = "warc"
    title = "Web archives, WARC or WET"
    suffixes = frozenset({".warc", ".wet"})

    def sniff(self, head: Head) -> float:
        return 0.98 if head.start.startswith(b"WARC/") else 0.0

    def read(self, source: Source, options: Options) -> Iterator[ThreadDraft | Unread]:
        yield from html.joined(source, self.id, _found(source, options), options)


def _found(source: Source, options: Options) -> Iterator[Record | Unread | ThreadDraft]:
    """Yield pages, to be joined, and texts, each a thread."""
    for kind, record in _records(source):
        if kind == "page" or isinstance(record, Unread):
            yield record
        else:
            yield _text(source, record, options)


def _text(source: Source, record: Record, options: Options) -> ThreadDraft | Unread:
    try:
        decoded = decode(Source("It", record.content), encoding=options.encoding)
    except Unreadable as error:
        return Unread(record.locator, str(error))
    document = DocumentDraft(
        text=decoded.text,
        sha256=sha256_of(record.content),
        origin=source.origin,
        format=WarcReader.id,
        encoding=decoded.encoding,
        locator=record.locator[:500],
        encoding_guessed=decoded.guessed,
    )
    return ThreadDraft(documents=(document,), identifier=record.locator[:1000])


def _records(source: Source) -> Iterator[tuple[str, Record | Unread]]:
    """Yield what is a page ("page") or the text of one ("text"), by its address."""
    with told(source), source.stream() as stream:
        try:
            archive = ArchiveIterator(_Stream(source, stream))
            archive.loader = _Loader(verify_http=False, arc2warc=False)
            lines = archive.reader.readline = _Lines(archive.reader.readline)
            for number in count(1):
                record, complaint = _next(archive, lines)
                if complaint:
                    yield "", Unread(f"record {number - 1}", _WRONG_LENGTH, lost=False)
                if record is None:
                    return
                if _lacks(record):
                    yield "", Unread(f"record {number}", _NO_HEADERS)
                elif kind := _kind(record):
                    yield kind, _record(record, number)
        except (ArchiveLoadFailed, ValueError, AttributeError, IndexError) as error:
            reason = "a record lacks a header that it needs"
            if isinstance(error, ArchiveLoadFailed):
                reason = " ".join(str(error).split())[:200].rstrip(".")
            raise Unreadable(
                f"{source.origin} is no whole web archive ({reason}); what stands before is read."
            ) from None


class _Loader(ArcWarcRecordLoader):
    """Loads records of which some lack what the library takes for granted: its loss is theirs."""

    def load_http_headers(
        self, rec_type: str, uri: str | None, stream: Any, length: int | None
    ) -> StatusAndHeaders | None:
        try:
            return super().load_http_headers(rec_type, uri or "", stream, length)
        except (StatusAndHeadersParserException, EOFError):
            return None


class _Lines:
    """Reads the lines of headers and the lengths of chunks, but none without end: the library takes
    time by the square of a line's length, and keeps all headers of a record.

    ``left`` is how many bytes of headers may still come; None where chunks are read.
    """

    def __init__(self, readline: Callable[[int], bytes]) -> None:
        self._readline = readline
        self.left: int | None = None

    def __call__(self, length: int | None = None) -> bytes:
        longest = _LONGEST_HEAD if self.left is None else self.left
        line = self._readline(min(length or longest, longest))
        if len(line) == longest:
            raise ArchiveLoadFailed(f"a record has more than {_LONGEST_HEAD:,} bytes of headers")
        if self.left is not None:
            self.left -= len(line)
        return line


class _Stream:
    """A stream for the library, which would take the error of one that breaks off for its end."""

    def __init__(self, source: Source, stream: BinaryIO) -> None:
        self._source = source
        self._stream = stream

    def read(self, size: int) -> bytes:
        with told(self._source):
            return taken(self._stream, size)


def _next(archive: ArchiveIterator, lines: _Lines) -> tuple[ArcWarcRecord | None, str]:
    """The next record, and what the library has to say of the end of the one before it."""
    said = io.StringIO()
    lines.left = _LONGEST_HEAD
    with redirect_stderr(said):
        found = next(iter(archive), None)
    lines.left = None
    return found, said.getvalue()


def _lacks(record: ArcWarcRecord) -> bool:
    """Whether it is an answer of a web server without what such answers have; others have none."""
    address = (record.rec_headers.get_header("WARC-Target-URI") or "http:").strip("<> ").lower()
    answer = record.rec_type == "response" and address.startswith(("http:", "https:"))
    return answer and not record.http_headers and bool(record.length)


def _kind(record: ArcWarcRecord) -> str:
    stated = record.rec_headers.get_header("Content-Type") or ""
    if record.rec_type == "conversion":
        return "text" if stated.startswith("text/plain") else ""
    if record.rec_type == "response" and record.http_headers:
        stated = record.http_headers.get_header("Content-Type") or ""
    elif record.rec_type != "resource":
        return ""
    return "page" if stated.lower().startswith(_PAGES) else ""


def _record(record: ArcWarcRecord, number: int) -> Record | Unread:
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    place = readable(address.strip("<> ")) or f"record {number}"
    content = record.content_stream().read(LONGEST + 1)
    if len(content) > LONGEST:
        return Unread(place, too_long())
    stated = record.http_headers.get_header("Content-Type") if record.http_headers else ""
    served_as = _CHARSET.search(stated or "")
    return Record(content, place, served_as[1] if served_as else "")
