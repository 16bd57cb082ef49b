"""Readers turn one file format into thread drafts; the registry finds the one for a source."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from forumimport.drafts import ThreadDraft, Unread
from forumimport.readers.base import BadRecord, Head, Options, Reader, Source, Unreadable
from forumimport.readers.convokit import ConvokitReader
from forumimport.readers.discourse import DiscourseReader
from forumimport.readers.documents import DocumentsReader
from forumimport.readers.forumscraper import ForumscraperReader
from forumimport.readers.fourcat import FourcatReader
from forumimport.readers.html import HtmlReader
from forumimport.readers.mail import MailReader
from forumimport.readers.mapped import MappedReader
from forumimport.readers.records import taken, told
from forumimport.readers.reddit import RedditReader
from forumimport.readers.tables import TableReader
from forumimport.readers.text import TextReader
from forumimport.readers.warc import WarcReader

__all__ = [
    "AUTO",
    "READERS",
    "BadRecord",
    "Head",
    "Options",
    "Reader",
    "Source",
    "TextReader",
    "Unreadable",
    "head_of",
    "is_recognised",
    "read",
    "reader_for",
    "suffixes",
    "takes_folder",
]

AUTO = "auto"
#: JSON is read piece by piece, and cut at bytes. Words may begin with a bracket, too.
_WIDE_JSON = re.compile(
    rb"\xff\xfe(?:\s\0)*(?:\{\0(?:\s\0)*\"|\[\0(?:\s\0)*[{\[\"])\0"
    rb"|\xfe\xff(?:\0\s)*(?:\0\{(?:\0\s)*\0\"|\0\[(?:\0\s)*\0[{\[\"])"
)
READERS: dict[str, Reader] = {
    reader.id: reader
    for reader in (
        TextReader(),
        DocumentsReader(),
        ForumscraperReader(),
        DiscourseReader(),
        MappedReader(),
        RedditReader(),
        ConvokitReader(),
        FourcatReader(),
        TableReader(),
        MailReader(),
        HtmlReader(),
        WarcReader(),
    )
}

#: Bytes that formats are told by: the first record may be a long post.
_HEAD = 64 * 1024
#: Names in a folder that are looked at: what tells a format is among few.
_NAMES = 1000
#: How sure any reader of text is that it is some.
_SURELY_TEXT = 0.1
#: How sure a reader must be that a folder is its own: any other folder holds files.
_AS_A_WHOLE = 0.5


def suffixes() -> frozenset[str]:
    """Return the file endings that are taken from a folder."""
    return frozenset(suffix for reader in READERS.values() for suffix in reader.suffixes)


def is_one_source(folder: Path) -> bool:
    """Whether a reader takes the folder as a whole.

    Raises:
        Unreadable: it cannot be listed.
    """
    return _is_whole(head_of(Source(str(folder), path=folder)))


def takes_folder(name: str, names: Iterable[str]) -> bool:
    """Whether a reader takes a folder with these names in it as a whole."""
    return _is_whole(Head(name, folder=frozenset(islice(names, _NAMES))))


def _is_whole(head: Head) -> bool:
    return any(reader.sniff(head) >= _AS_A_WHOLE for reader in READERS.values())


def head_of(source: Source) -> Head:
    """Return what the source's format is told by.

    Raises:
        Unreadable: not even its beginning can be read.
    """
    if source.path is not None and source.path.is_dir():
        with told(source), os.scandir(source.path) as entries:
            names = frozenset(entry.name for entry, _ in zip(entries, range(_NAMES), strict=False))
        return Head(source.origin, folder=names)
    with told(source), source.stream() as stream:
        return Head(source.origin, taken(stream, _HEAD).removeprefix(codecs.BOM_UTF8))


def reader_for(source: Source, format: str = AUTO, options: Options | None = None) -> Reader:
    """Return the named reader, or the one that recognises the source best.

    Raises:
        Unreadable: no reader recognises it, or it is in an encoding that its format is not read in.
    """
    if format != AUTO:
        return READERS[format]
    if options and options.mapping is not None:
        return READERS[MappedReader.id]
    head = head_of(source)
    if _WIDE_JSON.match(head.start):
        raise Unreadable(f"{source.origin} is JSON in UTF-16; save it as UTF-8.")
    best = max(READERS.values(), key=lambda reader: reader.sniff(head))
    if best.sniff(head) == 0:
        raise Unreadable(
            f"{source.origin} is not in a format that can be read "
            f"(known: {', '.join(sorted(READERS))})."
        )
    return best


def is_recognised(source: Source) -> bool:
    """Whether its bytes tell a format: what is of none is taken for text.

    Raises:
        Unreadable: not even its beginning can be read.
    """
    start = head_of(source).start
    return any(reader.sniff(Head("", start)) > _SURELY_TEXT for reader in READERS.values())


def read(
    source: Source,
    *,
    format: str = AUTO,
    options: Options | None = None,
    encoding: str | None = None,
) -> Iterator[ThreadDraft | Unread]:
    """Yield the source's threads as drafts, unsegmented, and the records that cannot be read.

    Raises:
        Unreadable: with one sentence that names the source.
    """
    chosen = options or Options(encoding=encoding)
    yield from reader_for(source, format, chosen).read(source, chosen)
