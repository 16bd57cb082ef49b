from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import Thread


@dataclass(frozen=True)
class RetitleThread(Operation):
    """Give a thread another title; the title line in its source text stays as it is."""

    name = "retitle-thread"

    subject: Thread
    title: str

    @property
    def thread(self) -> Thread:
        return self.subject

    def check(self) -> None:
        if not self.title.strip():
            raise OperationRefused(_("A thread needs a title."))

    def apply(self, changes: Changes) -> None:
        changes.update(self.subject, title=" ".join(self.title.split()))

    def summary(self) -> str:
        return f"Title: “{self.subject.title}” → “{' '.join(self.title.split())}”"
