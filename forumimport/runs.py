"""Import runs as others see them: who may, and a way to narrow the curators' queue."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.models import Collection, SourceDocument, Thread
from corpus.queue import Choice, Filter
from forumimport.models import ImportedDocument, ImportRun

#: The latest runs are offered; curators work on what came in lately.
_OFFERED = 50


def open_to(user: Any) -> QuerySet[ImportRun]:
    """Return the runs that neither brought nor are to bring anything into a closed collection.

    A run that waits for its confirmation has no documents yet, only the name of its collection.
    """
    runs, hidden = ImportRun.objects.all(), access.closed(user)
    if not hidden:
        return runs
    names = list(Collection.objects.filter(pk__in=hidden).values_list("name", flat=True))
    meant = ImportRun.objects.filter(arguments__collection__in=names)
    return runs.exclude(documents__document__thread__collection__in=hidden).exclude(
        pk__in=meant.values("pk")
    )


def may_fill(user: Any, collection: str) -> bool:
    """Tell whether the user may import into the collection of that name, or begin it."""
    hidden = access.closed(user)
    return not Collection.objects.filter(name=collection, pk__in=hidden).exists()


def queue_filter() -> Filter:
    return Filter("run", _("Import run"), _runs, _brought)


def _runs(user: Any) -> list[Choice]:
    threads = access.open_to(user, Thread.objects.all(), "collection")
    brought = ImportedDocument.objects.filter(run=OuterRef("pk"), document__thread__in=threads)
    rows = ImportRun.objects.filter(Exists(brought)).order_by("-pk")[:_OFFERED]
    return [
        (str(row.pk), f"{row.pk}: {date_format(localtime(row.started), 'DATETIME_FORMAT')}")
        for row in rows
    ]


def _brought(rows: QuerySet[Thread], value: str) -> QuerySet[Thread]:
    brought = ImportedDocument.objects.filter(run__in=[value])
    parted = SourceDocument.objects.filter(copy_of__imported__run__in=[value])
    return rows.filter(
        Q(pk__in=brought.values("document__thread")) | Q(pk__in=parted.values("thread"))
    )
