from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from corpus import access
from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import Collection, Speaker, Thread, Utterance


@dataclass(frozen=True)
class MoveThread(Operation):
    """Put a thread into another collection, where its speakers are those of the same handles."""

    name = "move-thread"
    permission = access.CURATE_MANY

    subject: Thread
    collection: Collection

    @property
    def thread(self) -> Thread:
        return self.subject

    def check(self) -> None:
        if self.subject.collection_id == self.collection.pk:
            raise OperationRefused(
                _("“%(thread)s” is in “%(collection)s” already.")
                % {"thread": self.subject, "collection": self.collection}
            )

    @classmethod
    def possible(cls, threads: QuerySet[Thread], collection: Collection) -> QuerySet[Thread]:
        """Return those of the threads that are not there already."""
        return threads.exclude(collection=collection)

    def apply(self, changes: Changes) -> None:
        rehome_speakers(changes, self.subject, self.collection)
        changes.update(self.subject, collection=self.collection)

    def summary(self) -> str:
        before, after = self.subject.collection_id, self.collection.pk
        return f"Moved the thread from the collection {before} to the collection {after}"

    def _check_user(self, user: Any, threads: Sequence[Thread]) -> None:
        super()._check_user(user, threads)
        if user is not None and self.collection.pk in access.closed(user):
            raise OperationRefused(_("There is no such collection."))


def rehome_speakers(changes: Changes, thread: Thread, collection: Collection) -> None:
    """Let the thread's posts be by the speakers of ``collection`` that have the same handles."""
    rows = Utterance.objects.of_thread(thread.pk).exclude(speaker=None).select_related("speaker")
    posts: dict[str, list[Utterance]] = {}
    for utterance in rows.exclude(speaker__collection=collection):
        assert utterance.speaker is not None
        posts.setdefault(utterance.speaker.handle, []).append(utterance)
    for handle, own in posts.items():
        speaker, _made = Speaker.objects.get_or_create(collection=collection, handle=handle)
        changes.update_all(own, speaker=speaker)
