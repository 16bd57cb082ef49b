"""Check that everything the project promises of stored texts holds."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from corpus import invariants as corpus_invariants
from corpus.curation import reviews
from corpus.invariants import Violation
from corpus.models import Collection, SourceDocument, Thread, ThreadReview
from corpus.terminal import shown
from forumimport import indexing, projection
from forumimport import invariants as forum_invariants


class Command(BaseCommand):
    help = (
        "Check the invariants of the corpus, its forum, its index and the curators' queue, and "
        "list what does not hold. Exit status 1 if anything does not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help=(
                "first make forum, index and the curators' queue show the corpus anew; the corpus "
                "is not changed"
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["repair"]:
            self._repair()
        found = 0
        for violation in _violations():
            found += 1
            self.stdout.write(
                shown(f"Invariant {violation.invariant}: {violation.where}: {violation.what}.")
            )
        for review, real in reviews.stale():
            found += 1
            thread = f"thread {review.thread_id} ({review.thread})"
            self.stdout.write(
                shown(f"Queue: {thread}: it counts {_told(review)}; there are {_told(real)}.")
            )
        documents, threads = SourceDocument.objects.count(), Thread.objects.count()
        self.stdout.write(
            f"Checked {threads} thread(s), {documents} source document(s): "
            + (f"{found} violation(s)." if found else "everything holds.")
        )
        if found:
            sys.exit(1)

    def _repair(self) -> None:
        with indexing.postponed(), projection.counted_once():
            for collection in Collection.objects.order_by("pk"):
                projection.project_collection(collection)
            for key in Thread.objects.order_by("pk").values_list("pk", flat=True).iterator():
                projection.project(key)
            indexing.changed(forum_invariants.misindexed())
        reviews.refresh(Thread.objects.order_by("pk").values_list("pk", flat=True))


def _told(review: ThreadReview) -> str:
    least = "none" if review.least is None else f"{review.least:.3f}"
    return (
        f"{review.posts} post(s), {review.unsure} unsure (the least sure: {least}), "
        f"{review.flags} flag(s)"
    )


def _violations() -> Iterator[Violation]:
    yield from corpus_invariants.violations()
    yield from forum_invariants.violations()
