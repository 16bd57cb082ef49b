"""Reading and segmentation in several processes, their drafts handed over in the one order.

Every process gets every entry. A small one is read by the process whose turn it is, a large one
by all of them: each segments its share, so that the segmenting, which costs more than the
reading, is divided. What comes out does not depend on how many there are.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import Empty
from typing import Any

from corpus.errors import CorpusError
from forumimport.worker import END, work

#: Chunks of drafts that a process may be ahead.
_AHEAD = 8
#: Entries that processes are told of before their turn.
_ENTRIES = 4
#: Seconds after which a silent process is looked after.
_PATIENCE = 1.0


class WorkerLost(CorpusError):
    """A process ended before its work; the message says what to do."""


@dataclass(slots=True)
class _Worker:
    process: Any
    tasks: Any
    results: Any

    def next(self) -> Any:
        while True:
            with suppress(Empty):
                return self.results.get(timeout=_PATIENCE)
            if not self.process.is_alive():
                raise WorkerLost(
                    "A worker process ended unexpectedly (it may have needed too much memory); "
                    "run the import again, with fewer --workers."
                )


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let a process that starts here not hear of Ctrl-C, which a terminal sends to all: the one
    that writes hears of it, and ends the others."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass(slots=True)
class Workers:
    """So many processes, to be used in a ``with`` statement."""

    count: int
    plan: Any
    #: Told how many bytes of the present entry are read.
    heard: Callable[[int], None]
    workers: list[_Worker] = field(default_factory=list)
    told: int = 0

    def __enter__(self) -> Workers:
        # Spawned: a forked process would share the database connection.
        context = multiprocessing.get_context("spawn")
        for number in range(self.count):
            tasks, results = context.Queue(), context.Queue(_AHEAD)
            process = context.Process(
                target=work, args=(number, self.count, tasks, results), daemon=True
            )
            with _without_interrupts():
                process.start()
            tasks.put(self.plan)
            self.workers.append(_Worker(process, tasks, results))
        return self

    def __exit__(self, *_error: object) -> None:
        for worker in self.workers:
            worker.process.terminate()
            worker.process.join()
            for queue in (worker.tasks, worker.results):
                queue.cancel_join_thread()
                queue.close()

    def ahead(self, entries: Iterable[tuple[Any, bool]]) -> Iterator[tuple[Any, Iterator[Any]]]:
        """Yield each entry with its drafts, segmented; ``bool`` says whether to read it at all."""
        waiting: deque[tuple[Any, Iterator[Any]]] = deque()
        for entry, wanted in entries:
            waiting.append((entry, self._told(entry) if wanted else iter(())))
            if len(waiting) > _ENTRIES * self.count:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()

    def _told(self, entry: Any) -> Iterator[Any]:
        shared = entry.remembered
        turn = self.told % self.count
        self.told += 1
        for number, worker in enumerate(self.workers):
            if shared or number == turn:
                worker.tasks.put((entry.entry, shared))
        return self._shared() if shared else self._from(self.workers[turn])

    def _from(self, worker: _Worker) -> Iterator[Any]:
        while (found := worker.next()) is not END:
            yield from self._chunk(*found)

    def _shared(self) -> Iterator[Any]:
        at = 0
        while (found := self.workers[at % self.count].next()) is not END:
            yield from self._chunk(*found)
            at += 1
        for number, worker in enumerate(self.workers):
            if number != at % self.count and worker.next() is not END:
                raise WorkerLost("Worker processes read the same file differently; run it again.")

    def _chunk(self, read: int, drafts: Iterable[Any]) -> Iterable[Any]:
        self.heard(read)
        return drafts
