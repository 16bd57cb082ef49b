"""Bare thread text: a title line and then the posts run together; one thread a file, or several
with a line between them that the user states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from forumimport.drafts import DocumentDraft, ThreadDraft, Unread, sha256_of
from forumimport.readers import strangers
from forumimport.readers.base import Head, Options, Reader, Source, Unreadable
from forumimport.readers.encodings import decode, guess_told
from forumimport.readers.records import LONGEST, told, too_long, whole

_MARK = b"\xef\xbb\xbf"
#: Of byte order marks and encodings whose line ends are more than one byte.
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class TextReader(Reader):
    id = "text"
    title = "Thread text"
    suffixes = frozenset({".txt", ".text"})

    def sniff(self, head: Head) -> float:
        # The fallback: whatever decodes is text, and decode() says what does not.
        return 0.1

    def read(self, source: Source, options: Options) -> Iterator[ThreadDraft | Unread]:
        if options.separator is None:
            content = source.content if source.path is None else whole(source)
            yield self._thread(replace(source, content=content), options)
            return
        for place, part in _parts(source, options):
            if part is None:
                yield Unread(place, too_long())
            elif part.strip():
                try:
                    yield self._thread(Source(source.origin, part), options, place)
                except Unreadable as error:
                    yield Unread(place, str(error))

    def _thread(self, source: Source, options: Options, locator: str = "") -> ThreadDraft:
        strangers.refuse(source)
        decoded = decode(source, encoding=options.encoding)
        notices: tuple[str, ...] = ()
        if decoded.guessed:
            notices = (guess_told(decoded.encoding),)
        document = DocumentDraft(
            text=decoded.text,
            sha256=sha256_of(source.content),
            origin=source.origin,
            format=self.id,
            encoding=decoded.encoding,
            locator=locator,
            encoding_guessed=decoded.guessed,
        )
        return ThreadDraft(documents=(document,), notices=notices)


def _parts(source: Source, options: Options) -> Iterator[tuple[str, bytes | None]]:
    """Yield what stands between lines that are the separator, with the line it begins at; None
    for what is too long."""
    separator = _separator(options, source)
    kept: list[bytes] = []
    length, begin = 0, 1
    with told(source), source.stream() as stream:
        for number, line in enumerate(iter(lambda: stream.readline(LONGEST), b""), 1):
            if number == 1 and line.startswith(_WIDE):
                raise Unreadable(
                    f"{source.origin} is in UTF-16 or UTF-32; save it as UTF-8 to have it parted."
                )
            if line.removeprefix(_MARK).strip() != separator:
                length += len(line)
                if length <= LONGEST:
                    kept.append(line)
                continue
            yield f"line {begin}", b"".join(kept) if length <= LONGEST else None
            kept, length, begin = [], 0, number + 1
    yield f"line {begin}", b"".join(kept) if length <= LONGEST else None


def _separator(options: Options, source: Source) -> bytes:
    words = (options.separator or "").strip()
    if not words:
        raise Unreadable(
            f"{source.origin} cannot be parted at an empty separator; name the words of the line "
            "between two threads."
        )
    encoding = options.encoding or "utf-8"
    try:
        if len("\n".encode(encoding)) == 1:
            return words.encode(encoding)
    except (LookupError, ValueError):
        pass  # The sentence below holds of these too.
    raise Unreadable(
        f"{source.origin} cannot be parted at {words!r} in {encoding}; save it as UTF-8."
    )
