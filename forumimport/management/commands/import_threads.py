"""Import threads from files, folders, archives or standard input."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from corpus.errors import CorpusError
from corpus.terminal import shown
from forumimport import importer, indexing, projection, readers, report, sources
from forumimport.importer import Created, Failed, Grown, Known, Outcome, Plan, Skipped
from forumimport.management.progress import Progress
from forumimport.management.stating import add_arguments, choice_of, kept, plan_of
from forumimport.models import ImportRun
from forumimport.report import Entry
from forumimport.sources import Container


class Command(BaseCommand):
    help = (
        "Import threads: recover posts, quotations and reply links, store them and show them "
        "in the forum. What was imported before is skipped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["formats"]:
            self._list_formats()
            return
        try:
            plan, choice = plan_of(options), choice_of(options)
        except CorpusError as error:
            raise CommandError(str(error)) from error
        containers = list(sources.opened(sources.files(options["paths"], choice), choice))
        options["paths"] = [sources.printable(path) for path in options["paths"]]
        if not containers:
            raise CommandError(
                f"No threads in {', '.join(options['paths']) or 'nothing'}: name files or folders; "
                f"from a folder, files ending in {', '.join(sources.endings())} are taken."
            )
        if options["report"]:
            self._write_report(options["report"], "")  # Before the work: may it be written?
        run = None
        if not options["dry_run"]:
            size = sum(container.size for container in containers)
            run = importer.start_run(kept(options), total_bytes=size)
        entries = self._import(containers, plan, run, options)
        if options["report"]:
            content = json.dumps(report.as_json(run, entries), ensure_ascii=False, indent=2)
            self._write_report(options["report"], f"{content}\n")
        self.stdout.write(report.last_line(entries, dry_run=options["dry_run"]))
        if any(entry.outcome == "failed" for entry in entries):
            sys.exit(1)

    def _import(
        self,
        containers: list[Container],
        plan: Plan,
        run: ImportRun | None,
        options: dict[str, Any],
    ) -> list[Entry]:
        with ExitStack() as stack:
            if run:
                stack.enter_context(indexing.postponed())
                stack.enter_context(projection.counted_once())
            progress = stack.enter_context(Progress(containers))
            outcomes = importer.import_sources(progress.opened(), plan=plan, run=run)
            entries = self._tell(
                progress.counted(outcomes),
                verbosity=options["verbosity"],
                dry_run=options["dry_run"],
            )
        if run:
            importer.finish(run)
        return entries

    def _tell(self, outcomes: Iterable[Outcome], *, verbosity: int, dry_run: bool) -> list[Entry]:
        """Say what happens as it happens, and keep a line of each for the report."""
        entries = []
        talkative = dry_run or verbosity > 1
        for outcome in outcomes:
            entry = report.entry(outcome)
            match outcome:
                case Failed():
                    self.stderr.write(shown(outcome.sentence))
                case Known() if talkative:
                    self.stderr.write(shown(f"{outcome.origin} is already imported to its end."))
                case Skipped(draft, document) if talkative:
                    self.stderr.write(
                        shown(f"{draft.origin} is already imported as “{document.thread}”.")
                    )
                case Created(draft) if dry_run:
                    report.show(draft, Console(file=cast(TextIO, self.stdout)))
            if isinstance(outcome, Created | Grown | Skipped):
                for notice in entry.notices:
                    self.stderr.write(shown(f"{entry.origin}: {notice}"))
            entries.append(entry)
        return entries

    def _list_formats(self) -> None:
        width = max(map(len, readers.READERS))
        for name, reader in sorted(readers.READERS.items()):
            endings = ", ".join(sorted(reader.suffixes))
            self.stdout.write(f"{name:{width}}  {reader.title} ({endings})")

    def _write_report(self, path: Path, content: str) -> None:
        try:
            path.write_text(content, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"Cannot write the report {path}: {error.strerror}.") from error
