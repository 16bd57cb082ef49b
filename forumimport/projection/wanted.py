"""What the posts of a thread should show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from corpus import linked
from corpus.curation import Touched
from corpus.hiding import redacted_in
from corpus.models import Quotation, SourceDocument, Speaker, Thread, Utterance
from corpus.models.speakers import words_for
from corpus.rendering import Linked, Quoted, Redactions
from corpus.spans import Span
from forumimport.engines import engine
from forumimport.engines.base import PostContent
from forumimport.projection.content import Placed, Words, address_of, attribution, content, times


@dataclass(frozen=True, slots=True)
class Shown:
    """An utterance's key with the post that should show it."""

    utterance: int
    content: PostContent


class _Said(NamedTuple):
    """Of an utterance what its post shows, but for its words."""

    document: int
    order: int
    start: int
    end: int
    date: datetime | None
    speaker: int | None


class _Copied(NamedTuple):
    """Of a quotation what its post shows, but for its words."""

    utterance: int
    source: int | None
    start: int
    end: int
    marked: bool


class Wanted:
    """Which posts a thread's topic should have, in which order and when, and what they show.

    Order and times of all posts come from few columns, read at once; words only of the posts that
    are asked for. Few queries, whatever the size.
    """

    def __init__(self, thread: Thread) -> None:
        self.thread = thread
        utterances = Utterance.objects.of_thread(thread.pk).in_order()
        rows: Iterable[Any] = utterances.values_list(
            "pk", "document", "document__order", "start", "end", "date", "speaker"
        )
        #: The utterances by key, in order.
        self.said: dict[int, _Said] = {pk: _Said(*columns) for pk, *columns in rows}
        #: Their posts' numbers, counted from 1.
        self.position = {pk: number for number, pk in enumerate(self.said, 1)}

    @cached_property
    def times(self) -> dict[int, datetime]:
        places = [Placed(row.date, row.order, row.start) for row in self.said.values()]
        return dict(zip(self.said, times(places), strict=True))

    def unlike(self, touched: Touched, moved: Collection[int]) -> set[int]:
        """Return the utterances whose posts may show something else than before.

        Those touched themselves, and those that quote one whose speaker or number is another, or
        that stands in another thread: ``moved`` have new numbers.
        """
        if touched.everything:
            return set(self.said)
        named = touched.utterances.union(touched.parted, moved)
        quoting = {
            row.utterance
            for pk, row in self._copied.items()
            if pk in touched.quotations or row.source in named or row.utterance in touched.parted
        }
        return self.said.keys() & quoting.union(touched.utterances, self._overlapped(touched))

    def posts(self, chosen: Collection[int] | None = None) -> Iterator[Shown]:
        """Yield what these posts (or all) should show, in order."""
        for pk, row in self.said.items():
            if chosen is None or pk in chosen:
                shown = content(
                    self.thread.title,
                    self._words(pk, row),
                    words_for(self._speakers.get(row.speaker)),
                    row.speaker,
                    self.times[pk],
                )
                yield Shown(pk, engine().fitted(shown))

    def _words(self, pk: int, row: _Said) -> Words:
        span = Span(row.start, row.end)
        return Words(
            self._texts[row.document],
            span,
            [self._quoted(one) for one in self._quotations.get(pk, ())],
            self._hidden.get(row.document, []),
            linked.within(self._links.get(row.document, ()), span),
        )

    def _overlapped(self, touched: Touched) -> Iterator[int]:
        """Yield those that have some of the words, or of a link over them, gone as a whole."""
        spans: dict[int, list[Span]] = {}
        for document, span in touched.hidden:
            links = self._links.get(document, ())
            spans.setdefault(document, []).append(span)
            spans[document] += [link.span for link in links if link.span.overlaps(span)]
        for pk, row in self.said.items() if spans else ():
            own = Span(row.start, row.end)
            if any(own.overlaps(span) for span in spans.get(row.document, ())):
                yield pk

    def _quoted(self, quotation: _Copied) -> Quoted:
        span = Span(quotation.start, quotation.end)
        source = quotation.source
        if source is None or source not in self.said:
            return Quoted(span, marked=quotation.marked)
        speaker = self._speakers.get(self.said[source].speaker)
        return Quoted(
            span,
            attribution=attribution(speaker.name if speaker else None, self.position[source]),
            source_url=address_of(source),
            marked=quotation.marked,
        )

    @cached_property
    def _copied(self) -> dict[int, _Copied]:
        quotations = Quotation.objects.filter(utterance__document__thread=self.thread)
        rows: Iterable[Any] = quotations.values_list(
            "pk", "utterance", "source", "start", "end", "marked"
        )
        return {pk: _Copied(*columns) for pk, *columns in rows}

    @cached_property
    def _quotations(self) -> dict[int, list[_Copied]]:
        found: dict[int, list[_Copied]] = {}
        for row in self._copied.values():
            found.setdefault(row.utterance, []).append(row)
        return found

    @cached_property
    def _speakers(self) -> dict[int | None, Speaker]:
        keys = {row.speaker for row in self.said.values()} - {None}
        return {**Speaker.objects.in_bulk(keys)}

    @cached_property
    def _texts(self) -> dict[int, str]:
        rows = SourceDocument.objects.filter(thread=self.thread)
        return dict(rows.values_list("pk", "text"))

    @cached_property
    def _hidden(self) -> dict[int, Redactions]:
        return redacted_in(self._texts)

    @cached_property
    def _links(self) -> dict[int, list[Linked]]:
        return linked.links(self.thread.collection_id, self._texts)


def desired(thread: Thread) -> list[Shown]:
    """Return what the thread's topic should show, in order. Few queries, whatever the size."""
    return list(Wanted(thread).posts())
