"""Import threads from files, folders, archives or standard input."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.db.utils import Error, OperationalError
from rich.console import Console

from corpus.errors import CorpusError
from corpus.terminal import shown
from forumimport import execution, importer, readers, report, sources
from forumimport.importer import Created, Failed, Grown, Known, Outcome, Plan, Skipped
from forumimport.management import interruption
from forumimport.management.arguments import add_arguments
from forumimport.management.progress import Progress
from forumimport.models import ImportRun
from forumimport.report import Entry, JsonReport, Tally
from forumimport.sources import Container
from forumimport.stating import choice_of, kept, plan_of


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
        with interruption.raised():
            try:
                self._handle(options)
            except interruption.Interrupted as ending:
                self.stderr.write(report.interrupted_line(0, dry_run=options["dry_run"]))
                sys.exit(ending.status)

    def _handle(self, options: dict[str, Any]) -> None:
        try:
            plan, choice = plan_of(options), choice_of(options)
        except CorpusError as error:
            raise CommandError(str(error)) from error
        containers = list(sources.opened(sources.files(options["paths"], choice), choice))
        options["paths"] = [sources.printable(path) for path in options["paths"]]
        if not containers:
            raise CommandError(_nothing_in(options["paths"], choice))
        run, tally, dry_run = None, Tally(), options["dry_run"]
        with ExitStack() as stack:
            told = self._report(options["report"], stack)  # Before the work: may it be written?
            if not dry_run:
                size = sum(container.size for container in containers)
                run = importer.start_run(kept(options), total_bytes=size)
            try:
                self._import(containers, plan, run, told, tally, options)
                summary = report.last_line(tally, dry_run=dry_run)
                if told:
                    told.close(run, state=run.state if run else None, summary=summary)
            except CorpusError as error:
                _leave(run, told, tally, str(error))
                raise CommandError(str(error)) from error
            except (OperationalError, OSError) as error:
                why = (
                    f"The import ended early: {str(error).rstrip('.')}. What is stored stays; once "
                    "there is room, or the database answers, run it again to complete it."
                )
                _leave(run, told, tally, why)
                raise CommandError(why) from error
            except interruption.Interrupted as ending:
                with interruption.put_off():
                    threads = _leave(run, told, tally)
                    self.stderr.write(report.interrupted_line(threads, dry_run=dry_run))
                    stack.close()
                sys.exit(ending.status)
        self._talk.write(summary)
        if tally.failed:
            sys.exit(1)

    def _import(
        self,
        containers: list[Container],
        plan: Plan,
        run: ImportRun | None,
        told: JsonReport | None,
        tally: Tally,
        options: dict[str, Any],
    ) -> None:
        with ExitStack() as stack:
            progress = stack.enter_context(Progress(containers))
            outcomes = execution.outcomes(containers, plan, run, progress.read, progress.behind)
            stack.enter_context(closing(outcomes))
            for outcome in progress.counted(outcomes):
                entry = report.entry(outcome)
                tally.add(entry)
                if told:
                    told.add(entry)
                self._tell(outcome, entry, options)

    def _tell(self, outcome: Outcome, entry: Entry, options: dict[str, Any]) -> None:
        """Say what happens as it happens."""
        dry_run = options["dry_run"]
        talkative = dry_run or options["verbosity"] > 1
        match outcome:
            case Failed():
                self.stderr.write(shown(outcome.sentence))
            case Known() if talkative:
                self.stderr.write(shown(f"{outcome.origin} is already imported to its end."))
            case Skipped(draft, document) if talkative:
                where = document.thread.collection.name
                home = "" if where == options["collection"] else f" in the collection “{where}”"
                self.stderr.write(
                    shown(f"{draft.origin} is already imported as “{document.thread}”{home}.")
                )
            case Created(draft) if dry_run:
                report.show(draft, self._console())
            case Grown(draft, _posts, thread) if dry_run:
                title = f"Added to “{thread.title}”"
                report.show(draft, self._console(), title=title, only=outcome.new)
        for notice in entry.notices:
            self.stderr.write(shown(f"{entry.origin}: {notice}"))

    def _console(self) -> Console:
        return Console(file=cast(TextIO, self._talk))

    def _list_formats(self) -> None:
        width = max(map(len, readers.READERS))
        for name, reader in sorted(readers.READERS.items()):
            endings = ", ".join(sorted(reader.suffixes))
            self.stdout.write(f"{name:{width}}  {reader.title} ({endings})")

    def _report(self, path: Path | None, stack: ExitStack) -> JsonReport | None:
        self._talk = self.stdout
        if path is None:
            return None
        if str(path) == sources.STDIN:
            # What is said besides would be none of the report.
            self._talk, self.stdout.ending = self.stderr, ""
            return JsonReport(cast(TextIO, self.stdout))
        try:
            return JsonReport(stack.enter_context(path.open("w", encoding="utf-8")))
        except OSError as error:
            raise CommandError(f"Cannot write the report {path}: {error.strerror}.") from error


def _leave(run: ImportRun | None, told: JsonReport | None, tally: Tally, why: str = "") -> int:
    """Put run and report away where the import ends early, as far as database and disk allow.

    Return how many threads are stored, as far as that is known.
    """
    with suppress(Error, OSError):
        if run and run.state == ImportRun.State.RUNNING:
            importer.interrupt(run)
    threads = run.threads if run else 0
    with suppress(Error, OSError):
        if told:
            summary = why or report.interrupted_line(threads, dry_run=run is None)
            told.close(run, state="interrupted", summary=summary)
    return threads


def _nothing_in(paths: list[str], choice: sources.Choice) -> str:
    named = ", ".join(paths) or "nothing"
    patterns = [f"--include {one}" for one in choice.include]
    patterns += [f"--exclude {one}" for one in choice.exclude]
    if paths and patterns:
        return (
            f"No threads in {named}: no file in it is chosen by {' '.join(patterns)}; a pattern "
            "such as *.json must match a file's name, or its path in the folder."
        )
    return (
        f"No threads in {named}: name files or folders; "
        f"from a folder, files ending in {', '.join(sources.endings())} are taken."
    )
