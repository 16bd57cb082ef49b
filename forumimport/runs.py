"""Import runs as others see them: a way to narrow the curators' queue."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.models import Thread
from corpus.queue import Choice, Filter
from forumimport.models import ImportedDocument, ImportRun

#: The latest runs are offered; curators work on what came in lately.
_OFFERED = 50


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
    return rows.filter(
        pk__in=ImportedDocument.objects.filter(run=int(value)).values("document__thread")
    )
