from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import QuerySet

from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import Thread


@dataclass(frozen=True)
class HoldThread(Operation):
    """Keep a thread from readers, in forum and search, until it is released."""

    name = "hold-thread"
    held = True

    subject: Thread = field()

    @property
    def thread(self) -> Thread:
        return self.subject

    def check(self) -> None:
        if self.subject.held == self.held:
            raise OperationRefused(
                f"“{self.subject}” is {'held' if self.held else 'released'} already."
            )

    @classmethod
    def possible(cls, threads: QuerySet[Thread]) -> QuerySet[Thread]:
        """Return those of the threads that are not so already."""
        return threads.filter(held=not cls.held)

    def apply(self, changes: Changes) -> None:
        changes.update(self.subject, held=self.held)

    def summary(self) -> str:
        return "Held the thread back" if self.held else "Released the thread"


@dataclass(frozen=True)
class ReleaseThread(HoldThread):
    """Let readers see a held thread."""

    name = "release-thread"
    held = False
