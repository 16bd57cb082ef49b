"""What a reader yields: threads as found in a file, before anything is stored. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from corpus.segmentation import Structure, recover_each, titles
from corpus.segmentation.known_posts import resolved
from corpus.segmentation.structure import Boilerplate, Link
from corpus.spans import Span


@dataclass(frozen=True, slots=True)
class Unread:
    """One record that could not be read, or was read with a loss, and why.

    ``locator`` is its place in the source ("line 7312", "message 12"); ``reason`` is one
    sentence. ``lost`` tells whether the record is missing from the drafts.
    """

    locator: str
    reason: str
    lost: bool = True


@dataclass(frozen=True, slots=True)
class QuotationDraft:
    """Words of a post that the source marks as another's, as a span of the post's text.

    ``of`` is the source's name for the quoted post, ``attributed`` that of its writer; both may be
    unknown. Spans of one post are disjoint: of nested quotations the outermost. ``basis`` is
    "inferred" where only characters mark it ("> ").
    """

    span: Span
    of: str = ""
    attributed: str = ""
    basis: str = "attested"


@dataclass(frozen=True, slots=True)
class PostDraft:
    """One post as a structured source states it; every span is one of ``text``.

    ``identifier`` is the source's own name for the post, unique in its thread, and ``reply_to``
    that of the post it answers. ``date_text`` is the date as written; ``date`` is aware, and None
    where that is no date ("Yesterday"); ``date_precision`` is a ``DatePrecision`` value.
    """

    text: str
    identifier: str = ""
    speaker: str = ""
    date: datetime | None = None
    date_text: str = ""
    date_precision: str = ""
    reply_to: str = ""
    quotations: tuple[QuotationDraft, ...] = ()
    boilerplate: tuple[Boilerplate, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """One document of a thread, decoded.

    ``locator`` is its place inside a container, empty where the file is the document;
    ``sha256`` is that of the bytes as received. ``encoding_guessed`` tells that nothing in the
    file states the encoding. ``structure`` is None until it is segmented; a structured source
    brings its own.
    """

    text: str
    sha256: str
    origin: str
    format: str
    encoding: str
    locator: str = ""
    encoding_guessed: bool = False
    structure: Structure | None = None
    segmented_already: bool = False


@dataclass(frozen=True, slots=True)
class ThreadDraft:
    """One thread as read, with notices about what the reader had to guess.

    ``identifier`` is the source's own name for the thread (an address, an id): a later version of
    the same thread bears it too. ``language_guessed`` tells that the text was asked for the
    language, not the source. ``metadata`` is what else the source says of it, as JSON values.
    ``problems`` are records of this thread that could not be read whole.
    """

    documents: tuple[DocumentDraft, ...]
    title: str = ""
    language: str = ""
    language_guessed: bool = False
    notices: tuple[str, ...] = field(default=())
    identifier: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Unread, ...] = ()

    @property
    def origin(self) -> str:
        return self.documents[0].origin

    @property
    def locator(self) -> str:
        return self.documents[0].locator

    def structures(self) -> Iterator[tuple[DocumentDraft, Structure]]:
        for document in self.documents:
            if document.structure:
                yield document, document.structure


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _title_of(document: DocumentDraft) -> str:
    return document.structure.title if document.structure else ""


def segmented_each(threads: Sequence[ThreadDraft]) -> list[ThreadDraft]:
    """Return the threads with every document segmented.

    What a source states is kept, and its quotations are traced. Without a title a thread takes that
    of its first title line, or else the source's own name for it.
    """
    texts = [
        _above(document, thread.title) + document.text
        for thread in threads
        for document in thread.documents
        if document.structure is None
    ]
    recovered = recover_each(texts)
    return [_segmented(thread, recovered) for thread in threads]


def _segmented(thread: ThreadDraft, recovered: Iterator[Structure]) -> ThreadDraft:
    """The thread with what is ``recovered`` for its documents that have no structure."""
    documents = tuple(
        document if document.segmented_already else _with_structure(document, recovered, thread)
        for document in thread.documents
    )
    title = thread.title or next(filter(None, map(_title_of, documents)), thread.identifier)
    return replace(thread, documents=documents, title=title)


def _with_structure(
    document: DocumentDraft, recovered: Iterator[Structure], thread: ThreadDraft
) -> DocumentDraft:
    if document.structure:
        structure = resolved(document.text, document.structure)
    else:
        above = _above(document, thread.title)
        structure = _moved(next(recovered), -len(above)) if above else next(recovered)
    return replace(document, structure=structure, segmented_already=True)


def _above(document: DocumentDraft, title: str) -> str:
    """The title that the source states apart from the text, if that does not begin with it.

    The first line of the text is then no title line, so the title stands in for one.
    """
    first = document.text.lstrip().partition("\n")[0].strip()
    # No longer line is taken for a title, nor several.
    title = titles.folded(title)[: titles.LONGEST].rstrip()
    return f"{title}\n\n" if title and first.casefold() != title.casefold() else ""


def _moved(structure: Structure, by: int) -> Structure:
    """The structure with all spans moved, without what then lies before the text."""

    def span(old: Span) -> Span:
        return Span(old.start + by, old.end + by)

    return Structure(
        title="",
        utterances=tuple(
            replace(row, span=span(row.span), header=span(row.header) if row.header else None)
            for row in structure.utterances
        ),
        quotations=tuple(
            replace(row, span=span(row.span), source=span(row.source) if row.source else None)
            for row in structure.quotations
        ),
        boilerplate=tuple(
            replace(row, span=span(row.span))
            for row in structure.boilerplate
            if row.span.start + by >= 0
        ),
    )
