"""``make run`` as a newcomer says it, in a data folder of its own: python3 -m tests.smoke

Standard library only: it may run before there is an environment.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
#: The first start installs the dependencies.
FIRST, AGAIN = 900, 60


def main():
    query = a_word_of(sorted((ROOT / "corpus" / "samples").glob("*.txt"))[0])
    with tempfile.TemporaryDirectory(prefix="corpus-smoke-") as folder:
        with running(folder, wait=FIRST) as (site, printed):
            for address in ("/", "/search/", "/admin/"):
                expect(rf"  {re.escape(site + address)}$", printed())
            expect(r"^Imported [1-9]\d* threads?, [1-9]\d* posts\.$", printed())
            expect(r"Administrator: admin   Password: \S{12,}$", printed())
            found = expect(r"[1-9]\d* posts? found", get(f"{site}/search/?{query}"))
            expect(r"<form", get(f"{site}/admin/"))
        with running(folder, wait=AGAIN) as (site, printed):
            expect(r"^Imported 0 threads, 0 posts; skipped [1-9]\d* already imported\.$", printed())
            if "Password" in printed():
                sys.exit(f"A password is printed again:\n{printed()}")
            expect(f">{found}<", get(f"{site}/search/?{query}"))
    print("make run: forum, search and admin answer; a second run changes nothing.")


@contextmanager
def running(folder, *, wait):
    """Yield the address of the served site, and a function that returns what was printed."""
    site = f"http://127.0.0.1:{(port := free_port())}"
    output = Path(folder) / "printed"
    environment = {
        name: value
        for name, value in os.environ.items()
        if name != "DATABASE_URL" and not name.startswith(("CORPUS_", "DJANGO_"))
    }
    with output.open("wb") as stream:
        server = subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=ROOT,
            env=environment | {"CORPUS_DATA_DIR": str(Path(folder) / "site's data")},
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(site, server, output, until=time.monotonic() + wait)
        yield site, output.read_text
    finally:
        if server.poll() is None:  # As Ctrl+C does: to make and all that it started.
            os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=60)


def wait_for(site, server, output, *, until):
    while True:
        try:
            get(f"{site}/")
        except URLError as error:
            stopped = server.poll() is not None
            if isinstance(error, HTTPError) or stopped or time.monotonic() > until:
                sys.exit(f"make run does not serve {site}/: {error}\n{output.read_text()}")
            time.sleep(0.5)
        else:
            return


def get(address):
    with urlopen(address, timeout=30) as page:
        return page.read().decode()


def expect(pattern, text):
    """Return what the pattern matches, or stop with the text."""
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        sys.exit(f"Expected {pattern!r} in:\n{text}")
    return match[0]


def a_word_of(file):
    """Return a query for a long word of the text."""
    return urlencode({"q": max(re.findall(r"[a-z]+", file.read_text(encoding="utf-8")), key=len)})


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    main()
