"""Files that were read to their end are known by their bytes and not read again."""

from __future__ import annotations

from django.utils import timezone

from corpus.models import Thread
from forumimport.importer.plan import Plan
from forumimport.importer.runs import program_version
from forumimport.models import ImportedContainer, ImportRun
from forumimport.outcomes import Failed, Known
from forumimport.sources import Container


def begun(entry: Container, plan: Plan, run: ImportRun) -> ImportedContainer | Known | Failed:
    """Return the record of a file to read, what is known of it if there is no need to, or why not.

    A file of which a thread has been deleted since is read again, and one that only another
    collection has: threads of this one may grow by it.
    """
    try:
        sha256 = entry.digest()
    except OSError as error:
        return Failed(entry.origin, f"{entry.origin} cannot be read: {error.strerror}.")
    record, made = ImportedContainer.objects.get_or_create(
        sha256=sha256,
        reading=plan.reading(program_version() + entry.filters),
        defaults={"run": run, "origin": entry.origin},
    )
    if record.run.state == ImportRun.State.WITHDRAWING:
        return Failed(
            entry.origin,
            f"{entry.origin} was read by import {record.run_id}, which is being withdrawn; import "
            "it when that is done.",
        )
    complete = not made and record.finished and record.brought.count() == record.documents
    if complete and not _may_grow(record, plan.collection):
        return Known(entry.origin, sha256, record.documents, record.run_id, record.left_out)
    return record


def _may_grow(record: ImportedContainer, collection: str) -> bool:
    """Whether a collection that has threads has none from this file, which brought others some."""
    if not record.documents:
        return False
    here = Thread.objects.filter(collection__name=collection)
    return here.exists() and not record.brought.filter(document__thread__in=here).exists()


def finish(record: ImportedContainer, left_out: int) -> None:
    """Record that the file was read to its end, and how many threads were left out of it."""
    record.documents = record.brought.count()
    record.left_out = left_out
    record.finished = timezone.now()
    record.save(update_fields=["documents", "left_out", "finished"])
