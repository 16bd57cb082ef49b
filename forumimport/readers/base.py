"""What every reader is, what it reads, and how it refuses."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from corpus.errors import CorpusError
from forumimport.drafts import ThreadDraft


class Unreadable(CorpusError):
    """A source that cannot be read; the message names it, says why and what would work."""


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes as received, and where from (a path, ``-``, or the name of an upload)."""

    origin: str
    content: bytes


class Reader(ABC):
    """One file format. Never touches the database, never guesses an encoding unsaid."""

    id: ClassVar[str]
    title: ClassVar[str]
    suffixes: ClassVar[frozenset[str]]

    @abstractmethod
    def sniff(self, head: bytes) -> float:
        """Return how surely a source that begins with ``head`` is in this format, 0 to 1."""

    @abstractmethod
    def read(self, source: Source, *, encoding: str | None = None) -> Iterator[ThreadDraft]:
        """Yield the threads in ``source``; ``encoding`` overrules what would be detected.

        Raises:
            Unreadable: nothing can be read from it.
        """
