"""Threads that are one, and threads that are two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from corpus import access
from corpus.curation import parting
from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.curation.move_thread import rehome_speakers
from corpus.curation.neighbours import before
from corpus.errors import OperationRefused
from corpus.models import Layer, Quotation, SourceDocument, Thread, Utterance


@dataclass(frozen=True)
class MergeThreads(Operation):
    """Let the source documents of ``other`` follow those of a thread; ``other`` is then deleted.

    For the pages of one thread that were imported as several.
    """

    name = "merge-threads"
    permission = access.CURATE_MANY

    subject: Thread
    other: Thread

    @property
    def thread(self) -> Thread:
        return self.subject

    @property
    def others(self) -> Sequence[Thread]:
        return (self.other,)

    def check(self) -> None:
        if self.subject.pk == self.other.pk:
            raise OperationRefused(_("A thread cannot be merged with itself."))
        if self.subject.deleted or self.other.deleted:
            raise OperationRefused(_("A deleted thread cannot be merged; restore it first."))
        _check_uncoded(self.subject, self.other)

    def apply(self, changes: Changes) -> None:
        if self.subject.collection_id != self.other.collection_id:
            rehome_speakers(changes, self.other, self.subject.collection)
        order = 1 + (self.subject.documents.aggregate(last=Max("order"))["last"] or 0)
        for number, document in enumerate(self.other.documents.order_by("order"), order):
            changes.update(document, thread=self.subject, order=number)
        changes.update(self.other, deleted=True)

    def summary(self) -> str:
        return f"Merged the thread {self.other.pk} into the thread {self.subject.pk}"


@dataclass(frozen=True)
class SplitThread(Operation):
    """Let everything from ``utterance`` on be a thread of its own.

    What it quoted or answered in the thread before becomes unknown. A document that the cut goes
    through is in both threads afterwards, each with its part of it: see
    :mod:`corpus.curation.parting`.
    """

    name = "split-thread"
    permission = access.CURATE_MANY

    utterance: Utterance
    title: str

    @property
    def thread(self) -> Thread:
        return self.utterance.document.thread

    def check(self) -> None:
        if not self.title.strip():
            raise OperationRefused(_("A thread needs a title."))
        earlier = Utterance.objects.of_thread(self.thread.pk).in_order().first()
        if self.utterance == earlier:
            raise OperationRefused(_("Nothing would be left of the thread before this post."))
        if self._cuts():
            parting.check(self.utterance.document, parting.beginning(self.utterance))
        _check_uncoded(self.thread)

    def apply(self, changes: Changes) -> None:
        thread = self.thread
        # Made deleted, so that undoing leaves a deleted thread: history may speak of it by then.
        new = Thread.objects.create(
            collection=thread.collection,
            title=" ".join(self.title.split()),
            language=thread.language,
            held=thread.held,
            deleted=True,
        )
        changes.update(new, deleted=False)
        leaving = self._leaving(changes, new)
        self._part(changes, leaving)
        for number, document in enumerate(leaving):
            if document.thread_id != new.pk:
                changes.update(document, thread=new, order=number)

    def summary(self) -> str:
        return f"Split off a thread from the post {self.utterance.start}–{self.utterance.end} on"

    def _cuts(self) -> bool:
        """Whether the post stands in the middle of its document."""
        return before(self.utterance) is not None

    def _leaving(self, changes: Changes, new: Thread) -> list[SourceDocument]:
        """Return the new thread's documents in order; one that is cut through by its copy."""
        own = self.utterance.document
        rows = SourceDocument.objects.filter(thread=self.thread).order_by("order")
        if not self._cuts():
            return list(rows.filter(order__gte=own.order))
        copy = parting.copied(own, new)
        parting.move(changes, own, copy, parting.beginning(self.utterance))
        return [copy, *rows.filter(order__gt=own.order)]

    def _part(self, changes: Changes, leaving: Sequence[SourceDocument]) -> None:
        """Let no quotation and no reply lead from one of the threads into the other."""
        across = Quotation.objects.filter(utterance__document__in=leaving).filter(
            ~Q(source__document__in=leaving), source__isnull=False
        )
        for quotation in across:
            changes.update(
                quotation,
                source=None,
                source_start=None,
                source_end=None,
                extent=Quotation.Extent.UNKNOWN,
            )
        replies = Utterance.objects.filter(document__in=leaving, reply_to__isnull=False)
        for reply in replies.exclude(reply_to__document__in=leaving):
            changes.update(reply, reply_to=None, reply_basis="", reply_confidence=None)


def _check_uncoded(*threads: Thread) -> None:
    """Refuse where annotators work: their layers are of one thread, with all its documents."""
    if layer := Layer.objects.filter(thread__in=threads).select_related("thread").first():
        raise OperationRefused(
            _("“%(thread)s” is assigned to annotators; threads are merged and split before that.")
            % {"thread": layer.thread}
        )
