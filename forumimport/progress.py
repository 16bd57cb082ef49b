"""How far an import run is, as people are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
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
    """A run as it stands: ``state`` is one of its own, or "cancelling", "indexing", "comparing",
    "interrupted" or "broken off".

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
            return cls(run, state, percent, unattended=_is_late(run))
        if state in (*_BEHIND, State.WITHDRAWING):
            percent = min(100, 100 * run.done // run.to_do) if run.to_do else 0
            waiting = state == State.WITHDRAWING and not run.process
            left = _left(run.turned, run.alive, run.done, run.to_do)
            return cls(run, state, percent, None, left, unattended=waiting and _is_late(run))
        if run.state != State.RUNNING or not run.since or not run.alive:
            return cls(run, state, percent)
        seconds = (run.alive - run.since).total_seconds()
        if seconds < _TELLING or not read:
            return cls(run, state, percent)
        rate = round(max(0, run.posts - run.posts_before) / seconds)
        return cls(run, state, percent, rate, _left(run.since, run.alive, read, total))

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
        own = (State.WAITING, State.RUNNING, State.WITHDRAWING)
        return self.state in (*own, "cancelling", *_BEHIND)

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


def _is_late(run: ImportRun) -> bool:
    return (run.since or run.started) < timezone.now() - _UNATTENDED


def _left(since: datetime | None, now: datetime | None, done: int, to_do: int) -> int | None:
    """Seconds for the rest, if it takes as long as what is done; None where that says little."""
    if since is None or now is None or not done or not to_do:
        return None
    seconds = (now - since).total_seconds()
    return round(seconds * max(0, to_do - done) / done) if seconds >= _TELLING else None


def state_of(run: ImportRun) -> str:
    """Return the run's state, told apart further while it should be at work."""
    if background.is_broken_off(run):
        return "broken off"
    if run.state != State.RUNNING:
        return run.state
    if background.is_interrupted(run):
        return "interrupted"
    if run.doing in _BEHIND:
        return run.doing
    return "cancelling" if run.stopping else run.state


def words(state: str) -> Any:
    """Return a state in words."""
    more: dict[str, Any] = {
        "interrupted": _("interrupted"),
        "cancelling": _("being cancelled"),
        "broken off": _("withdrawal broken off"),
    }
    if state in _BEHIND:
        return Doing(state).label
    return more.get(state) or State(state).label
