"""One mail message as a post: what its headers say, and its words without what programs add."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parseaddr

from corpus.segmentation import attributions, datelines
from corpus.segmentation.structure import Boilerplate
from corpus.spans import Span
from forumimport.drafts import QuotationDraft
from forumimport.readers import markup, plain
from forumimport.readers.base import BadRecord, Source, Unreadable
from forumimport.readers.encodings import decode, text_encoding

_NAME = re.compile(r"<([^<>\s]+)>")
#: The line above a signature (RFC 3676, 4.3), and the one above the note of a mailing list.
_SIGNATURE = re.compile(r"^-- ?\r?$", re.MULTILINE)
_FOOTER = re.compile(r"^_{40,}\r?\n(?:[^\n]*\n){0,5}[^\n]*\Z", re.MULTILINE)
#: What says how a part is to be read, with the lines that it goes on in.
_CONTENT = re.compile(rb"^content-[^\n]*+(?:\n[ \t][^\n]*+)*+", re.IGNORECASE | re.MULTILINE)
_MULTIPART = re.compile(rb"^content-type:\s{0,99}(?:multipart|message)/", re.I | re.M)
#: Parts of a message, and parts that have parts, at most; Python's parser calls itself for each of
#: these and makes a message of each of those.
_PARTS, _NESTED = 10_000, 100
#: Lines of a signature at most; netiquette says four.
_LONGEST_SIGNATURE = 20
#: Characters of a header that is read; the standard says 998 a line.
_LONGEST_HEADER = 10_000
#: Bytes of all headers that are looked at for names.
_LONGEST_HEAD = 1024 * 1024
#: Characters above a quotation in which the line that introduces it is looked for.
_ABOVE = 500
#: What Python's email package raises for messages that are none.
BROKEN = (
    *(MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError),
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Headers:
    """What threads are made of: names without angle brackets, oldest reference first."""

    name: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message, read, with its encoding; ``guessed`` where the message does not state it."""

    subject: str
    author: str
    date: str
    marked: markup.Marked
    encoding: str
    guessed: bool = False


def headers(content: bytes) -> Headers:
    """Return what a message is called and what it refers to."""
    head = re.split(rb"\r?\n\r?\n", content, maxsplit=1)[0][:_LONGEST_HEAD]
    try:
        message = BytesHeaderParser().parsebytes(head + b"\n\n")
        answered = _names(message, "In-Reply-To")
        references = _names(message, "References")
    except BROKEN:
        return Headers("", ())
    name = _names(message, "Message-ID")
    # In-Reply-To may hold words and addresses too; References say it better where they are.
    return Headers(name[0] if name else "", tuple(dict.fromkeys(references or answered[:1])))


def read(content: bytes) -> Letter:
    """Return a message with the words of its writer.

    Raises:
        BadRecord: it is no message, or has no text.
    """
    if content.count(b"\n--") > _PARTS and _MULTIPART.search(content):
        raise BadRecord(f"It has more than {_PARTS:,} parts.")
    if sum(1 for _found in _MULTIPART.finditer(content)) > _NESTED:
        raise BadRecord(f"It has more than {_NESTED} parts that have parts.")
    if any(len(found[0]) > _LONGEST_HEADER for found in _CONTENT.finditer(content)):
        # Python's parser takes time by the square of it.
        raise BadRecord(f"A header of it is longer than {_LONGEST_HEADER:,} characters.")
    try:
        message = message_from_bytes(content)
        marked, encoding, guessed = _body(message)
        return Letter(
            subject=_header(message, "Subject", encoding),
            author=_author(_header(message, "From", encoding)),
            date=_header(message, "Date", encoding),
            marked=marked,
            encoding=encoding,
            guessed=guessed,
        )
    except BROKEN:
        raise BadRecord("It is no mail message that can be read.") from None


def _names(message: Message, header: str) -> list[str]:
    return _NAME.findall(str(message.get(header, "")))


def _author(header: str) -> str:
    name, address = parseaddr(header)
    return name or address or header


def _header(message: Message, name: str, encoding: str) -> str:
    value = message.get(name)
    if value is None:
        return ""
    if len(str(value)) > _LONGEST_HEADER:
        raise BadRecord(f"Its header {name} is longer than {_LONGEST_HEADER:,} characters.")
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        parts = [(str(value), None)]
    text = "".join(_decoded_part(part, charset or encoding) for part, charset in parts)
    return " ".join(text.replace("\0", "").split())


