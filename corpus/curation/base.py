"""What every operation is and how it is carried out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Model
from django.dispatch import Signal
from django.utils.translation import gettext as _

from corpus import access
from corpus.curation import reviews
from corpus.curation.changes import Changes
from corpus.curation.touched import EVERYTHING, Touched
from corpus.errors import OperationOutrun, OperationRefused
from corpus.models import CurationEvent, Quotation, Thread, Utterance

#: Sent inside the transaction of every operation that readers could notice, with ``thread``
#: (already changed) and what of it was ``touched``; the forum's projection listens.
thread_changed = Signal()

#: Threads that wait for the end of :func:`together`, and what readers could notice, if anything.
_together: ContextVar[dict[int, Touched | None] | None] = ContextVar(
    "corpus_together", default=None
)


@contextmanager
def together() -> Iterator[None]:
    """Carry out many operations as one step for the forum: it follows once, at the end.

    All are one transaction, and one that is refused does not undo those before it.
    """
    changed: dict[int, Touched | None] = {}
    with transaction.atomic():
        token = _together.set(changed)
        try:
            yield
        finally:
            _together.reset(token)
        for thread in Thread.objects.filter(pk__in=changed).order_by("pk"):
            follow(thread, changed[thread.pk])


def follow(thread: Thread, touched: Touched | None) -> None:
    """Let the review, and if readers could notice anything the forum, follow the thread."""
    waiting = _together.get()
    if waiting is not None:
        before = waiting.get(thread.pk)
        waiting[thread.pk] = before | touched if before and touched else touched or before
        return
    reviews.refresh([thread.pk])
    if touched is not None:
        thread_changed.send(sender=Thread, thread=thread, touched=touched)


#: Every operation by its name, as events have it.
KINDS: dict[str, type[Operation]] = {}


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
    #: What a user needs to do it, and to undo it.
    permission: ClassVar[str] = access.CURATE
    #: Whether its event can be undone.
    undoable: ClassVar[bool] = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if hasattr(cls, "name"):
            KINDS[cls.name] = cls

    @property
    def needs(self) -> str:
        """The permission that a user needs for this very operation."""
        return self.permission

    @property
    @abstractmethod
    def thread(self) -> Thread:
        """The thread that the operation is about."""

    @property
    def others(self) -> Sequence[Thread]:
        """Other threads that it changes; their versions grow and their posts follow too."""
        return ()

    @abstractmethod
    def check(self) -> None:
        """Raise :class:`OperationRefused` with one sentence if the operation cannot be done."""

    @abstractmethod
    def apply(self, changes: Changes) -> None:
        """Do it. Only called after a successful :meth:`check`."""

    @abstractmethod
    def summary(self) -> str:
        """Return what the operation does in one line, for the history.

        Other threads and collections stand in it by their keys: who reads it need not be one who
        may know their names.
        """

    def execute(self, user: Any = None, *, version: int | None = None) -> CurationEvent:
        """Check and apply, write the event, and let the forum follow; all or nothing.

        Args:
            user: who does it; None for programs.
            version: the thread's version that the decision was made on.

        Raises:
            OperationRefused: the check failed, or the user may not.
            OperationOutrun: the thread has changed since ``version``.
        """
        with transaction.atomic():
            thread, *others = threads = self._locked()
            self._check_user(user, threads)
            check_version(thread, version)
            self._refresh()
            if self.thread.pk != thread.pk:
                raise OperationRefused(_("This belongs to another thread by now; reload the page."))
            self.check()
            # Told before the rows change, when it still describes what was there.
            summary = self.summary()
            changes = Changes()
            self.apply(changes)
            for changed in threads:
                changed.refresh_from_db()
                changed.version += 1
                changed.save(update_fields=["version"])
            event = CurationEvent.objects.create(
                thread=thread,
                version=thread.version,
                operation=self.name,
                summary=summary,
                changes=changes.made,
                user=user,
                **self._event_fields(),
            )
            others += _made(changes, threads)
            event.touched.add(*others)
            touched = self._touched(changes)
            # Others first: a new one takes over what leaves, before it is missed.
            for changed in [*others, thread]:
                follow(changed, touched)
        return event

    def _locked(self) -> list[Thread]:
        """Return the thread and then the others, none of which anyone changes meanwhile."""
        wanted = list(dict.fromkeys([self.thread.pk, *(other.pk for other in self.others)]))
        # In the order of their keys, lest two operations wait for each other.
        rows = Thread.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
        found = {row.pk: row for row in rows}
        if len(found) < len(wanted):
            raise OperationRefused(_("The thread no longer exists."))
        return [found[pk] for pk in wanted]

    def _check_user(self, user: Any, threads: Sequence[Thread]) -> None:
        if user is not None and not all(access.may(user, self.needs, thread) for thread in threads):
            raise OperationRefused(
                _("You may not do this here (%(step)s): ask for permission.") % {"step": self.name}
            )

    def _touched(self, changes: Changes) -> Touched | None:
        if not self.visible:
            return None
        # What cannot be undone was written past ``changes``.
        return Touched.by(changes.made) if self.undoable else EVERYTHING

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
                        _("This %(row)s no longer exists; reload the page.")
                        % {"row": row._meta.verbose_name}
                    ) from error


def check_version(thread: Thread, version: int | None) -> None:
    """Refuse what was decided on another version of a (locked) thread than it has."""
    if version is not None and version != thread.version:
        raise OperationOutrun(
            _(
                "“%(thread)s” was changed by someone else in the meantime (version "
                "%(version)s, you saw %(seen)s); look at it again and repeat your step."
            )
            % {"thread": thread, "version": thread.version, "seen": version}
        )


def _made(changes: Changes, known: Sequence[Thread]) -> list[Thread]:
    """Return the threads that an operation changed beside those it was known to change."""
    keys = {change["pk"] for change in changes.made if change["model"] == "corpus.thread"}
    return list(Thread.objects.filter(pk__in=keys - {thread.pk for thread in known}))


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
