"""Take a whole import back."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from corpus.terminal import shown
from forumimport import withdrawing
from forumimport.models import ImportRun


class Command(BaseCommand):
    help = (
        "Remove what an import run brought in, from corpus, forum and index. First names what "
        "people curated on it, and asks."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, metavar="RUN", help="number of the import run")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would go")
        parser.add_argument("--noinput", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        run = ImportRun.objects.filter(pk=options["run"]).first()
        if run is None:
            raise CommandError(
                f"There is no import run {options['run']}; the admin lists them all."
            )
        if run.state == ImportRun.State.WITHDRAWN:
            self.stdout.write(withdrawing.hindrance(run))
            return
        if reason := withdrawing.hindrance(run):
            raise CommandError(reason)
        found = withdrawing.preview(run)
        for loss in found.losses:
            self.stdout.write(
                shown(
                    f"“{loss.thread}” loses {_counted(loss.steps, 'curation step')} and "
                    f"{_counted(loss.annotations, 'annotation')}."
                )
            )
        if found.worked_on > len(found.losses):
            more = found.worked_on - len(found.losses)
            self.stdout.write(f"… and {_counted(more, 'more thread')}.")
        told = (
            f"{_counted(found.threads, 'thread')} and "
            f"{_counted(found.additions, 'addition')} to others"
        )
        if options["dry_run"]:
            self.stdout.write(f"Would withdraw run {run.pk}: {told}.")
            return
        if not options["noinput"] and not self._confirmed(f"Withdraw run {run.pk}: {told}?"):
            raise CommandError("Nothing was withdrawn.")
        try:
            withdrawing.withdraw(run)
        except withdrawing.NotWithdrawn as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Withdrew run {run.pk}: {told}.")

    def _confirmed(self, question: str) -> bool:
        try:
            return input(f"{question} Type “yes” to go on: ").strip() == "yes"
        except EOFError:
            raise CommandError("Nothing was withdrawn; use --noinput.") from None


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
