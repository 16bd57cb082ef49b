"""A whole import taken back: what it brought goes, from corpus, forum and index."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from corpus.errors import CorpusError
from corpus.models import SourceDocument, Speaker, Thread, Utterance
from forumimport import indexing, projection, uploads
from forumimport.models import ImportedContainer, ImportRun
from forumimport.progress import Progress

#: Threads that go in one transaction.
_BATCH = 50
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
    if run.state == ImportRun.State.WITHDRAWN:
        return _("Import %(run)s is withdrawn already.") % {"run": run.pk}
    if run.state == ImportRun.State.PREVIEW:
        return _("Import %(run)s waits for its confirmation and has brought nothing yet.") % {
            "run": run.pk
        }
    if Progress.of(run).active:
        return _(
            "Import %(run)s is at work; cancel it first, and withdraw it once it has stopped."
        ) % {"run": run.pk}
    return ""


def withdraw(run: ImportRun) -> None:
    """Remove what the run brought in: its threads, and its additions to threads of other runs.

    A thread that a later run added to goes as a whole. May be broken off and called again.

    Raises:
        NotWithdrawn: it is at work, or has nothing that could be withdrawn.
    """
    _claim(run)
    collections = set(_threads(run).values_list("collection", flat=True))
    with ExitStack() as stack:
        stack.enter_context(indexing.postponed())
        stack.enter_context(projection.counted_once())
        for keys in iter(lambda: list(_whole(run).values_list("pk", flat=True)[:_BATCH]), []):
            with transaction.atomic():
                for thread in Thread.objects.filter(pk__in=keys):
                    thread.delete()
        for document in _parts(run).select_related("thread").defer("text"):
            with transaction.atomic():
                document.delete()
                projection.project(document.thread_id)
    with transaction.atomic():
        _forget_speakers(collections)
        ImportedContainer.objects.filter(run=run).delete()
        run.state, run.finished = ImportRun.State.WITHDRAWN, run.finished or timezone.now()
        run.save(update_fields=["state", "finished"])


def _claim(run: ImportRun) -> None:
    """See to it that nobody imports for the run any more, nor takes it up again."""
    run.refresh_from_db()
    if reason := hindrance(run):
        raise NotWithdrawn(reason)
    state = ImportRun.State
    ended = state.CANCELLED if run.state == state.RUNNING else run.state
    as_seen = ImportRun.objects.filter(pk=run.pk, state=run.state, alive=run.alive)
    with transaction.atomic():
        # One that was interrupted may only have been silent: then it hears that it is to stop.
        if not as_seen.update(state=ended, stopping=True):
            raise NotWithdrawn(
                _("Import %(run)s has gone on meanwhile; nothing was withdrawn.") % {"run": run.pk}
            )
        uploads.let_go(run.staged.all())


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


def _forget_speakers(collections: set[int]) -> None:
    """Let speakers go who say nothing any more, and whom nobody gave a pseudonym."""
    idle = Speaker.objects.filter(collection__in=collections, pseudonym="").exclude(
        pk__in=Utterance.objects.exclude(speaker=None).values("speaker")
    )
    idle.delete()
