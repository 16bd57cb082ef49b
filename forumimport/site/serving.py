"""Gunicorn's settings for `make run`: beside the server a worker imports uploads in the background,
and ends with it."""

import subprocess
import sys
from typing import Any

#: Seconds in which the worker may come to an end by itself.
_PATIENCE = 5

_worker: subprocess.Popen[bytes] | None = None


def when_ready(server: Any) -> None:
    global _worker
    command = [sys.executable, "manage.py", "db_worker", "--verbosity", "0", "--no-reload"]
    # In a session of its own: interrupted together with the server it would begin to wait for
    # the end of its import.
    _worker = subprocess.Popen(command, start_new_session=True)  # noqa: S603


def on_exit(server: Any) -> None:
    if _worker is None:
        return
    # Asked twice, it leaves an import where it is; that can be gone on with.
    for _time in range(2):
        _worker.terminate()
        try:
            _worker.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            continue
        return
    _worker.kill()
