from __future__ import annotations

from dataclasses import dataclass

from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import Thread, Utterance


@dataclass(frozen=True)
class MergeUtterance(Operation):
    """Join an utterance to the one before it in the same document, which keeps its speaker.

    Quotations keep their spans; an unmarked one that would now quote its own post is removed.
    """

    name = "merge-utterance"

    utterance: Utterance

    @property
    def thread(self) -> Thread:
        return self.utterance.document.thread

    def check(self) -> None:
        previous = self._previous()
        if previous is None:
            raise OperationRefused("Cannot merge the first post of a text: none stands before it.")
        between = self.utterance.document.boilerplate.filter(
            start__gte=previous.end, end__lte=self.utterance.start
        )
        if between.exists():
            raise OperationRefused(
                "Cannot merge the posts: boilerplate stands between them; change that first."
            )

    def apply(self, changes: Changes) -> None:
        previous, gone = self._previous(), self.utterance
        assert previous is not None
        for quotation in gone.quotations.all():
            if quotation.source_id == previous.pk and not quotation.marked:
                changes.delete(quotation)
            else:
                changes.update(quotation, utterance=previous)
        for quotation in gone.quoted_in.all():
            changes.update(quotation, source=previous)
        for reply in gone.replies.all():
            changes.update(reply, reply_to=previous)
        end = gone.end
        changes.delete(gone)
        changes.update(previous, end=end)

    def summary(self) -> str:
        return f"Merged the post {self.utterance.start}–{self.utterance.end} with the one before it"

    def _previous(self) -> Utterance | None:
        return (
            Utterance.objects.filter(
                document=self.utterance.document_id, start__lt=self.utterance.start
            )
            .order_by("-start")
            .first()
        )
