from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from corpus import invariants
from corpus.curation.base import KINDS, Operation, check_version, together
from corpus.curation.changes import Change, Changes
from corpus.curation.history import History
from corpus.curation.move_thread import rehome_speakers
from corpus.curation.touched import EVERYTHING, Touched
from corpus.errors import OperationRefused
from corpus.models import CurationEvent, SourceDocument, Thread


@dataclass(frozen=True)
class UndoEvent(Operation):
    """Write the rows of an earlier step back as they were; undoing an undo does it again."""

    name = "undo"

    event: CurationEvent

    @property
    def thread(self) -> Thread:
        return self.event.thread

    @property
    def others(self) -> Sequence[Thread]:
        """Those the step touched, and those that have its rows since."""
        return [
            thread
            for thread in {*self.event.touched.all(), *_owners(self.event.changes)}
            if thread != self.event.thread
        ]

    @property
    def needs(self) -> str:
        return _kind(self.event).permission

    def check(self) -> None:
        if not _kind(self.event).undoable:
            raise OperationRefused(
                _("“%(summary)s” is for good and cannot be undone.")
                % {"summary": self.event.summary}
            )
        if not self.event.in_effect:
            raise OperationRefused(
                _("“%(summary)s” is undone already.") % {"summary": self.event.summary}
            )
        if self.event.undoes_id is None:
            for later in History(self.event.thread).dependents(self.event):
                raise self._refusal(
                    _("“%(step)s”, version %(version)s")
                    % {"step": later.summary, "version": later.version}
                )

    def apply(self, changes: Changes) -> None:
        try:
            with transaction.atomic():
                changes.reverse(self.event.changes)
        except IntegrityError as error:
            # The columns are as the step left them, but others of the same row are not.
            raise self._refusal(_("the same post was changed since")) from error
        threads = self._threads()
        for thread in threads:
            # What comes home may find its thread in another collection by now.
            rehome_speakers(changes, thread, thread.collection)
        # And yet other rows may have come to lean on them: a quotation over two merged posts, say.
        documents = SourceDocument.objects.filter(thread__in=threads)
        for violation in invariants.violations(documents):
            raise self._refusal(_("; the last was ").join([violation.what, *self._last(threads)]))

    def _last(self, threads: Sequence[Thread]) -> Iterator[str]:
        """Name the last step that stands in any of the threads, if it is later than this one."""
        histories = [History(thread) for thread in threads]
        steps = {pk: history for history in histories for pk in history.standing}
        last = max(steps, default=0)
        if last > self.event.pk:
            history = steps[last]
            yield f"“{history.events[last].summary}” in “{history.thread}”"

    def _refusal(self, why: str) -> OperationRefused:
        return OperationRefused(
            _("Cannot undo “%(summary)s”: a later step builds on it (%(why)s); undo that first.")
            % {"summary": self.event.summary, "why": why}
        )

    def _threads(self) -> list[Thread]:
        keys = [self.event.thread_id, *(other.pk for other in self.others)]
        return list(Thread.objects.filter(pk__in=keys).select_related("collection"))

    def _touched(self, changes: Changes) -> Touched | None:
        if not _kind(self.event).visible:
            return None
        if len({thread.collection_id for thread in self._threads()}) > 1:
            return EVERYTHING  # Where speakers bear pseudonyms, links show nothing.
        return super()._touched(changes)

    def summary(self) -> str:
        undone = self.event
        return f"Redid: {undone.undoes.summary}" if undone.undoes else f"Undid: {undone.summary}"

    def _event_fields(self) -> dict[str, Any]:
        return {"undoes": self.event}


def undo_seen(thread: Thread, step: CurationEvent, user: Any, seen: int) -> CurationEvent:
    """Undo a step (or redo it) as the history of ``thread``, one of those it changed, shows it.

    Raises:
        OperationRefused: it cannot be undone, or the thread is not at the version ``seen``.
    """
    with transaction.atomic():
        check_version(Thread.objects.select_for_update().get(pk=thread.pk), seen)
        return UndoEvent(step).execute(user)


def revert(thread: Thread, version: int, user: Any = None, *, seen: int | None = None) -> int:
    """Undo every step after ``version`` that stands, the last first; return how many those were.

    All or nothing.

    Raises:
        OperationRefused: a step cannot be undone, or the thread is not at the version ``seen``.
    """
    done = 0
    history = History(thread)
    with together():
        check_version(Thread.objects.select_for_update().get(pk=thread.pk), seen)
        for step in reversed(history.steps()):
            if step.thread_id == thread.pk and step.version <= version:
                break
            if step.pk in history.standing:
                UndoEvent(history.latest[step.pk]).execute(user)
                done += 1
    return done


#: The way from a changed row to its thread.
_PATHS = ("document__thread", "utterance__document__thread", "thread")


def _kind(event: CurationEvent) -> type[Operation]:
    """Return the kind of step that an event did, undid or redid."""
    while event.undoes is not None:
        event = event.undoes
    return KINDS[event.operation]


def _owners(changes: Iterable[Change]) -> set[Thread]:
    """Return the threads that the changed rows belong to now."""
    keys: dict[str, set[Any]] = {}
    for change in changes:
        keys.setdefault(change["model"], set()).add(change["pk"])
    found: set[int] = set()
    for label, pks in keys.items():
        model = apps.get_model(label)
        names = {field.name for field in model._meta.concrete_fields}
        path = next((path for path in _PATHS if path.split("__")[0] in names), None)
        if path:
            found.update(model._default_manager.filter(pk__in=pks).values_list(path, flat=True))
    return set(Thread.objects.filter(pk__in=found))
