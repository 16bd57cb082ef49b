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
from forumimport import importer
from forumimport.models import ImportedDocument, ImportRun

#: The latest runs are offered; curators work on what came in lately.
_OFFERED = 50


def open_to(user: Any) -> QuerySet[ImportRun]:
    """Return the runs that neither brought nor are to bring anything into a closed collection.

    A run into a collection that nobody has made yet has only its name. Of a closed collection
    that is gone superusers alone see the runs.
    """
    runs = ImportRun.objects.all()
    if user.is_superuser:
        return runs
    runs, hidden = runs.filter(concealed=False), access.closed(user)
    if not hidden:
        return runs
    names = list(Collection.objects.filter(pk__in=hidden).values_list("name", flat=True))
    meant = ImportRun.objects.filter(
        Q(collection__in=hidden) | Q(collection=None, arguments__collection__in=names)
    )
    brought = runs.exclude(documents__document__thread__collection__in=hidden)
    # Nor a part of a document, which was split off and then closed.
    parted = brought.exclude(documents__document__copies__thread__collection__in=hidden)
    return parted.exclude(pk__in=meant.values("pk"))


def may_fill(user: Any, collection: str) -> bool:
    """Tell whether the user may import into the collection of that name, or begin it."""
    hidden = access.closed(user)
    return not Collection.objects.filter(name=collection, pk__in=hidden).exists()


def may_go_on(user: Any, run: ImportRun) -> bool:
    """Tell whether the user may have the run imported, whatever its collection is called by now."""
    return may_fill(user, importer.collection_of(run))


def collection_saved(collection: Collection) -> None:
    """Tie the runs that wait for a collection of this name to it: it may be renamed.

    Those of a closed one that is gone wait until somebody goes on with them: this may be another's.
    """
    waiting = ImportRun.objects.filter(collection=None, arguments__collection=collection.name)
    waiting.filter(concealed=False).update(collection=collection)


def tie(run: ImportRun) -> None:
    """Tie a run whose collection is gone to the one of that name, if there is one by now."""
    if run.collection_id is None:
        run.collection = Collection.objects.filter(name=importer.collection_of(run)).first()
        run.save(update_fields=["collection"])


def collection_leaves(collection: Collection) -> None:
    """Keep the runs of a closed collection from those it was closed to."""
    if access.is_closed(collection):
        ImportRun.objects.filter(collection=collection).update(concealed=True)


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
