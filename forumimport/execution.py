"""An import from its files to its record, for command and background alike."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack
from functools import partial

from forumimport import duplicates, importer, indexing, projection
from forumimport.importer import Outcome, Plan
from forumimport.importer.pulse import Doing, Pulse
from forumimport.models import ImportRun
from forumimport.sources import Container


def outcomes(
    containers: Iterable[Container],
    plan: Plan,
    run: ImportRun | None,
    heard: Callable[[int], None] | None = None,
    told: Callable[[Doing, int, int], None] | None = None,
) -> Generator[Outcome]:
    """Import the files and yield what becomes of each thread; the run is then finished.

    Without a ``run`` nothing is written. ``heard`` is told how many bytes are read, ``told`` how
    far the work is that follows.
    """
    pulse = Pulse(run, heard, told)
    with ExitStack() as stack:
        if run:
            stack.enter_context(indexing.postponed(partial(pulse.behind, Doing.INDEXING)))
            stack.enter_context(projection.counted_once())
        stopped = yield from importer.import_sources(containers, plan=plan, run=run, pulse=pulse)
    if run:
        duplicates.find(run, partial(pulse.behind, Doing.COMPARING))
        importer.finish(run, stopped=stopped)
