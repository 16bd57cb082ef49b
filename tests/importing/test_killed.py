"""An import that is killed at any moment and run again leaves the rows of one clean run."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from itertools import zip_longest

import pytest

from tests.importing.packed import tarred
from tests.importing.posts import lines
from tests.plugin.sites import ROOT

PROCESS = [sys.executable, "-m", "tests.importing.process"]
KILLS = 3


def talk(number):
    posts = [
        {"id": f"p{n}", "by": f"speaker {(number + n) % 7}", "text": f"Word {number} and {n}."}
        for n in range(5)
    ]
    return {"id": f"t{number % 180}", "title": f"Thread {number}", "posts": posts}


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """The folder of a site without any thread."""
    folder = tmp_path_factory.mktemp("migrated")
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=environment(folder), check=True)
    return folder


def environment(folder):
    return {
        "PATH": os.environ["PATH"],
        "CORPUS_DATA_DIR": str(folder),
        "CORPUS_SECRET_KEY": "only-for-tests",
    }


@pytest.fixture
def site(tmp_path, migrated):
    """Run the program in a new site; only the database's rows are of interest."""

    def run(name, *arguments, kill_after=None):
        folder = tmp_path / name
        if not folder.exists():
            shutil.copytree(migrated, folder)
        started = subprocess.Popen(
            [*PROCESS, *arguments], cwd=ROOT, env=environment(folder), stdout=subprocess.PIPE
        )
        if kill_after is None:
            return started.communicate(timeout=120)[0]
        time.sleep(kill_after)
        started.send_signal(signal.SIGKILL)
        return started.communicate()[0]

    return run


@pytest.fixture(params=["dump.posts", "dump.tar.gz"])
def dump(request, tmp_path):
    """A file of threads, or an archive of such, of which the last are later versions of the
    first."""
    path = tmp_path / request.param
    if path.suffix == ".posts":
        path.write_bytes(lines(*map(talk, range(200))))
    else:
        members = {f"{n}.jsonl": lines(*map(talk, range(n, n + 50))) for n in range(0, 200, 50)}
        tarred(members, path, "w:gz")
    return path


def differing(site, *names):
    """Of every model whose rows are not the same in both sites, the first unlike pair of them."""
    one, other = (json.loads(site(name, "dump")) for name in names)
    return {
        model: next(pair for pair in zip_longest(rows, other[model]) if pair[0] != pair[1])
        for model, rows in one.items()
        if rows != other[model]
    }


def test_import_killed_at_any_moment_is_completed_by_the_next(site, dump):
    started = time.monotonic()
    site("clean", "import", str(dump))
    took = time.monotonic() - started
    chance = random.Random(time.time_ns())
    moments = [chance.uniform(0.3, 1.1) * took for _ in range(KILLS)]
    for moment in moments:
        site("killed", "import", str(dump), kill_after=moment)
    site("killed", "import", str(dump))
    assert differing(site, "clean", "killed") == {}, f"killed after {moments} seconds"


def test_import_onto_a_full_disk_is_completed_once_there_is_room(site, dump):
    site("clean", "import", str(dump))
    assert site("full", "full", str(dump)).decode() == (
        "The import ended early: database or disk is full. What is stored stays; once there is "
        "room, or the database answers, run it again to complete it.\n"
    )
    site("full", "import", str(dump))
    assert differing(site, "clean", "full") == {}
