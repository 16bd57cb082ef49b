"""Which drafts are known, and of which threads they are later versions; asked for many at once.

A version is known by the thread's name in the source or, for bare text, which has no names, by
beginning with all of the text that was imported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from corpus.models import SourceDocument, Thread
from corpus.segmentation.lines import LINE_END
from forumimport.drafts import ThreadDraft
from forumimport.importer import fitting, known

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """A draft with what it can be recognised by.

    ``beginnings`` are digests of what bare text begins with, up to line ends, with and without
    them; ``whole`` is that of all of it.
    """

    draft: ThreadDraft
    keys: frozenset[known.Key]
    name: str
    beginnings: tuple[str, ...]
    whole: str

    @classmethod
    def of(cls, draft: ThreadDraft, lengths: Container[int]) -> Candidate:
        """Return the draft with the digests of beginnings that have one of the ``lengths``."""
        name = fitting.identifier(draft.identifier, Thread)
        digests = list(_digests(draft.documents[0].text, lengths)) if _bare(draft) else [""]
        keys = frozenset(map(known.key_of, draft.documents))
        return cls(draft, keys, name, tuple(digests[:-1]), digests[-1])

    @property
    def borne(self) -> set[str | known.Key]:
        """What another draft may be recognised to go on with."""
        return {*self.keys, *filter(None, [self.whole, self.name and f"name {self.name}"])}

    @property
    def looked_for(self) -> set[str | known.Key]:
        return {*self.borne, *self.beginnings}


@dataclass(slots=True)
class Before:
    """What is stored of some drafts that go into the ``collection``."""

    collection: str
    documents: dict[known.Key, SourceDocument] = field(default_factory=dict)
    named: dict[str, Thread] = field(default_factory=dict)
    begun: dict[str, SourceDocument] = field(default_factory=dict)

    @classmethod
    def of(cls, candidates: Sequence[Candidate], collection: str) -> Before:
        found = cls(collection, known.documents([candidate.draft for candidate in candidates]))
        for names in _chunks({one.name for one in candidates if one.name}):
            threads = Thread.objects.filter(collection__name=collection, identifier__in=names)
            found.named |= {thread.identifier: thread for thread in threads}
        for digests in _chunks({digest for one in candidates for digest in one.beginnings}):
            rows = SourceDocument.objects.filter(
                text_sha256__in=digests, thread__collection__name=collection, thread__identifier=""
            )
            rows = rows.defer("text").select_related("thread")
            found.begun |= {row.text_sha256: row for row in rows.order_by("-pk")}
        return found

    def document(self, candidate: Candidate) -> SourceDocument | None:
        """Return the first stored document whose bytes the draft holds."""
        return known.of(candidate.draft, self.documents)

    def wholly(self, candidate: Candidate) -> bool:
        """Whether every document of the draft is stored, and none is new to its collection.

        What another collection has is new to a thread of this one that the draft goes on with.
        """
        if not candidate.keys <= self.documents.keys():
            return False
        return self._in_collection(candidate) is not None or self._begun(candidate) is None

    def thread(self, candidate: Candidate) -> Thread | None:
        """Return the thread that the draft is, or is another version of; one of its collection
        before all others."""
        if candidate.name in self.named:
            return self.named[candidate.name]
        if stored := self._in_collection(candidate):
            return stored.thread
        if begun := self._begun(candidate):
            return begun
        elsewhere = self.document(candidate)
        return elsewhere.thread if elsewhere else None

    def _in_collection(self, candidate: Candidate) -> SourceDocument | None:
        stored = (self.documents[key] for key in candidate.keys if key in self.documents)
        return next((row for row in stored if row.thread.collection.name == self.collection), None)

    def _begun(self, candidate: Candidate) -> Thread | None:
        """Return the thread of the collection that has the draft's name or begins as it does."""
        if candidate.name in self.named:
            return self.named[candidate.name]
        beginning = self.beginning(candidate)
        return beginning.thread if beginning else None

    def beginning(self, candidate: Candidate) -> SourceDocument | None:
        """Return the longest stored document that the draft's text begins with."""
        stored = [self.begun[d] for d in candidate.beginnings if d in self.begun]
        return max(stored, key=lambda row: row.characters, default=None)


def lengths(drafts: Sequence[ThreadDraft], collection: str) -> frozenset[int]:
    """Return how long the bare texts are with which these drafts may begin.

    Digests of every line of a long text would take a hundred times its memory.
    """
    own = {len(draft.documents[0].text) for draft in drafts if _bare(draft)}
    if not own:
        return frozenset()
    stored = SourceDocument.objects.filter(
        thread__collection__name=collection, thread__identifier="", characters__lte=max(own)
    )
    return frozenset(own.union(stored.values_list("characters", flat=True).distinct()))


def _bare(draft: ThreadDraft) -> bool:
    """Whether it is text whose posts no source tells apart, nor names the thread of."""
    if draft.identifier or len(draft.documents) != 1:
        return False
    structure = draft.documents[0].structure
    return structure is None or all(one.basis == "inferred" for one in structure.utterances)


def _digests(text: str, lengths: Container[int]) -> Iterator[str]:
    """Yield the digests up to line ends, before and behind them, and at last of everything."""
    running, at = hashlib.sha256(), 0
    for end in LINE_END.finditer(text):
        for stop in end.span():
            if at < stop < len(text) and stop in lengths:
                running.update(text[at:stop].encode())
                at = stop
                yield running.hexdigest()
    running.update(text[at:].encode())
    yield running.hexdigest()


def _chunks(values: set[str]) -> Iterator[Sequence[str]]:
    chosen = sorted(values)
    return (chosen[at : at + _CHUNK] for at in range(0, len(chosen), _CHUNK))
