"""Import thread text from files, folders or standard input."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from corpus.terminal import shown
from forumimport import conf, importer, indexing, projection, readers, report, sources
from forumimport.importer import Created, Failed, Outcome, Skipped
from forumimport.report import Entry


class Command(BaseCommand):
    help = (
        "Import thread text: recover posts, quotations and reply links, store them and show them "
        "in the forum. What was imported before is skipped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths",
            nargs="+",
            metavar="PATH",
            help="file, folder (searched recursively), or - for standard input",
        )
        parser.add_argument(
            "--collection",
            metavar="NAME",
            default=conf.default_collection(),
            help="collection that the threads go to; created if new (default: %(default)s)",
        )
        parser.add_argument(
            "--format",
            choices=[readers.AUTO, *readers.READERS],
            default=readers.AUTO,
            help="format of the files (default: told from each file)",
        )
        parser.add_argument(
            "--encoding", metavar="NAME", help="character encoding of the files (default: told)"
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="show the recovered structure and write nothing",
        )
        parser.add_argument(
            "--hold",
            action="store_true",
            help="keep the posts from readers until a curator releases them",
        )
        parser.add_argument(
            "--report", metavar="FILE", type=Path, help="write what happened as JSON"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if len(options["collection"]) > 100 or not options["collection"].strip():
            raise CommandError("--collection needs a name of 1 to 100 characters.")
        names = list(sources.files(options["paths"]))
        options["paths"] = [sources.printable(path) for path in options["paths"]]
        if not names:
            raise CommandError(
                f"No thread text in {', '.join(options['paths'])}: from a folder, files ending in "
                f"{', '.join(sorted(readers.suffixes()))} are taken."
            )
        if options["report"]:
            self._write_report(options["report"], "")  # Before the work: may it be written?
        run = None
        if not options["dry_run"]:
            kept = ("paths", "collection", "format", "encoding", "hold")
            run = importer.start_run({name: options[name] for name in kept})
        outcomes = importer.import_sources(
            sources.opened(self._with_progress(names)),
            collection=options["collection"],
            run=run,
            format=options["format"],
            encoding=options["encoding"],
            hold=options["hold"],
        )
        with ExitStack() as stack:
            if run:
                stack.enter_context(indexing.postponed())
                stack.enter_context(projection.counted_once())
            entries = self._tell(
                outcomes, verbosity=options["verbosity"], dry_run=options["dry_run"]
            )
        if run:
            importer.finish(run)
        if options["report"]:
            content = json.dumps(report.as_json(run, entries), ensure_ascii=False, indent=2)
            self._write_report(options["report"], f"{content}\n")
        self.stdout.write(report.last_line(entries, dry_run=options["dry_run"]))
        if any(entry.outcome == "failed" for entry in entries):
            sys.exit(1)

    def _tell(self, outcomes: Iterable[Outcome], *, verbosity: int, dry_run: bool) -> list[Entry]:
        """Say what happens as it happens, and keep a line of each for the report."""
        entries = []
        for outcome in outcomes:
            match outcome:
                case Failed():
                    self.stderr.write(shown(outcome.reason))
                case Skipped(draft, document) if dry_run or verbosity > 1:
                    self.stderr.write(
                        shown(f"{draft.origin} is already imported as “{document.thread}”.")
                    )
                case Created():
                    for notice in outcome.draft.notices:
                        self.stderr.write(shown(f"{outcome.draft.origin}: {notice}"))
                    if dry_run:
                        report.show(outcome.draft, Console(file=cast(TextIO, self.stdout)))
            entries.append(report.entry(outcome))
        return entries

    def _with_progress(self, names: list[str]) -> Iterator[str]:
        """Show a bar on a terminal for more than a moment's work; plain elsewhere."""
        console = Console(stderr=True)
        if len(names) < 2 or not console.is_terminal:
            yield from names
            return
        with Progress(
            TextColumn("Importing"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        ) as progress:
            yield from progress.track(names)

    def _write_report(self, path: Path, content: str) -> None:
        try:
            path.write_text(content, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"Cannot write the report {path}: {error.strerror}.") from error
