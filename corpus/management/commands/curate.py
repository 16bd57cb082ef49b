"""Carry out operations given as JSON lines."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from corpus.curation import together
from corpus.curation.script import operation_from
from corpus.errors import CorpusError
from corpus.terminal import shown


class Command(BaseCommand):
    help = (
        "Carry out curation operations from JSON lines, for example "
        '{"operation": "assign-speaker", "utterance": 5, "handle": "Ada"}. '
        "A line that is refused is named with the reason and changes nothing; the others are done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="file of JSON lines, or - for stdin")
        parser.add_argument(
            "--dry-run", action="store_true", help="check every line and write nothing"
        )
        parser.add_argument("--user", metavar="NAME", help="in whose name (default: nobody's)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = self._user(options["user"])
        done = refused = 0
        with transaction.atomic():
            with together():
                for number, line in _lines(options["file"]):
                    try:
                        with transaction.atomic():
                            operation, version = operation_from(line)
                            event = operation.execute(user, version=version)
                    except CorpusError as refusal:
                        refused += 1
                        self.stderr.write(shown(f"Line {number}: {refusal}"))
                    else:
                        done += 1
                        self.stdout.write(shown(f"Line {number}: {event.summary}"))
            if options["dry_run"]:
                transaction.set_rollback(True)
        would = "Would do" if options["dry_run"] else "Did"
        more = f"; refused {refused} (listed above)" if refused else ""
        self.stdout.write(f"{would} {done} operation{'' if done == 1 else 's'}{more}.")
        if refused:
            sys.exit(1)

    def _user(self, name: str | None) -> Any:
        if name is None:
            return None
        User = get_user_model()
        try:
            return User._default_manager.get_by_natural_key(name)
        except User.DoesNotExist:
            raise CommandError(f"There is no user “{name}”.") from None


def _lines(file: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that say something, numbered from 1."""
    if file == "-":
        yield from _numbered(sys.stdin)
        return
    try:
        with open(file, encoding="utf-8") as stream:
            yield from _numbered(stream)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}.") from error


def _numbered(stream: Any) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(stream, 1):
        if line.strip():
            yield number, line
