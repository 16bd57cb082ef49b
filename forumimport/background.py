"""Imports of uploads in the background: asked for, cancelled, taken up again, carried out.

The queue holds nothing but the run's key: what is to be done, and how far it is, stands in the
run. Every step is a change from one state to another that only one of two who try succeeds in.
"""

from __future__ import annotations

import logging
from collections import deque
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task

from corpus.errors import CorpusError
from forumimport import execution, importer, runs, stating, uploads
from forumimport.importer import pulse
from forumimport.models import ImportProblem, ImportRun

State = ImportRun.State

#: A run that shows no sign of life for so long has ended without a word, if nothing is known of
#: its process: the largest document that is read is segmented in less.
SILENT = timedelta(minutes=15)
_log = logging.getLogger(__name__)


def ask(run: ImportRun) -> bool:
    """Have the run's uploads imported by a worker: for the first time, or what is left of them.

    Tell whether that was possible: of two who ask at once, one is told no.
    """
    before = run.state
    if before == State.RUNNING and not is_interrupted(run):
        return False
    if before not in (State.PREVIEW, State.RUNNING, State.CANCELLED, State.FAILED):
        return False
    if not run.staged.exists():
        return False
    runs.tie(run)
    asked = _changed(
        ImportRun.objects.filter(pk=run.pk, state=before, alive=run.alive),
        run,
        state=State.WAITING,
        stopping=False,
        finished=None,
        since=timezone.now(),
    )
    if asked:
        transaction.on_commit(lambda: import_uploads.enqueue(run.pk))
    return asked


def cancel(run: ImportRun) -> bool:
    """Cancel a run that waits, or let one that is at work stop after its present batch."""
    rows = ImportRun.objects.filter(pk=run.pk)
    if run.state == State.RUNNING and is_interrupted(run):
        return _changed(rows.filter(alive=run.alive), run, state=State.CANCELLED, stopping=False)
    waiting = rows.filter(state__in=(State.PREVIEW, State.WAITING))
    # Behind the reading everything is stored, and nothing left that could be cancelled.
    reading = rows.filter(state=State.RUNNING, doing=ImportRun.Doing.READING)
    return _changed(waiting, run, state=State.CANCELLED) or _changed(reading, run, stopping=True)


def is_interrupted(run: ImportRun) -> bool:
    """Whether a run that should be at work is not: its process was killed, or fell silent."""
    return run.state == State.RUNNING and _without_life(run)


def is_broken_off(run: ImportRun) -> bool:
    """Whether the process that was to withdraw a run was killed, or fell silent."""
    return run.state == State.WITHDRAWING and bool(run.process) and _without_life(run)


def _without_life(run: ImportRun) -> bool:
    if not run.process or run.alive is None or pulse.is_gone(run.process):
        return True
    return run.alive < timezone.now() - SILENT


def carry_out(key: int) -> None:
    """Import the uploads of a run that waits for it; nothing if it does so no more."""
    now = timezone.now()
    waiting = ImportRun.objects.filter(pk=key, state=State.WAITING)
    if not waiting.update(state=State.RUNNING, since=now, alive=now, process=pulse.process()):
        return
    run = ImportRun.objects.get(pk=key)
    try:
        containers = uploads.containers(run)
        importer.resume(run, sum(container.size for container in containers))
        # Outcomes are counted in the run; here nobody looks at each.
        deque(execution.outcomes(containers, stating.plan_of_run(run), run), maxlen=0)
    except CorpusError as error:
        _end(run, str(error))
        return
    except Exception as error:
        _log.exception("Import run %s failed.", key)
        _fail(run, error)
        raise
    except BaseException:
        # The worker was told to end: known to be interrupted at once.
        pulse.at_work(run).update(process="")
        raise
    if run.state == State.FINISHED:
        uploads.let_go(run.staged.all())


@task()
def import_uploads(run: int) -> None:
    """What a worker does: import the uploads of the run with that key."""
    carry_out(run)


def _fail(run: ImportRun, error: Exception) -> None:
    _end(
        run,
        f"The import ended early by {type(error).__name__} ({str(error)[:500]}); what is stored "
        "stays, and it can be gone on with.",
    )


def _end(run: ImportRun, reason: str) -> None:
    ImportProblem.objects.create(
        run=run, kind=ImportProblem.Kind.FAILED, origin=f"import {run.pk}", reason=reason
    )
    running = ImportRun.objects.filter(pk=run.pk, state=State.RUNNING)
    running.update(state=State.FAILED, finished=timezone.now())


def _changed(rows: QuerySet[ImportRun], run: ImportRun, **values: object) -> bool:
    changed = rows.update(**values)
    run.refresh_from_db()
    return changed == 1
