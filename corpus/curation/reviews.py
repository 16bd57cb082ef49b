"""Keeps count of what is unsure in each thread, for the curators' queue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from corpus.conf import unsure_below
from corpus.models import Flag, State, Thread, ThreadReview, Utterance

#: What is counted of a thread.
COUNTS = ("posts", "unsure", "least", "flags")
#: Threads counted by one query.
_BATCH = 200


def refresh(threads: Iterable[int]) -> None:
    """Count these threads anew."""
    keys = iter(threads)
    while batch := list(islice(keys, _BATCH)):
        ThreadReview.objects.bulk_create(
            _counted(batch),
            update_conflicts=True,
            unique_fields=["thread"],
            update_fields=COUNTS,
        )


def complete() -> None:
    """Count the threads that nothing has counted yet: those that an import brought."""
    refresh(Thread.objects.filter(review=None).order_by("pk").values_list("pk", flat=True))


def stale() -> Iterator[tuple[ThreadReview, ThreadReview]]:
    """Yield each review that does not count what is there, and what it should be."""
    kept = ThreadReview.objects.select_related("thread").order_by("pk")
    reviews = iter(kept.iterator(chunk_size=_BATCH))
    while batch := list(islice(reviews, _BATCH)):
        counted = _counted([review.thread_id for review in batch])
        for review, real in zip(batch, counted, strict=True):
            if any(getattr(review, name) != getattr(real, name) for name in COUNTS):
                yield review, real


def see(thread: Thread) -> None:
    """Note that a curator has opened the thread."""
    ThreadReview.objects.filter(thread=thread, seen=None).update(seen=timezone.now())


def _counted(threads: list[int]) -> Iterator[ThreadReview]:
    automatic = Q(state=State.AUTOMATIC)
    rows = Utterance.objects.filter(document__thread__in=threads).order_by()
    found: dict[int, dict[str, Any]] = {
        row["document__thread"]: {name: row[name] for name in ("posts", "unsure", "least")}
        for row in rows.values("document__thread").annotate(
            posts=Count("pk"),
            unsure=Count("pk", filter=automatic & Q(confidence__lt=unsure_below())),
            least=Min("confidence", filter=automatic),
        )
    }
    flags = dict(
        Flag.objects.filter(document__thread__in=threads)
        .order_by()
        .values_list("document__thread")
        .annotate(Count("pk"))
    )
    for thread in threads:
        yield ThreadReview(thread_id=thread, flags=flags.get(thread, 0), **found.get(thread, {}))