def _decoded_part(part: bytes | str, charset: str) -> str:
    """Words of a header in the encoding stated, or in those of the message."""
    content = part.encode("ascii", "surrogateescape") if isinstance(part, str) else part
    for candidate in (charset, "utf-8", "cp1252"):
        try:
            return content.decode(text_encoding(candidate))
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def _body(message: Message) -> tuple[markup.Marked, str, bool]:
    """The words, their encoding, and whether that was guessed."""
    found = list(_texts(message))
    plains = [part for part in found if part.get_content_type() == "text/plain"]
    parts = plains or [part for part in found if part.get_content_type() == "text/html"]
    if not parts:
        raise BadRecord(f"It has no text, only {message.get_content_type()}.")
    encoding, guessed = "utf-8", False
    bodies = []
    for part in parts:
        text, encoding, guess = _text(part)
        guessed = guessed or guess
        bodies.append(taken_apart(text) if plains else markup.fragment(text))
    return markup.appended(bodies), encoding, guessed


def _texts(message: Message) -> Iterator[Message]:
    """The parts that are text to be read, not those of attached files and messages."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_disposition() == "attachment":
            continue
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extend(reversed(_parts(part)))
        elif part.get_content_type() in ("text/plain", "text/html"):
            yield part


def _parts(part: Message) -> Sequence[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _text(part: Message) -> tuple[str, str, bool]:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset() or ""
    if not content.strip():
        return "", charset or "utf-8", False
    for candidate in (charset, "utf-8"):
        try:
            return content.decode(text_encoding(candidate)), candidate, False
        except (LookupError, ValueError):
            continue
    try:
        decoded = decode(Source("It", content))
    except Unreadable as error:
        raise BadRecord(str(error)) from None
    return decoded.text, decoded.encoding, True


def taken_apart(text: str) -> markup.Marked:
    """Words with quotations; signature, note of the list, and the lines that introduce quotations
    are boilerplate. All of it is told by characters, so it is inferred."""
    quotations = []
    boilerplate = list(_end(text))
    end = boilerplate[0].span.start if boilerplate else len(text)
    after = 0
    for quotation in plain.quotations(text):
        if quotation.span.end <= end:
            introduced, above = _introduced(text, quotation, after)
            after = quotation.span.end
            quotations.append(introduced)
            boilerplate.extend([Boilerplate(above, "header")] if above else [])
    rows = sorted(boilerplate, key=lambda row: row.span)
    return markup.Marked(text, tuple(quotations), tuple(rows))


def _end(text: str) -> Iterator[Boilerplate]:
    footer = _FOOTER.search(text)
    end = footer.start() if footer else len(text)
    marked = list(_SIGNATURE.finditer(text, 0, end))
    start = marked[-1].start() if marked else end
    short = text.count("\n", start, end) <= _LONGEST_SIGNATURE
    if start < end and short and (span := Span(start, end).trimmed(text)):
        yield Boilerplate(span, "signature")
    if footer and (span := Span(footer.start(), len(text)).trimmed(text)):
        yield Boilerplate(span, "navigation")


def _introduced(
    text: str, quotation: QuotationDraft, after: int
) -> tuple[QuotationDraft, Span | None]:
    """The quotation with the name in the line or two above it, and where those stand.

    Two lines are taken only if they hold a date, as programs wrap "On <date>, <name> wrote:".
    """
    begin = max(after, quotation.span.start - _ABOVE)
    above = text[begin : quotation.span.start].rstrip()
    lines = above.splitlines(keepends=True)
    found: tuple[str, int] | None = None
    for taken in (lines[-1:], lines[-2:]):
        words = " ".join("".join(taken).split())
        if not words.endswith(":") or not attributions.recognised(words):
            continue
        name = re.sub(r"\s*[<\[(].*", "", attributions.name(words)).strip()
        if found is None or (not found[0] and name and datelines.find(words)):
            found = name, len("".join(taken))
    if found is None:
        return replace(quotation, attributed=""), None
    start = begin + len(above) - found[1]
    return (
        replace(quotation, attributed=found[0]),
        Span(start, begin + len(above)).trimmed(text),
    )
