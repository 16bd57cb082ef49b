from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import Thread


@dataclass(frozen=True)
class DeleteThread(Operation):
    """Take a thread out of forum, search and lists; all its rows stay, so it can be restored."""

    name = "delete-thread"
    permission = access.CURATE_MANY
    deleted: ClassVar[bool] = True
    already: ClassVar[Promise] = _("“%(thread)s” is deleted already.")

    subject: Thread

    @property
    def thread(self) -> Thread:
        return self.subject

    def check(self) -> None:
        if self.subject.deleted == self.deleted:
            raise OperationRefused(self.already % {"thread": self.subject})

    @classmethod
    def possible(cls, threads: QuerySet[Thread]) -> QuerySet[Thread]:
        """Return those of the threads that are not so already."""
        return threads.filter(deleted=not cls.deleted)

    def apply(self, changes: Changes) -> None:
        changes.update(self.subject, deleted=self.deleted)

    def summary(self) -> str:
        return "Deleted the thread" if self.deleted else "Restored the thread"


@dataclass(frozen=True)
class RestoreThread(DeleteThread):
    """Bring a deleted thread back."""

    name = "restore-thread"
    deleted = False
    already = _("“%(thread)s” is not deleted.")
