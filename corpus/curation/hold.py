from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import Thread


@dataclass(frozen=True)
class HoldThread(Operation):
    """Keep a thread from readers, in forum and search, until it is released."""

    name = "hold-thread"
    held = True
    already: ClassVar[Promise] = _("“%(thread)s” is held already.")

    subject: Thread = field()

    @property
    def thread(self) -> Thread:
        return self.subject

    def check(self) -> None:
        if self.subject.held == self.held:
            raise OperationRefused(self.already % {"thread": self.subject})

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
    already = _("“%(thread)s” is released already.")
