"""One mail message as a post: what its headers say, and its words without what programs add."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
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
from forumimport.readers import mail_endings, markup, plain
from forumimport.readers.base import BadRecord, Source, Unreadable
from forumimport.readers.encodings import decode, text_encoding

_NAME = re.compile(r"<([^<>\s]+)>")
#: What says how a part is to be read, with the lines that it goes on in.
_CONTENT = re.compile(rb"^content-[^\n]*+(?:\n[ \t][^\n]*+)*+", re.IGNORECASE | re.MULTILINE)
_MULTIPART = re.compile(rb"^content-type:\s{0,99}(?:multipart|message)/", re.I | re.M)
#: Words of a header in an encoding that it names; those that follow each other are one text.
_ENCODED = r"=\?[^?\s]*\?[bBqQ]\?[\x20-\x7e]*?\?="
_ENCODED_WORDS = re.compile(rf"{_ENCODED}(?:\s*{_ENCODED})*")
#: Signs with a meaning in addresses, which some programs leave in encoded words as they are.
_MEANING = re.compile(r'[(),.:;<>@\[\]"\\]')
_QUOTED = re.compile(r'"([^"]*)"')
#: Parts of a message, and parts that have parts, at most; Python's parser calls itself for each of
#: these and makes a message of each of those.
_PARTS, _NESTED = 10_000, 100
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
    message = parsed(content)
    try:
        marked, encoding, guessed = _body(message)
        return Letter(
            subject=_header(message, "Subject", encoding),
            author=_author(_written(message, "From", encoding)),
            date=_header(message, "Date", encoding),
            marked=marked,
            encoding=encoding,
            guessed=guessed,
        )
    except BROKEN:
        raise BadRecord("It is no mail message that can be read.") from None


def parsed(content: bytes) -> Message:
    """Return a message with its parts.

    Raises:
        BadRecord: it is none, or taking it apart would cost much more than its length.
    """
    if content.count(b"\n--") > _PARTS and _MULTIPART.search(content):
        raise BadRecord(f"It has more than {_PARTS:,} parts.")
    if sum(1 for _found in _MULTIPART.finditer(content)) > _NESTED:
        raise BadRecord(f"It has more than {_NESTED} parts that have parts.")
    if any(len(found[0]) > _LONGEST_HEADER for found in _CONTENT.finditer(content)):
        # Python's parser takes time by the square of it.
        raise BadRecord(f"A header of it is longer than {_LONGEST_HEADER:,} characters.")
    try:
        return message_from_bytes(content)
    except BROKEN:
        raise BadRecord("It is no mail message that can be read.") from None


def _names(message: Message, header: str) -> list[str]:
    return _NAME.findall(str(message.get(header, "")))


def _author(header: str) -> str:
    """The writer's name, told from the address before it is decoded: "Löw, Ada" is one name.

    >>> _author("=?utf-8?q?L=C3=B6w=2C_Ada?= <ada@garden.example>")
    'Löw, Ada'
    """
    name, _address = parseaddr(_ENCODED_WORDS.sub(_without_meaning, header))
    if name:
        name = _decoded_words(name)
        quoted = _QUOTED.fullmatch(name)
        return quoted[1] if quoted else name
    decoded = _decoded_words(header)
    name, address = parseaddr(decoded)
    return name or address or decoded


def _without_meaning(found: re.Match[str]) -> str:
    """Encoded words without signs that addresses are told by; in Base64 there are none."""
    return _MEANING.sub(lambda sign: f"={ord(sign[0]):02X}", found[0])


def _header(message: Message, name: str, encoding: str) -> str:
    return _decoded_words(_written(message, name, encoding))


def _written(message: Message, name: str, encoding: str) -> str:
    """A header with its encoded words as they are, and its bytes as text."""
    values = (str(value) for key, value in message.raw_items() if key.lower() == name.lower())
    value = next(values, "")
    if len(value) > _LONGEST_HEADER:
        raise BadRecord(f"Its header {name} is longer than {_LONGEST_HEADER:,} characters.")
    content = value.encode("ascii", "surrogateescape")
    # Encodings of seven bits are told by nothing; what is UTF-8 by its bytes is in no other.
    order = (encoding, "utf-8") if content.isascii() else ("utf-8", encoding)
    return _decoded(content, (*filter(_extends_ascii, order), "cp1252"))


def _extends_ascii(encoding: str) -> bool:
    """Whether a header may be in it; UTF-16, which a body may be in, has two bytes for each."""
    try:
        return " ".encode(text_encoding(encoding)) == b" "
    except (LookupError, ValueError):
        return False


def _decoded_words(header: str) -> str:
    text = _ENCODED_WORDS.sub(_decoded_run, header)
    return " ".join(text.replace("\0", "").split())


def _decoded_run(found: re.Match[str]) -> str:
    try:
        parts = decode_header(found[0])
    except (HeaderParseError, ValueError):
        return found[0]
    return "".join(
        part if isinstance(part, str) else _decoded(part, (charset or "utf-8", "utf-8", "cp1252"))
        for part, charset in parts
    )


def _decoded(content: bytes, encodings: Iterable[str]) -> str:
    """The text in the first encoding that fits."""
    for candidate in encodings:
        try:
            return content.decode(text_encoding(candidate))
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def _body(message: Message) -> tuple[markup.Marked, str, bool]:
    """The words, their encoding, and whether that was guessed.

    HTML is read where the plain text beside it is blank.
    """
    found = list(_texts(message))
    plains = [_text(part) for part in found if part.get_content_type() == "text/plain"]
    worded = [one for one in plains if one[0].strip()]
    htmls = [] if worded else [p for p in found if p.get_content_type() == "text/html"]
    texts = worded or [_text(part) for part in htmls] or plains
    if not texts:
        raise BadRecord(f"It has no text, only {message.get_content_type()}.")
    taken = _marked if htmls else taken_apart
    bodies = [taken(text) for text, _encoding, _guessed in texts]
    _text_of_last, encoding, _ = texts[-1]
    return markup.appended(bodies), encoding, any(guessed for _, _, guessed in texts)


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


def _marked(html: str) -> markup.Marked:
    return mail_endings.apart(markup.fragment(html))


def taken_apart(text: str) -> markup.Marked:
    """Words with quotations; signature, note of the list, and the lines that introduce quotations
    are boilerplate. All of it is told by characters, so it is inferred."""
    ended = mail_endings.apart(markup.Marked(text))
    quotations = []
    boilerplate = list(ended.boilerplate)
    below = [row.span for row in ended.quotations] + [row.span for row in boilerplate]
    end = min(below).start if below else len(text)
    after = 0
    for quotation in plain.quotations(text):
        if quotation.span.end <= end:
            introduced, above = _introduced(text, quotation, after)
            after = quotation.span.end
            quotations.append(introduced)
            boilerplate.extend([Boilerplate(above, "header")] if above else [])
    rows = sorted(boilerplate, key=lambda row: row.span)
    return markup.Marked(text, (*quotations, *ended.quotations), tuple(rows))


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
