"""The command as somebody runs it, and threads for it."""

import io
from pathlib import Path

from django.core.management import call_command

ONIONS = """\
On onions

Red ones keep longest, at least in my cellar, and they make no one cry.


White ones [b]taste[/b] better.


Red ones keep longest, at least in my cellar, and they make no one cry.

Mine cried.
"""
LEEKS = "Leeks\n\nDeep or shallow?\n\n\nDeep.\n"


class Said:
    """What a run of the command printed, and how it ended."""

    def __init__(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        self.status = 0
        try:
            call_command("import_threads", *map(str, arguments), stdout=out, stderr=err)
        except SystemExit as ending:
            self.status = ending.code
        self.out, self.err = out.getvalue(), err.getvalue()


def write(name, text):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
