"""Web archives: pages of forums in WARC, joined by thread; texts of documents in WET."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from typing import BinaryIO

from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from forumimport.drafts import DocumentDraft, ThreadDraft, Unread, sha256_of
from forumimport.readers import content_encodings, crawls, html, pages
from forumimport.readers.base import BadRecord, Head, Options, Reader, Source, Unreadable
from forumimport.readers.encodings import decode
from forumimport.readers.records import LONGEST, Record, taken, told, too_long
from forumimport.readers.values import readable

_WRONG_LENGTH = "It is longer or shorter than it says; it is read as far as it says."
_NEXT_INSIDE = "The next record begins before the end that it states; it is read up to there."
_NO_LENGTH = "Its Content-Length is no number or missing; it is read up to the next record."
_BREAKS_OFF = "It breaks off after {:,} of the {:,} bytes that it states; fetch it anew."
_HEAD_BREAKS_OFF = "It breaks off in its headers; fetch it anew."
_NO_START = "It does not begin as a record does (WARC/1.0), so it is damaged."
_NO_TYPE = "It does not say what it is (WARC-Type), so it is damaged."
_NO_HEADERS = "It names no web address that it was fetched from, or has no headers of a web server."
_DAMAGED = "Its compressed page is damaged or cut off; what could be unpacked is read."
#: Bytes of all headers of one record: those of browsers and servers have some kilobytes.
_LONGEST_HEAD = 1024 * 1024
_HEAD_TOO_LONG = f"It has more than {_LONGEST_HEAD:,} bytes of headers."
#: What is read at once of bytes that are passed over, or of a line of them.
_PIECE = 64 * 1024
#: Bytes that are read once more, of all records that state a wrong length: time would grow with
#: the number of records times the length that each states.
_GIVEN_BACK = 32 * LONGEST
_START = re.compile(rb"WARC/\d\.\d{1,2}\s*$")
_INSIDE = re.compile(rb"\r?\n\r?\n(?=WARC/\d\.\d{1,2}\r?\n)")
_HEAD_END = re.compile(rb"\n[ \t]*(?:\r?\n|\Z)")
_LENGTH = re.compile(r"\s*[0-9]{1,18}\s*")
_STATUS = re.compile(rb"HTTP/\S{1,9} {1,9}(\d{3})\b")
_NOT_MODIFIED = b"304"
_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([\w-]{2,30})""", re.IGNORECASE)
_PAGES = ("text/html", "application/xhtml+xml")
_WEB = ("http:", "https:")
_HEADERS = StatusAndHeadersParser([], verify=False)


class WarcReader(Reader):
    id = "warc"
    title = "Web archives, WARC or WET"
    suffixes = frozenset({".warc", ".wet"})

    def sniff(self, head: Head) -> float:
        return 0.98 if head.start.startswith(b"WARC/") else 0.0

    def read(self, source: Source, options: Options) -> Iterator[ThreadDraft | Unread]:
        beside = crawls.Beside()
        found = _found(source, options, beside)
        yield from beside.told(
            html.joined(source, self.id, found, options, postless=beside.without_posts)
        )


def _found(
    source: Source, options: Options, beside: crawls.Beside
) -> Iterator[Record | Unread | ThreadDraft]:
    """Yield pages, to be joined, and texts, each a thread."""
    try:
        for kind, record in _records(source, beside):
            if kind == "page" or isinstance(record, Unread):
                yield record
            elif kind == "text":
                yield _text(source, record, options)
            elif _shows_posts(record, options):
                yield record
            else:
                beside.of_status(kind, record.locator)
    finally:
        beside.complete = True


def _shows_posts(record: Record, options: Options) -> bool:
    try:
        pages.whole(Source("It", record.content), options.encoding, record.encoding)
    except BadRecord:
        return False
    return True


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


def _records(source: Source, beside: crawls.Beside) -> Iterator[tuple[str, Record | Unread]]:
    """Yield what is a page ("page") or the text of one ("text"), by its address; what a server
    answered with another status than that of a page by this status ("404")."""
    with told(source), source.stream() as stream:
        archive = _Archive(stream)
        for number in count(1):
            if not archive.begins():
                if archive.ended and number == 1:
                    raise Unreadable(f"{source.origin} is no web archive; no record begins in it.")
                yield "", Unread(f"record {number}", _NO_START)
            elif archive.ended:
                return
            else:
                yield from _read(archive, f"record {number}", beside)


