"""How far an import run is, as people are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from forumimport import background
from forumimport.models import ImportRun

State, Doing = ImportRun.State, ImportRun.Doing

#: A run that waits longer than a worker looks around (a second) is waiting for a worker.
_UNATTENDED = timedelta(seconds=10)
#: What follows when all is stored.
_BEHIND = (Doing.INDEXING, Doing.COMPARING)
#: Seconds of work after which it can be told how long the rest will take.
_TELLING = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """A run as it stands: ``state`` is one of its own, or "cancelling", "indexing", "comparing" or
    "interrupted".

    ``percent`` is of what it is at. ``rate`` is posts a second, ``left`` seconds to go; None where
    nothing can be said of them.
    """

    run: ImportRun
    state: str
    percent: int
    rate: int | None = None
    left: int | None = None
    unattended: bool = False

    @classmethod
    def of(cls, run: ImportRun) -> Progress:
        read, total = run.read_bytes, run.total_bytes
        percent = min(100, 100 * read // total) if total else 0
        state = state_of(run)
        if state == State.WAITING:
            since = run.since or run.started
            return cls(run, state, percent, unattended=since < timezone.now() - _UNATTENDED)
        if state in _BEHIND:
            return cls(run, state, min(100, 100 * run.done // run.to_do) if run.to_do else 0)
        if run.state != State.RUNNING or not run.since or not run.alive:
            return cls(run, state, percent)
        seconds = (run.alive - run.since).total_seconds()
        if seconds < _TELLING or not read:
            return cls(run, state, percent)
        rate = round(max(0, run.posts - run.posts_before) / seconds)
        left = round(seconds * max(0, total - read) / read) if total else None
        return cls(run, state, percent, rate, left)

    @property
    def words(self) -> Any:
        return words(self.state)

    @property
    def left_words(self) -> str:
        """The time to go, as roughly as it is known."""
        if self.left is None:
            return "–"
        if self.left < 60:
            return _("%(n)s s") % {"n": self.left}
        if self.left < 3600:
            return _("%(n)s min") % {"n": round(self.left / 60)}
        return _("%(n)s h") % {"n": round(self.left / 3600, 1)}

    @property
    def active(self) -> bool:
        """Whether it goes on by itself."""
        return self.state in (State.WAITING, State.RUNNING, "cancelling", *_BEHIND)

    @property
    def behind(self) -> bool:
        """Whether all is read and stored, and what follows from that goes on."""
        return self.state in _BEHIND

    @property
    def stoppable(self) -> bool:
        return self.state in (State.WAITING, State.RUNNING)

    @property
    def resumable(self) -> bool:
        return self.state in ("interrupted", State.CANCELLED, State.FAILED)

    @property
    def tens(self) -> int:
        """Percent in steps of ten: what is read aloud need not be read every second."""
        return self.percent // 10 * 10


def state_of(run: ImportRun) -> str:
    """Return the run's state, told apart further while it should be at work."""
    if run.state != State.RUNNING:
        return run.state
    if background.is_interrupted(run):
        return "interrupted"
    if run.doing in _BEHIND:
        return run.doing
    return "cancelling" if run.stopping else run.state


def words(state: str) -> Any:
    """Return a state in words."""
    more: dict[str, Any] = {"interrupted": _("interrupted"), "cancelling": _("being cancelled")}
    if state in _BEHIND:
        return Doing(state).label
    return more.get(state) or State(state).label
