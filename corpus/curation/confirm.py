from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from corpus.curation.base import Operation, UtteranceOperation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import Quotation, State, Thread, Utterance


@dataclass(frozen=True)
class ConfirmUtterance(UtteranceOperation):
    """State that an utterance's boundary is right as recovered."""

    name = "confirm-utterance"
    visible = False

    def check(self) -> None:
        if self.utterance.state == State.CONFIRMED:
            raise OperationRefused(_("The post is confirmed already."))

    def apply(self, changes: Changes) -> None:
        changes.update(self.utterance, state=State.CONFIRMED)

    def summary(self) -> str:
        return f"Confirmed the post {self.utterance.start}–{self.utterance.end}"


@dataclass(frozen=True)
class ConfirmThread(Operation):
    """State that all boundaries and quotations above a confidence are right as recovered.

    ``above`` 0 confirms everything that is left.
    """

    name = "confirm-thread"
    visible = False

    subject: Thread
    above: float = 0.0

    @property
    def thread(self) -> Thread:
        return self.subject

    def check(self) -> None:
        if not 0 <= self.above <= 1:
            raise OperationRefused(_("A confidence lies between 0 and 1."))
        if not any(rows.exists() for rows in self._left()):
            raise OperationRefused(_("Nothing is left to confirm above this confidence."))

    def apply(self, changes: Changes) -> None:
        for rows in self._left():
            changes.update_all(rows, state=State.CONFIRMED)

    def summary(self) -> str:
        posts, copies = (rows.count() for rows in self._left())
        boundaries = f"{posts} boundary" if posts == 1 else f"{posts} boundaries"
        quotations = f"{copies} quotation" if copies == 1 else f"{copies} quotations"
        return (
            f"Confirmed {boundaries} and {quotations} of a confidence of {self.above:.2f} or more"
        )

    @classmethod
    def possible(cls, threads: QuerySet[Thread], above: float = 0.0) -> QuerySet[Thread]:
        """Return those of the threads where something is left to confirm."""
        left = {"state": State.AUTOMATIC, "confidence__gte": above}
        posts = Utterance.objects.filter(document__thread=OuterRef("pk"), **left)
        copies = Quotation.objects.filter(utterance__document__thread=OuterRef("pk"), **left)
        return threads.filter(Exists(posts) | Exists(copies))

    def _left(self) -> tuple[QuerySet[Utterance], QuerySet[Quotation]]:
        left = {"state": State.AUTOMATIC, "confidence__gte": self.above}
        return (
            Utterance.objects.of_thread(self.subject.pk).filter(**left),
            Quotation.objects.filter(utterance__document__thread=self.subject, **left),
        )
