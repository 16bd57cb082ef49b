"""What every operation is and how it is carried out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Model
from django.dispatch import Signal

from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import CurationEvent, Quotation, Thread, Utterance

#: Sent inside the transaction of every operation that readers could notice, with ``thread``
#: (already changed); the forum's projection listens.
thread_changed = Signal()


_together: ContextVar[dict[int, Thread] | None] = ContextVar("corpus_together", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Carry out many operations as one step for the forum: it follows once, at the end.

    All are one transaction, and one that is refused does not undo those before it.
    """
    changed: dict[int, Thread] = {}
    with transaction.atomic():
        token = _together.set(changed)
        try:
            yield
        finally:
            _together.reset(token)
        for thread in changed.values():
            _announce(thread)


def _announce(thread: Thread) -> None:
    waiting = _together.get()
    if waiting is None:
        thread_changed.send(sender=Thread, thread=thread)
    else:
        waiting[thread.pk] = thread


@dataclass(frozen=True)
class Operation(ABC):
    """One curation step as an object: checked, applied and recorded in one transaction.

    Subclasses hold the rows they are about and say in :meth:`check` what would break an
    invariant; in :meth:`apply` they write through the ``changes`` they are given and nothing else,
    which makes every operation undoable.
    """

    name: ClassVar[str]
    #: Whether readers could see a difference; where not, the forum is left alone.
    visible: ClassVar[bool] = True

    @property
    @abstractmethod
    def thread(self) -> Thread:
        """The thread that the operation is about."""

    @abstractmethod
    def check(self) -> None:
        """Raise :class:`OperationRefused` with one sentence if the operation cannot be done."""

    @abstractmethod
    def apply(self, changes: Changes) -> None:
        """Do it. Only called after a successful :meth:`check`."""

    @abstractmethod
    def summary(self) -> str:
        """Return what the operation does in one line, for the history."""

    def execute(self, user: Any = None, *, version: int | None = None) -> CurationEvent:
        """Check and apply, write the event, and let the forum follow; all or nothing.

        Args:
            user: who does it; None for programs.
            version: the thread's version that the decision was made on.

        Raises:
            OperationRefused: the check failed, or the thread has changed since ``version``.
        """
        with transaction.atomic():
            thread = self._locked()
            if version is not None and version != thread.version:
                raise OperationRefused(
                    f"“{thread}” was changed by someone else in the meantime (version "
                    f"{thread.version}, you saw {version}); look at it again and repeat your step."
                )
            self._refresh()
            self.check()
            # Told before the rows change, when it still describes what was there.
            summary = self.summary()
            changes = Changes()
            self.apply(changes)
            thread.refresh_from_db()
            thread.version += 1
            thread.save(update_fields=["version"])
            event = CurationEvent.objects.create(
                thread=thread,
                version=thread.version,
                operation=self.name,
                summary=summary,
                changes=changes.made,
                user=user,
                **self._event_fields(),
            )
            if self.visible:
                _announce(thread)
        return event

    def _locked(self) -> Thread:
        try:
            return Thread.objects.select_for_update().get(pk=self.thread.pk)
        except ObjectDoesNotExist as error:
            raise OperationRefused("The thread no longer exists.") from error

    def _event_fields(self) -> dict[str, Any]:
        return {}

    def _refresh(self) -> None:
        """Read the rows again now that the thread is locked."""
        for field in fields(self):
            row = getattr(self, field.name)
            if isinstance(row, Model):
                try:
                    row.refresh_from_db()
                except type(row).DoesNotExist as error:  # type: ignore[attr-defined]
                    raise OperationRefused(
                        f"This {row._meta.verbose_name} no longer exists; reload the page."
                    ) from error


@dataclass(frozen=True)
class UtteranceOperation(Operation):
    """An operation on one utterance, in the thread that its document belongs to."""

    utterance: Utterance

    @property
    def thread(self) -> Thread:
        return self.utterance.document.thread


@dataclass(frozen=True)
class QuotationOperation(Operation):
    """An operation on one quotation, in the thread that it stands in."""

    quotation: Quotation

    @property
    def thread(self) -> Thread:
        return self.quotation.utterance.document.thread
