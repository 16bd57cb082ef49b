from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.curation.pseudonyms import shown_as
from corpus.errors import OperationRefused
from corpus.models import Basis, Speaker, Thread, Utterance


@dataclass(frozen=True)
class RenameSpeaker(Operation):
    """State that all posts of a thread by one speaker are by another.

    ``handle`` empty means the posts whose speaker is unknown, ``to`` empty that the speaker is
    unknown after all.
    """

    name = "rename-speaker"

    subject: Thread
    handle: str
    to: str

    @property
    def thread(self) -> Thread:
        return self.subject

    def check(self) -> None:
        if self.handle.strip() == self.to.strip():
            raise OperationRefused(_("Both names are the same."))
        if len(self.to.strip()) > 255:
            raise OperationRefused(_("A handle has at most 255 characters."))
        if not self._posts().exists():
            raise OperationRefused(_("The thread has no post by this speaker."))

    def apply(self, changes: Changes) -> None:
        speaker = None
        if self.to.strip():
            speaker, _made = Speaker.objects.get_or_create(
                collection=self.thread.collection, handle=self.to.strip()
            )
        changes.update_all(self._posts(), speaker=speaker, speaker_basis=Basis.CURATED)

    def summary(self) -> str:
        before, after = (
            f"“{shown_as(self.thread.collection, name.strip())}”" if name.strip() else "unknown"
            for name in (self.handle, self.to)
        )
        count = self._posts().count()
        posts = "1 post" if count == 1 else f"{count} posts"
        return f"Speaker of {posts}: {before} → {after}"

    @classmethod
    def possible(cls, threads: QuerySet[Thread], handle: str, to: str) -> QuerySet[Thread]:
        """Return those of the threads that have posts by the speaker who is shown by this name."""
        name = handle.strip()
        if name == to.strip():
            return threads.none()
        shown = Q(speaker__pseudonym="", speaker__handle=name) | Q(speaker__pseudonym=name)
        # Asked once for all: thread by thread, SQLite reads all posts of unknown speakers for each.
        posts = Utterance.objects.filter(shown if name else Q(speaker=None)).order_by()
        return threads.filter(pk__in=posts.values("document__thread"))

    def _posts(self) -> QuerySet[Utterance]:
        posts = Utterance.objects.of_thread(self.subject.pk)
        if self.handle.strip():
            return posts.filter(speaker__handle=self.handle.strip())
        return posts.filter(speaker=None)
