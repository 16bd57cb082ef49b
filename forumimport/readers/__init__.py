"""Readers turn one file format into thread drafts; the registry finds the one for a source."""

from __future__ import annotations

from collections.abc import Iterator

from forumimport.drafts import ThreadDraft, Unread
from forumimport.readers.base import Head, Options, Reader, Source, Unreadable
from forumimport.readers.text import TextReader

__all__ = [
    "AUTO",
    "READERS",
    "Head",
    "Options",
    "Reader",
    "Source",
    "Unreadable",
    "read",
    "reader_for",
    "suffixes",
]

AUTO = "auto"
READERS: dict[str, Reader] = {reader.id: reader for reader in [TextReader()]}

#: Enough to tell formats apart.
_HEAD = 4096


def suffixes() -> frozenset[str]:
    """Return the file endings that are taken from a folder."""
    return frozenset(suffix for reader in READERS.values() for suffix in reader.suffixes)


def reader_for(source: Source, format: str = AUTO) -> Reader:
    """Return the named reader, or the one that recognises the source best.

    Raises:
        Unreadable: no reader recognises it.
    """
    if format != AUTO:
        return READERS[format]
    head = Head(source.origin, source.content[:_HEAD])
    best = max(READERS.values(), key=lambda reader: reader.sniff(head))
    if best.sniff(head) == 0:
        raise Unreadable(
            f"{source.origin} is not in a format that can be read "
            f"(known: {', '.join(sorted(READERS))})."
        )
    return best


def read(
    source: Source, *, format: str = AUTO, encoding: str | None = None
) -> Iterator[ThreadDraft | Unread]:
    """Yield the source's threads as drafts, unsegmented, and the records that cannot be read.

    Raises:
        Unreadable: with one sentence that names the source.
    """
    yield from reader_for(source, format).read(source, Options(encoding=encoding))
