"""A whole import taken back: what it brought goes, from corpus, forum and index."""

from __future__ import annotations

import logging
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import Error, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from corpus.errors import CorpusError
from corpus.models import SourceDocument, Speaker, Thread, Utterance
from forumimport import indexing, projection, uploads
from forumimport.importer import pulse
from forumimport.models import ImportedContainer, ImportProblem, ImportRun
from forumimport.progress import Progress

State = ImportRun.State

#: Threads that go in one transaction, and posts, unless one thread has more.
_BATCH, _POSTS = 50, 5_000
#: Posts of a run that are withdrawn while somebody waits for it: they take a second or two.
_AT_ONCE = 2_000
_log = logging.getLogger(__name__)
#: Threads that are named before a run is withdrawn.
NAMED = 100


class NotWithdrawn(CorpusError):
    """A run that cannot be withdrawn now; the message says why."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A thread of a run that people worked on, and how much of their work goes with it."""

    thread: Thread
    steps: int
    annotations: int


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What withdrawing a run takes away: whole threads, additions to threads that stay, and work.

    ``losses`` names the first :data:`NAMED` threads that were curated or annotated, ``worked_on``
    counts all of them.
    """

    threads: int
    additions: int
    worked_on: int
    losses: tuple[Loss, ...]


def preview(run: ImportRun) -> Withdrawal:
    """Return what withdrawing the run would take away; changes nothing.

    A thread that stays keeps its history: it loses what was annotated on the added documents.
    """
    whole, parts = _whole(run), _parts(run)
    curated = whole.annotate(
        steps=Count("events", distinct=True),
        coded=Count("documents__annotations", distinct=True),
    ).filter(Q(steps__gt=0) | Q(coded__gt=0))
    added = Q(documents__in=parts.order_by().values("pk"))
    staying = (
        _threads(run)
        .exclude(pk__in=whole.order_by().values("pk"))
        .annotate(coded=Count("documents__annotations", filter=added, distinct=True))
        .filter(coded__gt=0)
        .order_by("pk")
    )
    losses = [Loss(thread, thread.steps, thread.coded) for thread in curated[:NAMED]]
    losses += [Loss(thread, 0, thread.coded) for thread in staying[: NAMED - len(losses)]]
    worked_on = curated.count() + staying.count()
    return Withdrawal(whole.count(), parts.count(), worked_on, tuple(losses))


def hindrance(run: ImportRun) -> str:
    """Return why the run cannot be withdrawn now, in one sentence; empty if it can."""
    if run.state == State.WITHDRAWN:
        return _("Import %(run)s is withdrawn already.") % {"run": run.pk}
    if run.state == State.PREVIEW:
        return _("Import %(run)s waits for its confirmation and has brought nothing yet.") % {
            "run": run.pk
        }
    if run.state == State.WITHDRAWING:
        # As long as no worker has taken it up, others may.
        if run.process and Progress.of(run).active:
            return _("Import %(run)s is being withdrawn.") % {"run": run.pk}
        return ""
    if Progress.of(run).active:
        return _(
            "Import %(run)s is at work; cancel it first, and withdraw it once it has stopped."
        ) % {"run": run.pk}
    return ""


def ask(run: ImportRun) -> bool:
    """Withdraw the run, now or, where that takes long, by a worker; tell whether it is done.

    Raises:
        NotWithdrawn: as :func:`withdraw` does.
    """
    if _is_small(run):
        withdraw(run)
        return True
    with transaction.atomic():
        _claim(run, process="")
        transaction.on_commit(lambda: withdraw_run.enqueue(run.pk))
    run.refresh_from_db()  # A worker that is none has done it at once.
    return run.state == State.WITHDRAWN


def _is_small(run: ImportRun) -> bool:
    """Whether somebody may wait for it; what was broken off may have left much to index."""
    if run.state == State.WITHDRAWING:
        return False
    brought = Q(document__thread__in=_whole(run).order_by().values("pk"))
    brought |= Q(document__in=_parts(run).order_by().values("pk"))
    return Utterance.objects.filter(brought).count() + indexing.waiting() <= _AT_ONCE


def withdraw(run: ImportRun) -> None:
    """Remove what the run brought in: its threads, and its additions to threads of other runs.

    A thread that a later run added to goes as a whole. May be broken off and called again.

    Raises:
        NotWithdrawn: it is at work, or has nothing that could be withdrawn.
    """
    _claim(run, process=pulse.process())
    try:
        _withdraw(run)
    except BaseException:
        # Known at once to be broken off; by itself only once this process ends, or is silent.
        with suppress(Error):
            _own(run).update(alive=None)
        raise


def _withdraw(run: ImportRun) -> None:
    collections = {*_threads(run).values_list("collection", flat=True), run.collection_id}
    with ExitStack() as stack:
        stack.enter_context(indexing.postponed(partial(_indexed, run)))
        stack.enter_context(projection.counted_once())
        while keys := _some(run):
            with transaction.atomic():
                # In the order in which whoever shows a thread anew takes them.
                list(_locked(keys))
                projection.withdraw(keys)
                Thread.objects.filter(pk__in=keys).delete()
            _gone(run, len(keys))
        for document in _parts(run).select_related("thread").defer("text"):
            with transaction.atomic():
                document.delete()
                projection.project(document.thread_id)
            _gone(run, 1)
    with transaction.atomic():
        _forget_speakers(collections)
        ImportedContainer.objects.filter(run=run).delete()
        _own(run).update(state=State.WITHDRAWN, finished=run.finished or timezone.now())
    run.refresh_from_db()


@task()
def withdraw_run(key: int) -> None:
    """What a worker does: withdraw the run with that key, if it still waits for that."""
    run = ImportRun.objects.filter(pk=key, state=State.WITHDRAWING, process="").first()
    if run is None:
        return
    try:
        withdraw(run)
    except NotWithdrawn:
        _log.info("Import run %s is withdrawn by another process.", key)
    except Exception as error:
        _log.exception("Import run %s could not be withdrawn.", key)
        reason = (
            f"The withdrawal ended early by {type(error).__name__} ({str(error)[:500]}); what is "
            "left can be withdrawn again."
        )
        run.problems.create(kind=ImportProblem.Kind.FAILED, origin=f"import {key}", reason=reason)
        raise


def _claim(run: ImportRun, *, process: str) -> None:
    """See to it that nobody imports for the run any more, nor takes it up again.

    It is withdrawn by the ``process``, or else by the worker that takes it up.
    """
    run.refresh_from_db()
    if reason := hindrance(run):
        raise NotWithdrawn(reason)
    as_seen = ImportRun.objects.filter(
        pk=run.pk, state=run.state, alive=run.alive, process=run.process
    )
    now = timezone.now()
    with transaction.atomic():
        claimed = as_seen.update(
            state=State.WITHDRAWING,
            # One that was interrupted may only have been silent: then it hears that it is to stop.
            stopping=True,
            process=process,
            since=now,
            alive=now,
            turned=now,
            doing=ImportRun.Doing.READING,
            done=0,
            to_do=_whole(run).count() + _parts(run).count(),
        )
        if not claimed:
            run.refresh_from_db()
            raise NotWithdrawn(hindrance(run) or _went_on(run))
        uploads.let_go(run.staged.all())
    run.refresh_from_db()


def _went_on(run: ImportRun) -> str:
    return _("Import %(run)s has gone on meanwhile; nothing was withdrawn.") % {"run": run.pk}


def _own(run: ImportRun) -> QuerySet[ImportRun]:
    """The run, as long as this process withdraws it."""
    return ImportRun.objects.filter(pk=run.pk, state=State.WITHDRAWING, process=pulse.process())


def _some(run: ImportRun) -> list[int]:
    """The first threads that go in one transaction: not many, and not many posts.

    With the threads that parts of their documents were split off to: of a document that is gone
    nobody knows its parts.
    """
    first = list(_whole(run).values_list("pk", flat=True)[:_BATCH])
    posts = Utterance.objects.filter(document__thread__in=first).values("document__thread")
    sizes = dict(posts.order_by().annotate(n=Count("pk")).values_list("document__thread", "n"))
    room, chosen = _POSTS, first[:1]
    for key in first:
        room -= sizes.get(key, 0)
        if room > 0 and key not in chosen:
            chosen.append(key)
    copies = SourceDocument.objects.filter(
        order=0, copy_of__thread__in=chosen, copy_of__imported__run=run
    )
    return sorted({*chosen, *copies.values_list("thread", flat=True)})


def _locked(keys: list[int]) -> QuerySet[Thread, int]:
    rows = Thread.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    return rows.order_by("pk").values_list("pk", flat=True)


def _gone(run: ImportRun, count: int) -> None:
    """Record that so many more are withdrawn, and that somebody is at it."""
    run.done += count
    _own(run).update(done=run.done, alive=timezone.now())


def _indexed(run: ImportRun, done: int, to_do: int) -> None:
    """Record how far the index is."""
    now = timezone.now()
    turned = {} if run.doing == ImportRun.Doing.INDEXING else {"turned": now}
    run.doing = ImportRun.Doing.INDEXING
    _own(run).update(doing=run.doing, done=done, to_do=to_do, alive=now, **turned)


def _threads(run: ImportRun) -> QuerySet[Thread]:
    # Each once, without DISTINCT.
    return Thread.objects.filter(
        Q(pk__in=run.documents.values("document__thread")) | Q(pk__in=_parted(run))
    )


def _whole(run: ImportRun) -> QuerySet[Thread]:
    """Threads whose first document the run brought."""
    firsts = SourceDocument.objects.filter(order=0, imported__run=run)
    return Thread.objects.filter(
        Q(pk__in=firsts.values("thread")) | Q(pk__in=_parted(run))
    ).order_by("pk")


def _parted(run: ImportRun) -> QuerySet[Any, Any]:
    """The threads that begin with a part of a document that the run brought."""
    copies = SourceDocument.objects.filter(order=0, copy_of__imported__run=run)
    return copies.values("thread")


def _parts(run: ImportRun) -> QuerySet[SourceDocument]:
    """Documents that the run added to threads of other runs."""
    added = SourceDocument.objects.filter(imported__run=run)
    firsts = SourceDocument.objects.filter(order=0, imported__run=run)
    return added.exclude(thread__in=firsts.values("thread")).order_by("pk")


def _forget_speakers(collections: set[int | None]) -> None:
    """Let speakers go who say nothing any more, and whom nobody gave a pseudonym."""
    idle = Speaker.objects.filter(collection__in=collections, pseudonym="").exclude(
        pk__in=Utterance.objects.exclude(speaker=None).values("speaker")
    )
    idle.delete()
