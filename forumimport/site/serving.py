"""Gunicorn's settings for `make run`: beside the server a worker imports uploads in the background,
is started anew when it has died, and ends with it."""

import subprocess
import sys
import threading
import time
from typing import Any

_COMMAND = [sys.executable, "manage.py", "db_worker", "--verbosity", "0", "--no-reload"]
#: Seconds in which the worker may come to an end by itself.
_PATIENCE = 5
#: Seconds after which a worker that died is started anew, at first and at most: one that dies
#: within the longer of them, as without a database, would else be started without end.
_PAUSE, _LONGEST = 1, 60


class Worker:
    """A process that is started anew, after a pause that doubles, until it is told to end."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._ending = threading.Event()
        self._process = self._started()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()

    def end(self) -> None:
        self._ending.set()
        # Asked twice, it leaves an import where it is; that can be gone on with.
        for _time in range(2):
            self._process.terminate()
            try:
                self._process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                continue
            break
        else:
            self._process.kill()
        self._watching.join(_PATIENCE)

    def _watch(self) -> None:
        pause, began = _PAUSE, time.monotonic()
        while True:
            self._process.wait()
            if time.monotonic() - began > _LONGEST:
                pause = _PAUSE
            if self._ending.wait(pause):
                return
            pause, began = min(2 * pause, _LONGEST), time.monotonic()
            self._process = self._started()
            if self._ending.is_set():  # Meanwhile: nobody else knows of this one.
                self._process.terminate()
                return

    def _started(self) -> subprocess.Popen[bytes]:
        # In a session of its own: interrupted together with the server it would begin to wait for
        # the end of its import.
        return subprocess.Popen(self._command, start_new_session=True)  # noqa: S603


_worker: Worker | None = None


def when_ready(server: Any) -> None:
    global _worker
    _worker = Worker(_COMMAND)


def on_exit(server: Any) -> None:
    if _worker is not None:
        _worker.end()
