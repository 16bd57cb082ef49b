"""Rebuild the search index: beside the old one, where the engine can, so that search goes on."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from haystack import connections
from haystack.exceptions import SearchBackendError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

#: More processes gain little: they share the disk, and the exchange is one's work.
_MOST = 4


class Command(BaseCommand):
    """Haystack's command of the same name, for connections that can do better than clearing."""

    help = "Rebuilds the search index from scratch while the old one goes on answering."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--noinput",
            "--no-input",
            action="store_false",
            dest="interactive",
            help="Ask nothing. (Only engines that clear the index first do ask.)",
        )
        parser.add_argument(
            "-u",
            "--using",
            action="append",
            default=[],
            help="Rebuild only the named connection (can be given several times).",
        )
        parser.add_argument(
            "-k",
            "--workers",
            type=int,
            default=min(os.cpu_count() or 1, _MOST),
            help="Processes that write at once (%(default)s).",
        )
        parser.add_argument("-b", "--batch-size", dest="batchsize", type=int, help="As haystack's.")

    def handle(self, **options: Any) -> None:
        for using in options["using"] or connections.connections_info:
            backend = connections[using].get_backend()
            if hasattr(backend, "rebuild"):
                self._rebuild(using, backend, options["workers"], options["verbosity"])
            else:
                shared = {"using": [using], "verbosity": options["verbosity"]}
                call_command("clear_index", interactive=options["interactive"], **shared)
                call_command("update_index", batchsize=options["batchsize"], **shared)

    def _rebuild(self, using: str, backend: Any, workers: int, verbosity: int) -> None:
        tasks: dict[str, Any] = {}
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not verbosity,
        ) as progress:

            def show(model: str, done: int, total: int) -> None:
                if model not in tasks:
                    tasks[model] = progress.add_task(model, total=total, rate="")
                elapsed = progress.tasks[tasks[model]].elapsed or 0
                rate = f"{done / elapsed:.0f}/s" if elapsed else ""
                progress.update(tasks[model], completed=done, rate=rate)

            try:
                count = backend.rebuild(processes=workers, progress=show)
            except SearchBackendError as error:
                raise CommandError(str(error)) from error
        if verbosity:
            self.stdout.write(f"Rebuilt the index of “{using}”: {count} documents.")
