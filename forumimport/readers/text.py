"""Bare thread text: one thread a file, a title line and then the posts run together."""

from __future__ import annotations

from collections.abc import Iterator

from forumimport.drafts import DocumentDraft, ThreadDraft, Unread, sha256_of
from forumimport.readers.base import Head, Options, Reader, Source
from forumimport.readers.encodings import decode


class TextReader(Reader):
    id = "text"
    title = "Thread text"
    suffixes = frozenset({".txt", ".text"})

    def sniff(self, head: Head) -> float:
        # The fallback: whatever decodes is text, and decode() says what does not.
        return 0.1

    def read(self, source: Source, options: Options) -> Iterator[ThreadDraft | Unread]:
        decoded = decode(source, encoding=options.encoding)
        notices: tuple[str, ...] = ()
        if decoded.guessed:
            notices = (
                f"The encoding is not stated; read as {decoded.encoding}. "
                "If characters look wrong, import it with --encoding NAME.",
            )
        document = DocumentDraft(
            text=decoded.text,
            sha256=sha256_of(source.content),
            origin=source.origin,
            format=self.id,
            encoding=decoded.encoding,
            encoding_guessed=decoded.guessed,
        )
        yield ThreadDraft(documents=(document,), notices=notices)
