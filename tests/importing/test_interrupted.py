"""An import that is told to end: by Ctrl-C in its terminal, or by the system."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from corpus.models import SourceDocument
from forumimport import duplicates, indexing
from forumimport.engines import engine
from forumimport.importer import flow, storing
from forumimport.models import ImportRun, PendingPost
from forumimport.progress import state_of
from tests.importing.rows import snapshot
from tests.importing.said import Said, write
from tests.importing.test_killed import environment
from tests.plugin.sites import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]


def documents(count, start=0):
    return "".join(
        json.dumps({"text": f"Leeks {n}\n\nDeep, asks {n}?\n\n\nDeep, says {n}.", "url": f"u{n}"})
        + "\n"
        for n in range(start, start + count)
    )


@pytest.fixture
def told_to_end(monkeypatch):
    """Send the signal to this very process when a step is done for the ``count``-th time."""

    def at(module, name, number, *, count=1, before=False):
        step, left = getattr(module, name), [count]

        def interrupted(*args):
            left[0] -= 1
            if before and not left[0]:
                signal.raise_signal(number)
            done = step(*args)
            if not left[0]:
                signal.raise_signal(number)
            return done

        monkeypatch.setattr(module, name, interrupted)

    monkeypatch.setattr(flow, "_THREADS", 5)
    return at


@pytest.mark.parametrize(("number", "status"), SIGNALS, ids=["ctrl-c", "sigterm"])
def test_interrupted_import_says_what_is_stored_and_is_completed_by_the_next(
    folder, told_to_end, number, status
):
    write("leeks.jsonl", documents(20))
    handlers = [signal.getsignal(one) for one, _status in SIGNALS]
    told_to_end(flow.runs, "note", number, count=2, before=True)
    said = Said("leeks.jsonl", "--report", "report.json")
    assert (said.status, said.out, said.err) == (
        status,
        "",
        "Interrupted: 10 threads stored; run it again to complete.\n",
    )
    run = ImportRun.objects.get()
    assert (state_of(run), run.threads, run.posts) == ("interrupted", 10, 20)
    report = json.loads(Path("report.json").read_text("utf-8"))
    assert (report["state"], report["counts"]["threads"]) == ("interrupted", 10)
    assert report["summary"] == said.err.strip()
    assert [one["outcome"] for one in report["sources"]] == ["created"] * 5
    assert [signal.getsignal(one) for one, _status in SIGNALS] == handlers
    again = Said("leeks.jsonl")
    assert again.out == "Imported 10 threads, 20 posts; skipped 10 already imported.\n"
    assert not PendingPost.objects.exists()


@pytest.mark.parametrize(
    ("module", "name"), [(indexing, "_index"), (duplicates, "_compare")], ids=["indexing", "like"]
)
def test_import_interrupted_behind_the_reading_does_not_go_on_with_it(
    folder, told_to_end, monkeypatch, module, name
):
    monkeypatch.setattr(module, "_BATCH", 2)
    write("leeks.jsonl", documents(6))
    told_to_end(module, name, signal.SIGINT)
    said = Said("leeks.jsonl")
    assert (said.status, said.err) == (
        130,
        "Interrupted: 6 threads stored; run it again to complete.\n",
    )
    assert PendingPost.objects.exists() == (module is indexing)
    assert SourceDocument.objects.filter(sketch=None).exists()
    forum = engine().models()[0].objects.get().pk
    assert engine().counters(forum) == engine().counted(forum)


def test_interrupted_dry_run_stores_nothing(folder, told_to_end):
    write("leeks.jsonl", documents(20))
    before = snapshot()
    told_to_end(flow._Group, "_stored", signal.SIGINT)
    said = Said("leeks.jsonl", "--dry-run", "--report", "report.json")
    assert (said.status, said.err) == (
        130,
        "Interrupted: this was a dry run, nothing is stored.\n",
    )
    assert json.loads(Path("report.json").read_text("utf-8"))["state"] == "interrupted"
    assert snapshot() == before


def test_signal_that_is_ignored_does_not_end_an_import(folder, told_to_end):
    """As under nohup, and of what a shell without job control starts in the background."""
    write("leeks.jsonl", documents(20))
    told_to_end(flow.runs, "note", signal.SIGINT)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert Said("leeks.jsonl").out == "Imported 20 threads, 40 posts.\n"
    finally:
        signal.signal(signal.SIGINT, before)


def test_report_goes_to_standard_output_and_all_else_elsewhere(folder):
    write("leeks.jsonl", documents(3))
    said = Said("leeks.jsonl", "--report", "-")
    assert said.err == "Imported 3 threads, 6 posts.\n"
    report = json.loads(said.out)
    assert (report["state"], len(report["sources"])) == ("finished", 3)
    assert not Path("-").exists()
    dry = Said("leeks.jsonl", "--report", "-", "--dry-run")
    assert len(json.loads(dry.out)["sources"]) == 3


def test_ctrl_c_in_a_terminal_is_answered_by_one_line_whatever_processes_read(tmp_path):
    """A terminal sends it to all of them."""
    env = environment(tmp_path)
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=env, check=True)
    dump = tmp_path / "leeks.jsonl"
    dump.write_text(documents(20_000))
    report = tmp_path / "report.json"
    started = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.importing.process", "import", str(dump)),
            *("--workers", "2", "--report", str(report)),
        ],
        cwd=ROOT,
        env=env,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with sqlite3.connect(next(tmp_path.glob("*.sqlite3"))) as rows:
        for _time in range(600):
            if rows.execute("SELECT count(*) FROM corpus_thread").fetchone()[0] > 20:
                break
            time.sleep(0.1)
    os.killpg(started.pid, signal.SIGINT)
    out, err = started.communicate(timeout=60)
    told = json.loads(report.read_text("utf-8"))
    assert (started.returncode, out) == (130, "")
    assert err == told["summary"] + "\n"
    assert err.startswith("Interrupted: ")
    assert err.count("\n") == 1
    assert told["state"] == "interrupted"


def test_import_that_may_not_go_on_ends_with_the_reason(tmp_path, monkeypatch):
    def gone(name, run):
        raise storing.ClosedCollectionGone(name)

    monkeypatch.setattr(storing, "home_of", gone)
    (tmp_path / "moles.txt").write_text("Moles\n\nWhy?\n")
    with pytest.raises(CommandError, match=r"^The closed collection “Talk” was deleted meanwhile"):
        call_command("import_threads", tmp_path, collection="Talk")
    assert state_of(ImportRun.objects.get()) == "interrupted"
