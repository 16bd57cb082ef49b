"""Ctrl-C and SIGTERM while a command runs: it puts away what it is at, says so, and ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(KeyboardInterrupt):
    """The process was told to end; ``status`` is what shells expect it to exit with."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


@contextmanager
def raised() -> Iterator[None]:
    """Raise :class:`Interrupted` where the block is when the process is told to end.

    A signal that was not to end it, such as Ctrl-C under nohup, does not so here either.
    """
    with _handled(_raise, only={signal.SIG_DFL, signal.default_int_handler}):
        yield


@contextmanager
def put_off() -> Iterator[None]:
    """Let a second signal not break off what the first one has begun; only for what is short."""
    with _handled(signal.SIG_IGN):
        yield


def _raise(number: int, _frame: Any) -> None:
    raise Interrupted(number)


@contextmanager
def _handled(handler: Any, only: set[Any] | None = None) -> Iterator[None]:
    before = {}
    if threading.current_thread() is threading.main_thread():  # No other may set one.
        for number in _SIGNALS:
            found = signal.getsignal(number)
            if found is not None and (only is None or found in only):
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, found in before.items():
            signal.signal(number, found)
