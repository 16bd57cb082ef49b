"""An import from its files to its record, for command and background alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

from forumimport import duplicates, importer, indexing, projection
from forumimport.importer import Outcome, Plan
from forumimport.models import ImportRun
from forumimport.sources import Container


def outcomes(
    containers: Iterable[Container],
    plan: Plan,
    run: ImportRun | None,
    heard: Callable[[int], None] | None = None,
) -> Iterator[Outcome]:
    """Import the files and yield what becomes of each thread; the run is then finished.

    Without a ``run`` nothing is written. ``heard`` is told how many bytes are read.
    """
    with ExitStack() as stack:
        if run:
            stack.enter_context(indexing.postponed())
            stack.enter_context(projection.counted_once())
        yield from importer.import_sources(containers, plan=plan, run=run, heard=heard)
    if run:
        duplicates.find(run)
        importer.finish(run)
