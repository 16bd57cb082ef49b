"""Make the weights that tell quotations from other repeated words."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from corpus.segmentation.learning import quoting, threads
from corpus.segmentation.learning.libraries import MissingLibrary


class Command(BaseCommand):
    help = (
        "Learn which unmarked copies are quotations, from files of known threads. "
        "The same threads give the same weights."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths",
            nargs="+",
            metavar="PATH",
            type=Path,
            help="known threads, one JSON object a line; may be packed with gzip",
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
            made = quoting.weights(known, note=options["note"])
            options["output"].write_text(quoting.written(made), encoding="utf-8")
        except (OSError, ValueError, KeyError, MissingLibrary) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Learned from {len(known)} threads.")
