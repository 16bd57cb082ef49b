"""Signs of life of a running import, and where it hears that it is to stop."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from forumimport.models import ImportRun

Doing = ImportRun.Doing

#: Seconds between two signs of life.
_BEAT = 1.0


class Stopped(Exception):
    """Somebody asked the import to stop; what is stored stays."""


@dataclass(slots=True)
class Pulse:
    """Writes down how far a run is, and that it lives, once a second at most.

    ``heard`` is told the bytes that are read, each time; ``told`` what is done behind the reading,
    and how much of how much.
    """

    run: ImportRun | None
    heard: Callable[[int], None] | None = None
    told: Callable[[Doing, int, int], None] | None = None
    dealt: int = 0
    last: float = 0.0

    def at(self, position: int) -> None:
        """Hear that the present file is read up to here.

        Raises:
            Stopped: somebody asked the run to stop.
        """
        if self.heard:
            self.heard(self.dealt + position)
        if self.run and time.monotonic() - self.last >= _BEAT:
            self._beat(self.dealt + position)
            if is_stopping(self.run):
                raise Stopped

    def past(self, size: int) -> None:
        """Record that a file of so many bytes has been dealt with."""
        self.dealt += size
        if self.heard:
            self.heard(self.dealt)
        if self.run:
            self._beat(self.dealt)

    def behind(self, doing: Doing, done: int, to_do: int) -> None:
        """Hear how far the work is that follows when all is stored: it is not stopped any more."""
        if self.told:
            self.told(doing, done, to_do)
        if self.run is None:
            return
        if self.run.doing != doing:
            self._write(doing=doing, done=done, to_do=to_do, turned=timezone.now())
        elif done >= to_do or time.monotonic() - self.last >= _BEAT:
            self._write(done=done, to_do=to_do)

    def _beat(self, read: int) -> None:
        self._write(read_bytes=read)

    def _write(self, **values: Any) -> None:
        assert self.run is not None
        self.last = time.monotonic()
        for name, value in values.items():
            setattr(self.run, name, value)
        at_work(self.run).update(**values, alive=timezone.now())


def at_work(run: ImportRun) -> QuerySet[ImportRun]:
    """The run, as long as this process imports for it: others may have taken it over."""
    return ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING, process=process())


def process() -> str:
    """Return what names this process among those of all machines: host and number."""
    return f"{socket.gethostname()[:200]} {os.getpid()}"


def is_gone(named: str) -> bool:
    """Whether the process is known to have ended; of other machines nothing is known."""
    host, _, number = named.rpartition(" ")
    if host != socket.gethostname()[:200] or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def is_stopping(run: ImportRun | None) -> bool:
    """Whether somebody asked the run to stop."""
    return run is not None and ImportRun.objects.filter(pk=run.pk, stopping=True).exists()
