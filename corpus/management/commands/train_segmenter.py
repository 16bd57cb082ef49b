"""Make the weights of structure recovery from threads whose structure is known."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from corpus.models import Boilerplate, SourceDocument, Utterance
from corpus.models.basis import State
from corpus.segmentation.learning import threads, training, weights
from corpus.segmentation.learning.libraries import MissingLibrary
from corpus.segmentation.learning.threads import KnownPost, KnownThread


class Command(BaseCommand):
    help = (
        "Learn where posts start, from files of known threads and from documents all of whose "
        "posts a curator has confirmed. The same threads give the same weights."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths",
            nargs="*",
            metavar="PATH",
            type=Path,
            help="known threads, one JSON object a line; may be packed with gzip",
        )
        parser.add_argument(
            "--collection",
            metavar="NAME",
            help="learn from the confirmed documents of this one too",
        )
        parser.add_argument(
            "--note", default="", help="what the threads are and under which licence; kept in FILE"
        )
        parser.add_argument(
            "--output", metavar="FILE", type=Path, required=True, help="where the weights go"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            known = [thread for path in options["paths"] for thread in threads.read(path)]
            known += confirmed(options["collection"]) if options["collection"] else []
            made = training.weights(known, note=options["note"], tell=self.stderr.write)
            options["output"].write_text(weights.written(made), encoding="utf-8")
        except (OSError, ValueError, MissingLibrary) as error:
            raise CommandError(str(error)) from error
        posts = sum(len(thread.posts) for thread in known)
        self.stdout.write(f"Learned from {len(known)} threads, {posts} posts.")


def confirmed(collection: str) -> Iterator[KnownThread]:
    """The documents of ``collection`` all of whose utterances are confirmed."""
    documents = SourceDocument.objects.filter(thread__collection__name=collection).exclude(
        boilerplate__kind=Boilerplate.Kind.ELSEWHERE
    )
    for document in documents.order_by("pk").iterator():
        utterances = Utterance.objects.filter(document=document).in_order()
        if not utterances or any(one.state != State.CONFIRMED for one in utterances):
            continue
        yield KnownThread(
            text=document.text,
            posts=tuple(KnownPost(one.start, one.span) for one in utterances),
            name=f"{collection}/{document.pk}",
            source=collection,
            dialect="curated",
        )
