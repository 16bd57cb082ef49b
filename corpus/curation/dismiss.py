"""Words that look like a personal detail, and may be read."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from corpus import access
from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.hiding import is_elsewhere
from corpus.models import Dismissal, SourceDocument, Thread
from corpus.spans import Span


@dataclass(frozen=True)
class DismissSpan(Operation):
    """State that ``[start, end)`` of a document need not be hidden: it is proposed no more."""

    name = "dismiss-span"
    visible = False
    permission = access.REDACT

    document: SourceDocument
    start: int
    end: int

    @property
    def thread(self) -> Thread:
        return self.document.thread

    def check(self) -> None:
        if not 0 <= self.start < self.end <= self.document.characters:
            raise OperationRefused(
                _("Choose words between 0 and %(end)s to be left.")
                % {"end": self.document.characters}
            )
        if is_elsewhere(self.document, Span(self.start, self.end)):
            raise OperationRefused(_("These words are in another thread: decide on them there."))
        if self.document.dismissals.filter(start=self.start, end=self.end).exists():
            raise OperationRefused(_("It was decided before that these words may stay."))

    def apply(self, changes: Changes) -> None:
        changes.create(Dismissal(document=self.document, start=self.start, end=self.end))

    def summary(self) -> str:
        return f"Left {self.start}–{self.end} as no personal detail"
