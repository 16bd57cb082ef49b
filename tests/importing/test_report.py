"""The report that the command writes."""

import json
from pathlib import Path

from corpus.models import Thread
from forumimport.models import ImportRun
from tests.importing.said import LEEKS, ONIONS, Said, write


def test_import_threads_reports_as_json(db, folder):
    write("leeks.txt", LEEKS)
    Said("leeks.txt")
    skipped = Thread.objects.get()
    write("onions.txt", ONIONS)
    write("empty.txt", "")
    Said("onions.txt", "leeks.txt", "empty.txt", "--report", "report.json")
    run, created = ImportRun.objects.latest("pk"), Thread.objects.latest("pk")
    unsaid = {
        "locator": "",
        "reason": "",
        "title": "",
        "thread": None,
        "posts": 0,
        "quotations": 0,
        "unsure": 0,
        "sha256": "",
        "encoding": "",
        "notices": [],
        "threads": 1,
    }
    assert json.loads(Path("report.json").read_text("utf-8")) == {
        "counts": {
            "threads": 1,
            "posts": 3,
            "quotations": 1,
            "unsure": 0,
            "grown": 0,
            "added": 0,
            "skipped": 1,
            "left_out": 0,
            "failed": 1,
        },
        "encodings": {"utf-8": 1},
        "formats": {"text": 1},
        "languages": {"en": 1},
        "duplicates": [],
        "run": run.pk,
        "version": run.version,
        "arguments": run.arguments,
        "started": run.started.isoformat(),
        "finished": run.finished.isoformat(),
        "state": "finished",
        "summary": "Imported 1 thread, 3 posts; skipped 1 already imported; "
        "1 failed (listed above).",
        "sources": [
            unsaid
            | {
                "outcome": "created",
                "origin": "onions.txt",
                "title": "On onions",
                "thread": created.pk,
                "posts": 3,
                "quotations": 1,
                "sha256": created.documents.get().sha256,
                "encoding": "utf-8",
            },
            unsaid
            | {
                "outcome": "skipped",
                "origin": "leeks.txt",
                "title": "Leeks",
                "thread": skipped.pk,
                "sha256": skipped.documents.get().sha256,
                "encoding": "utf-8",
            },
            unsaid
            | {
                "outcome": "failed",
                "origin": "empty.txt",
                "reason": "empty.txt is empty; a thread text has a title line and then the posts.",
            },
        ],
    }


def test_import_threads_reports_a_dry_run_without_a_run(db, folder):
    write("leeks.txt", LEEKS)
    Said("leeks.txt", "--dry-run", "--report", "report.json")
    report = json.loads(Path("report.json").read_text("utf-8"))
    assert (report["run"], report["summary"]) == (None, "Would import 1 thread, 2 posts.")
