"""What looks like a personal detail in stored threads, is not hidden, and was not dismissed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from corpus import personal
from corpus.hiding import hidden_in
from corpus.models import Collection, Redaction, SourceDocument, Speaker, Thread
from corpus.rendering import Redactions, by_place, reading_text
from corpus.spans import Span

_SPACE = re.compile(r"\s+")
#: Characters of context on either side.
_AROUND = 40
#: What one look at a collection reads and shows at most; the next one goes on behind it.
_CHARACTERS, _PLACES, _OF_ONE_THREAD = 2_000_000, 300, 100
#: Threads whose texts are fetched at once.
_FETCHED = 20


@dataclass(frozen=True)
class Suggestion:
    """A finding with the words around it, as far as they may be read."""

    document: SourceDocument
    finding: personal.Finding
    before: str
    words: str
    after: str
    kind: str

    @property
    def key(self) -> str:
        span = self.finding.span
        return f"{self.document.pk}:{span.start}:{span.end}"


@dataclass(frozen=True)
class Found:
    """The first places of a thread; ``more`` if it has others."""

    thread: Thread
    rows: list[Suggestion]
    more: bool


@dataclass(frozen=True)
class Look:
    """What one look at a collection found; ``after`` is the thread to go on behind, if any."""

    threads: list[Found]
    after: int | None

    @property
    def count(self) -> int:
        return sum(len(found.rows) for found in self.threads)


def handles_of(collection: int) -> personal.Handles:
    """Return the handles of a collection's speakers, ready to be looked for."""
    rows = Speaker.objects.filter(collection=collection)
    return personal.Handles(rows.values_list("handle", flat=True).iterator())


def in_thread(
    thread: Thread, handles: personal.Handles | None = None, kind: str = ""
) -> Iterator[Suggestion]:
    """Yield the thread's places in its order; of one kind if one is named."""
    handles = handles_of(thread.collection_id) if handles is None else handles
    for document in sorted(thread.documents.all(), key=lambda document: document.order):
        hidden = by_place(hidden_in(document))
        closed = [row.span for row in hidden]
        closed += [row.span for row in document.dismissals.all()]
        for finding in personal.find(document.text, handles):
            if kind in ("", finding.kind) and not any(s.overlaps(finding.span) for s in closed):
                yield _suggestion(document, finding, hidden)


def in_collection(collection: Collection, *, after: int = 0, kind: str = "") -> Look:
    """Look through the threads behind ``after``, as many as one page shows."""
    handles, found = handles_of(collection.pk), list[Found]()
    read = places = 0
    threads = Thread.objects.filter(collection=collection, deleted=False, pk__gt=after)
    stated = [f"documents__{name}" for name in ("redactions", "boilerplate", "dismissals")]
    for thread in threads.order_by("pk").prefetch_related(*stated).iterator(chunk_size=_FETCHED):
        if read > _CHARACTERS or places > _PLACES - _OF_ONE_THREAD:
            return Look(found, after)
        rows = list(islice(in_thread(thread, handles, kind), _OF_ONE_THREAD + 1))
        if rows:
            more = len(rows) > _OF_ONE_THREAD
            found.append(Found(thread, rows[:_OF_ONE_THREAD], more))
        places += len(rows)
        read += sum(document.characters for document in thread.documents.all())
        after = thread.pk
    return Look(found, None)


def _suggestion(
    document: SourceDocument, finding: personal.Finding, hidden: Redactions
) -> Suggestion:
    text, span = document.text, finding.span
    start, end = _whole_words(text, span)

    def read(start: int, end: int) -> str:
        return " ".join(reading_text(text, Span(start, end), hidden).split()) if start < end else ""

    before, after = read(start, span.start), read(span.end, end)
    return Suggestion(
        document=document,
        finding=finding,
        before=f"{'…' if start else ''}{before}{_gap(text[span.start - 1 : span.start])}",
        words=read(span.start, span.end),
        after=f"{_gap(text[span.end : span.end + 1])}{after}{'…' if end < len(text) else ''}",
        kind=str(Redaction.Kind(finding.kind.value).label),
    )


def _whole_words(text: str, span: Span) -> tuple[int, int]:
    """Return where the context begins and ends: with a whole word, if any does in reach."""
    start, end = max(0, span.start - _AROUND), min(len(text), span.end + _AROUND)
    if start and (cut := _SPACE.search(text, start, span.start)):
        start = cut.end()
    if end < len(text) and (space := list(_SPACE.finditer(text, span.end, end))):
        end = space[-1].start()
    return start, end


def _gap(sign: str) -> str:
    return " " if sign.isspace() else ""
