"""Read annotations from a file into an annotator's layers."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from corpus.errors import CorpusError
from corpus.exports.annotations import read
from corpus.exports.annotations.importing import Destination, import_annotations
from corpus.models import Codebook
from corpus.terminal import shown


class Command(BaseCommand):
    help = (
        "Read annotations (CSV, or W3C Web Annotation as .json or .jsonld) into an annotator's "
        "layers. What cannot be anchored is named with the reason; the rest is stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--codebook", metavar="NAME", required=True)
        parser.add_argument(
            "--annotator", metavar="NAME", required=True, help="user whose layers they go to"
        )
        parser.add_argument("--dry-run", action="store_true", help="report and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        into = Destination(self._codebook(options["codebook"]), _user(options["annotator"]))
        try:
            content = Path(options["file"]).read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error}.") from error
        try:
            with transaction.atomic():
                report = import_annotations(read(options["file"], content), into)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except CorpusError as error:
            raise CommandError(str(error)) from error
        for number, reason in report.left:
            self.stderr.write(shown(f"Annotation {number}: {reason}"))
        would = "Would import" if options["dry_run"] else "Imported"
        left = f"; {len(report.left)} left out (listed above)" if report.left else ""
        known = f"; {report.known} known already" if report.known else ""
        plural = "" if report.created == 1 else "s"
        self.stdout.write(f"{would} {report.created} annotation{plural}{known}{left}.")
        if report.left:
            sys.exit(1)

    def _codebook(self, name: str) -> Codebook:
        codebook = Codebook.objects.filter(name=name).first()
        if codebook is None:
            raise CommandError(f"There is no codebook “{name}”.")
        return codebook


def _user(name: str) -> Any:
    User = get_user_model()
    try:
        return User._default_manager.get_by_natural_key(name)
    except User.DoesNotExist:
        raise CommandError(f"There is no user “{name}”.") from None
