"""Haystack's ``update_index``, with a way to index only what waits for it."""

from __future__ import annotations

from argparse import ArgumentParser
from importlib.util import find_spec
from typing import Any

from django.core.management.base import CommandError
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
        if options.pop("pending", False):
            done = indexing.catch_up()
            self.stdout.write(f"Indexed {done} changes that waited.")
            return
        if options.get("workers"):
            # Haystack would send them the model by a name under which machina's is not found.
            self.stderr.write(
                "update_index writes with one process; rebuild_index can use several."
            )
            options["workers"] = 0
        if (options.get("start_date") or options.get("end_date")) and not find_spec("dateutil"):
            raise CommandError(
                "Haystack reads --start and --end with dateutil: pip install python-dateutil."
            )
        super().handle(**options)
