"""What a reader yields: threads as found in a file, before anything is stored. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from corpus.segmentation import Structure, recover


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """One document of a thread, decoded.

    ``locator`` is its place inside a container, empty where the file is the document;
    ``sha256`` is that of the bytes as received. ``encoding_guessed`` tells that nothing in the
    file states the encoding. ``structure`` is None until it is segmented.
    """

    text: str
    sha256: str
    origin: str
    format: str
    encoding: str
    locator: str = ""
    encoding_guessed: bool = False
    structure: Structure | None = None

    def segmented(self) -> DocumentDraft:
        """Return the draft with the structure recovered from its text."""
        return self if self.structure else replace(self, structure=recover(self.text))


@dataclass(frozen=True, slots=True)
class ThreadDraft:
    """One thread as read, with notices about what the reader had to guess."""

    documents: tuple[DocumentDraft, ...]
    title: str = ""
    language: str = ""
    notices: tuple[str, ...] = field(default=())

    def segmented(self) -> ThreadDraft:
        """Return the draft with every document segmented, titled by its first title line."""
        documents = tuple(document.segmented() for document in self.documents)
        return replace(
            self,
            documents=documents,
            title=self.title or next(filter(None, map(_title_of, documents)), ""),
        )

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