def _read(
    archive: _Archive, place: str, beside: crawls.Beside
) -> Iterator[tuple[str, Record | Unread]]:
    """Yield what is in the next record, and before it what is wrong with its length."""
    try:
        headers = archive.headers()
    except BadRecord as error:
        yield "", Unread(place, str(error))
        return
    address = (headers.get_header("WARC-Target-URI") or "").strip("<> ")
    place = readable(address) or place
    body, complaint = archive.body(headers.get_header("Content-Length") or "")
    if complaint:
        yield "", Unread(place, complaint, lost=not body)
    try:
        for kind, record in _shown(headers, body, address, place):
            if kind == "revisit":
                _note_revisit(headers, address, beside)
                continue
            if kind == "page":
                beside.page(address, headers.get_header("WARC-Payload-Digest") or "")
            yield kind, record
    except BadRecord as error:
        yield "", Unread(place, str(error))


def _note_revisit(headers: StatusAndHeaders, address: str, beside: crawls.Beside) -> None:
    digest = headers.get_header("WARC-Payload-Digest") or ""
    earlier = (headers.get_header("WARC-Refers-To-Target-URI") or "").strip("<> ")
    beside.revisit(readable(address), digest, earlier)


class _Archive:
    """The records of an archive one after the other: in turns the headers and the body of each.

    A body ends where the next record begins if the length that it states is wrong, or none. At most
    one is held, up to its ``LONGEST`` bytes.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._again = BytesIO()
        self._left = _GIVEN_BACK
        self._broken: Exception | None = None
        self._line = b""
        self._go_on()

    @property
    def ended(self) -> bool:
        return not self._line

    def begins(self) -> bool:
        """Go on to where a record begins, or to the end; whether nothing else was before that.

        Raises:
            OSError, EOFError: the stream breaks off.
        """
        while self._line and not self._line.strip():
            self._go_on()
        found = not self._line or _START.match(self._line) is not None
        if not found:
            self._upto_next(0)
        if self._broken:
            raise self._broken
        return found

    def headers(self) -> StatusAndHeaders:
        """Return the headers of the record that begins here.

        Raises:
            BadRecord: they are cut off, or longer than any.
        """
        head = bytearray(self._line)
        while (line := self._readline(_LONGEST_HEAD)).strip():
            head += line
            if len(head) > _LONGEST_HEAD:
                self._line = line
                self._upto_next(0)
                raise BadRecord(_HEAD_TOO_LONG)
        self._line = b""
        if not line:
            raise BadRecord(_HEAD_BREAKS_OFF)
        return _HEADERS.parse(BytesIO(head))

    def body(self, stated: str) -> tuple[bytes, str]:
        """Return what stands below the headers, at most a byte more than ``LONGEST``, and what is
        wrong with the length that they state.

        Raises:
            OSError, EOFError: the stream breaks off in it.
        """
        if not _LENGTH.fullmatch(stated):
            self._go_on()
            return self._upto_next(LONGEST), _NO_LENGTH
        length = int(stated)
        body = self._taken(min(length, LONGEST + 1))
        came = len(body) + self._passed_over(length - len(body))
        self._go_on()
        if came == length and (not self._line.strip() or _START.match(self._line)):
            return body, ""
        if came == len(body) and self._left > 0:
            # The length may end within the line that begins the next record.
            further = body + self._line
            if inside := _INSIDE.search(further):
                self._give_back(further[inside.end() :])
                return body[: inside.start()], _NEXT_INSIDE
        if came < length:
            return body, _BREAKS_OFF.format(came, length)
        self._upto_next(0)
        return body, _WRONG_LENGTH

    def _go_on(self) -> None:
        """Take the next line; a break there is of what follows, so it waits for it."""
        try:
            self._line = self._readline(_PIECE)
        except (OSError, EOFError) as error:
            self._line, self._broken = b"", error

    def _readline(self, longest: int) -> bytes:
        line = self._again.readline(longest)
        if line.endswith(b"\n") or len(line) == longest:
            return line
        return line + self._stream.readline(longest - len(line))

    def _taken(self, size: int) -> bytes:
        again = self._again.read(size)
        return again + taken(self._stream, size - len(again))

    def _passed_over(self, size: int) -> int:
        """Pass over so many bytes, or those that there are; return how many."""
        left = size
        while left > 0 and (some := self._taken(min(left, _PIECE))):
            left -= len(some)
        return size - left

    def _upto_next(self, longest: int) -> bytes:
        """Go on to where a record begins; return what is before, at most a byte more than so."""
        found, above = bytearray(), b""
        # Long lines come in pieces, and words that begin as a record does may stand in a body.
        while self._line and (above.strip() or not _START.match(self._line)):
            found += self._line[: longest + 1 - len(found)]
            above = self._line
            self._go_on()
        return bytes(found.removesuffix(b"\r\n\r\n"))

    def _give_back(self, content: bytes) -> None:
        content += self._again.read()
        self._left -= len(content)
        self._again = BytesIO(content)
        self._go_on()


def _shown(
    headers: StatusAndHeaders, body: bytes, address: str, place: str
) -> Iterator[tuple[str, Record | Unread]]:
    """Yield the page or the text that a record holds, if any.

    Raises:
        BadRecord: it lacks what such records have, or is longer than any.
    """
    kind = (headers.get_header("WARC-Type") or "").strip().lower()
    stated = (headers.get_header("Content-Type") or "").lower()
    if not kind:
        raise BadRecord(_NO_TYPE)
    if kind == "response" and body and (address or "http:").lower().startswith(_WEB):
        yield from _answer(body, address, place)
    elif kind == "revisit" and _revisits_page(body, address):
        yield kind, Record(b"", place)
    elif kind == "conversion" and stated.startswith("text/plain"):
        yield "text", Record(_bounded(body), place)
    elif kind == "resource" and stated.startswith(_PAGES):
        yield "page", Record(_bounded(body), place)


def _answer(body: bytes, address: str, place: str) -> Iterator[tuple[str, Record | Unread]]:
    """Yield the page that a web server answered with, if it is one."""
    end = _HEAD_END.search(body, 0, _LONGEST_HEAD)
    if not address or end is None or not body.startswith(b"HTTP/"):
        raise BadRecord(_NO_HEADERS)
    headers = _HEADERS.parse(BytesIO(body[: end.end()]))
    stated = headers.get_header("Content-Type") or ""
    if not stated.lower().startswith(_PAGES):
        return
    status = _STATUS.match(body)
    kind = "page" if status is None or status[1].startswith(b"2") else status[1].decode()
    try:
        content, whole = _unpacked(_bounded(body)[end.end() :], headers)
    except BadRecord:
        if kind == "page":
            raise
        content, whole = b"", True
    served_as = _CHARSET.search(stated)
    page = Record(_bounded(content), place, served_as[1] if served_as else "")
    if not whole and kind == "page":
        yield "", Unread(place, _DAMAGED, lost=False)
    yield kind, page


def _revisits_page(body: bytes, address: str) -> bool:
    """Whether it may be a page of a thread that a server sent as before; if it had no headers
    then, the address tells."""
    end = _HEAD_END.search(body, 0, _LONGEST_HEAD)
    if end is None or not body.startswith(b"HTTP/"):
        return not crawls.is_no_page(address)
    stated = _HEADERS.parse(BytesIO(body[: end.end()])).get_header("Content-Type")
    status = _STATUS.match(body)
    if status is not None and not status[1].startswith(b"2") and status[1] != _NOT_MODIFIED:
        return False
    return stated.lower().startswith(_PAGES) if stated else not crawls.is_no_page(address)


def _bounded(content: bytes) -> bytes:
    if len(content) > LONGEST:
        raise BadRecord(too_long())
    return content


def _unpacked(content: bytes, headers: StatusAndHeaders) -> tuple[bytes, bool]:
    """Return an answer as it was before it was sent, and whether that is all of it."""
    if (headers.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        content = ChunkedDataReader(BytesIO(content)).read(LONGEST + 1)
    return content_encodings.unpacked(content, headers.get_header("Content-Encoding") or "")
