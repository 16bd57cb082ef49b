"""Signs of life of a running import, and where it hears that it is to stop."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from forumimport.models import ImportRun

#: Seconds between two signs of life.
_BEAT = 1.0


class Stopped(Exception):
    """Somebody asked the import to stop; what is stored stays."""


@dataclass(slots=True)
class Pulse:
    """Writes down how many bytes a run has read, and that it lives, once a second at most.

    ``heard`` is told the bytes each time.
    """

    run: ImportRun | None
    heard: Callable[[int], None] | None = None
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

    def _beat(self, read: int) -> None:
        assert self.run is not None
        self.last = time.monotonic()
        self.run.read_bytes = read
        ImportRun.objects.filter(pk=self.run.pk).update(read_bytes=read, alive=timezone.now())


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
