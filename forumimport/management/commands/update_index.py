"""Haystack's ``update_index``, with a way to index only what waits for it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from haystack.management.commands.update_index import Command as UpdateIndex

from forumimport import indexing


class Command(UpdateIndex):
    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--pending",
            action="store_true",
            help="Index only the posts that could not be indexed when they changed.",
        )

    def handle(self, **options: Any) -> None:
        if not options.pop("pending", False):
            super().handle(**options)
            return
        done = indexing.catch_up()
        self.stdout.write(f"Indexed {done} changes that waited.")
