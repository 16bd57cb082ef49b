"""The worker beside the server of `make run`."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from forumimport.site import serving


@pytest.fixture
def worker(tmp_path, monkeypatch):
    """A worker that writes down its number and waits, or ends at once."""
    monkeypatch.setattr(serving, "_PAUSE", 0.05)
    begun = []

    def started(then):
        program = f"import os, time; print(os.getpid(), file=open('pids', 'a'), flush=True); {then}"
        monkeypatch.chdir(tmp_path)
        begun.append(serving.Worker([sys.executable, "-c", program]))
        return begun[0]

    yield started
    begun[0].end()


def numbers(count, seconds=20):
    """Wait for so many starts; the processes' numbers."""
    ends = time.monotonic() + seconds
    found = []
    while len(found) < count and time.monotonic() < ends:
        time.sleep(0.05)
        found = Path("pids").read_text().split() if Path("pids").exists() else []
    return [int(number) for number in found]


def test_worker_that_was_killed_is_started_anew_until_the_server_ends(worker):
    process = worker("time.sleep(60)")
    (first,) = numbers(1)
    os.kill(first, signal.SIGKILL)
    _, second = numbers(2)
    process.end()
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)
    assert numbers(3, seconds=0.3) == [first, second]


def test_worker_that_dies_at_once_is_started_after_longer_and_longer_pauses(worker, monkeypatch):
    monkeypatch.setattr(serving, "_PAUSE", 0.2)
    worker("pass")
    # After 0.2, 0.6, 1.4, 3 seconds, and those that each start takes.
    assert 2 <= len(numbers(99, seconds=2)) <= 4
