"""What ``make run`` does between migrating and serving; running it again changes nothing."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

ADMINISTRATOR = "admin"


class Command(BaseCommand):
    help = "Create the administrator, import threads and print where everything is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="threads to import")
        parser.add_argument("--collection", help="collection that they go to")
        parser.add_argument("--address", default="http://127.0.0.1:8000", help="where it is served")

    def handle(self, *args: Any, **options: Any) -> None:
        self._administrator()
        failed = self._import(options["paths"], options["collection"])
        address = options["address"]
        lines = [
            "",
            f"  Forum   {address}/",
            f"  Search  {address}/search/",
            f"  Admin   {address}/admin/",
        ]
        if failed:
            lines += ["", "  Some files were not imported: the reasons are above."]
        self.stdout.write("\n".join([*lines, ""]))

    def _administrator(self) -> None:
        """Create an administrator if there is none, and say the password at once: what follows
        may be interrupted, and it is never shown again."""
        User = get_user_model()
        if User.objects.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(12)
        User.objects.create_superuser(ADMINISTRATOR, "", password)
        self.stdout.write(
            f"\n  Administrator: {ADMINISTRATOR}   Password: {password}\n"
            "  The password is shown this once; change it in the admin, or with\n"
            f"  `.venv/bin/python manage.py changepassword {ADMINISTRATOR}`.\n"
        )
        self.stdout.flush()

    def _import(self, paths: list[str], collection: str | None) -> bool:
        """Import the paths; a file that cannot be read does not keep the site from starting."""
        if not paths:
            return False
        options = {"collection": collection} if collection else {}
        try:
            call_command(
                "import_threads", *paths, stdout=self.stdout, stderr=self.stderr, **options
            )
        except SystemExit:
            return True
        except CommandError as error:
            self.stderr.write(str(error))
            return True
        return False
