"""Places to talk about."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.hiding import is_elsewhere
from corpus.models import Flag, SourceDocument, Thread
from corpus.spans import Span


@dataclass(frozen=True)
class FlagSpan(Operation):
    """Mark ``[start, end)`` of a document for discussion among curators, with a note."""

    name = "flag-span"
    visible = False

    document: SourceDocument
    start: int
    end: int
    note: str

    @property
    def thread(self) -> Thread:
        return self.document.thread

    def check(self) -> None:
        if not 0 <= self.start < self.end <= self.document.characters:
            raise OperationRefused(
                _("Choose words between 0 and %(end)s to flag.") % {"end": self.document.characters}
            )
        if is_elsewhere(self.document, Span(self.start, self.end)):
            raise OperationRefused(_("These words are in another thread: flag them there."))
        if not 0 < len(self.note.strip()) <= 500:
            raise OperationRefused(
                _("Say in a note of at most 500 characters what is in question.")
            )

    def apply(self, changes: Changes) -> None:
        changes.create(
            Flag(document=self.document, start=self.start, end=self.end, note=self.note.strip())
        )

    def summary(self) -> str:
        return f"Flagged {self.start}–{self.end}: {self.note.strip()}"


@dataclass(frozen=True)
class ResolveFlag(Operation):
    """State that a flagged place is talked out."""

    name = "resolve-flag"
    visible = False

    flag: Flag

    @property
    def thread(self) -> Thread:
        return self.flag.document.thread

    def check(self) -> None:
        """Any flag may be resolved."""

    def apply(self, changes: Changes) -> None:
        changes.delete(self.flag)

    def summary(self) -> str:
        return f"Resolved the flag on {self.flag.start}–{self.flag.end}: {self.flag.note}"
