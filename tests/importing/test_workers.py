"""Several processes read and segment; what is stored does not depend on how many."""

import json

import pytest

from corpus.models import Thread
from forumimport import importer, sources
from forumimport.importer import Failed, Known, Plan, workers
from forumimport.sources import Container
from tests.importing.rows import snapshot

TEXT = "Leeks {n}\n\nDeep or shallow, asks number {n}?\n\n\nDeep, says number {n}.\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Six small files, a broken one, and a large one of many threads."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sources, "REMEMBERED", 5_000)
    for n in range(6):
        (tmp_path / f"{n}.txt").write_text(TEXT.format(n=n))
    (tmp_path / "3.txt").write_bytes(b"")
    lines = [json.dumps({"text": TEXT.format(n=n), "url": f"u{n}"}) for n in range(100, 170)]
    (tmp_path / "dump.jsonl").write_text("\n".join(lines) + "\n")
    return tmp_path


def imported(count, *names):
    plan = Plan("Garden talk", workers=count)
    containers = [Container(name) for name in names]
    return list(importer.import_sources(containers, run=importer.start_run({}), plan=plan))


@pytest.mark.django_db(transaction=True)
def test_rows_do_not_depend_on_the_number_of_workers(folder):
    names = [*sorted(path.name for path in folder.glob("*.txt")), "dump.jsonl"]
    found = []
    for count in (1, 2, 3):
        outcomes = imported(count, *names)
        rows = snapshot()
        del rows["forumimport.PendingPost"], rows["forumimport.ImportedContainer"]
        found.append(([type(outcome).__name__ for outcome in outcomes], rows))
        for thread in Thread.objects.all():
            thread.delete()
    assert found[0][0].count("Created") == 75
    for outcomes, rows in found[1:]:
        assert outcomes == found[0][0]
        assert {model: found[0][1][model] == rows[model] for model in rows} == dict.fromkeys(
            rows, True
        )


@pytest.mark.django_db(transaction=True)
def test_finished_files_are_not_given_to_workers(folder):
    imported(2, "dump.jsonl", "3.txt")
    known, failed = imported(2, "dump.jsonl", "3.txt")
    assert (type(known), type(failed)) == (Known, Failed)


@pytest.mark.django_db(transaction=True)
def test_limit_stops_the_workers(folder):
    plan = Plan("Garden talk", workers=2, limit=3)
    outcomes = importer.import_sources(
        [Container("dump.jsonl")], run=importer.start_run({}), plan=plan
    )
    assert len(list(outcomes)) == 3


def test_lost_worker_is_told(monkeypatch):
    monkeypatch.setattr(workers, "_PATIENCE", 0.1)
    with workers.Workers(1, Plan("Garden talk"), heard=lambda _read: None) as pool:
        pool.workers[0].process.terminate()
        with pytest.raises(workers.WorkerLost, match="with fewer --workers"):
            pool.workers[0].next()
