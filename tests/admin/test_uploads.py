"""Uploads that are imported in the background: asked for, watched, cancelled, taken up again."""

import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from corpus.models import Thread, Utterance
from forumimport import background, conf, duplicates, indexing, uploads
from forumimport.importer import flow, pulse
from forumimport.models import ImportRun, StagedFile
from forumimport.progress import Progress
from tests.admin.uploading import GOOD, confirmed, page, threads, upload
from tests.pages import page_text

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queued(monkeypatch):
    """Tasks wait until ``work`` is called; the keys of the runs that do."""
    waiting = []
    monkeypatch.setattr(
        background.import_uploads.__class__, "enqueue", lambda _task, key: waiting.append(key)
    )
    return waiting


def work(queued):
    while queued:
        background.carry_out(queued.pop(0))


def test_confirmed_upload_waits_for_a_worker_and_is_then_imported(admin_client, queued):
    run = confirmed(admin_client, ("beans.txt", GOOD.encode()))
    assert (run.state, queued) == ("waiting", [run.pk])
    assert not Thread.objects.exists()
    words = page_text(admin_client.get(page(run)))
    assert "Waiting for a worker" in words
    assert "db_worker" not in words
    work(queued)
    run.refresh_from_db()
    assert (run.state, run.threads, run.posts) == ("finished", 1, 2)
    assert not StagedFile.objects.exists()
    assert admin_client.get(page(run)).status_code == 302


def test_page_says_when_no_worker_takes_it_up(admin_client, queued):
    run = confirmed(admin_client, ("beans.txt", GOOD.encode()))
    ImportRun.objects.update(since=timezone.now() - timedelta(minutes=1))
    assert "start one with: python manage.py db_worker" in page_text(admin_client.get(page(run)))


def test_waiting_import_is_cancelled_and_gone_on_with(admin_client, queued):
    run = confirmed(admin_client, ("beans.txt", GOOD.encode()))
    admin_client.post(page(run), {"cancel": "1"})
    work(queued)
    run.refresh_from_db()
    assert (run.state, Thread.objects.count()) == ("cancelled", 0)
    admin_client.post(page(run), {"resume": "1"})
    work(queued)
    run.refresh_from_db()
    assert (run.state, run.threads) == ("finished", 1)


def test_import_at_work_stops_after_its_batch_and_goes_on_to_the_same_rows(
    admin_client, queued, monkeypatch
):
    run = confirmed(admin_client, ("beans.jsonl", threads(30)))
    monkeypatch.setattr(flow, "_THREADS", 10)
    flush = flow._Flow._flush

    def cancelled(self):
        yield from flush(self)
        background.cancel(ImportRun.objects.get(pk=run.pk))

    with monkeypatch.context() as patch:
        patch.setattr(flow._Flow, "_flush", cancelled)
        work(queued)
    run.refresh_from_db()
    assert (run.state, run.threads, Thread.objects.count()) == ("cancelled", 10, 10)
    admin_client.post(page(run), {"resume": "1"})
    work(queued)
    run.refresh_from_db()
    assert (run.state, run.threads, run.skipped) == ("finished", 30, 0)
    assert run.posts == Utterance.objects.count()
    assert run.read_bytes == run.total_bytes == len(threads(30))


def test_reading_without_an_end_in_sight_hears_that_it_is_to_stop(
    admin_client, queued, monkeypatch
):
    run = confirmed(admin_client, ("beans.jsonl", threads(400)))
    monkeypatch.setattr(pulse, "_BEAT", 0)
    resume = background.importer.resume

    def stopping(run, size):
        resume(run, size)
        background.cancel(run)

    monkeypatch.setattr(background.importer, "resume", stopping)
    work(queued)
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert run.threads < 400


@pytest.fixture
def in_batches(monkeypatch):
    """The index follows two posts at a time, of documents two are compared, and each is told."""
    monkeypatch.setattr(pulse, "_BEAT", 0)
    monkeypatch.setattr(indexing, "_BATCH", 2)
    monkeypatch.setattr(duplicates, "_BATCH", 2)


def seen_at(module, name, monkeypatch, look):
    """Let ``look`` see what is written down whenever the module does that step."""
    step = getattr(module, name)

    def looked_at(*args):
        look()
        return step(*args)

    monkeypatch.setattr(module, name, looked_at)


def test_what_follows_the_reading_is_told_with_its_count_and_gives_signs_of_life(
    admin_client, queued, monkeypatch, in_batches
):
    run = confirmed(admin_client, ("beans.jsonl", threads(5)))
    told, alive = [], []

    def look():
        seen = ImportRun.objects.get(pk=run.pk)
        told.append((seen.doing, seen.done, seen.to_do))
        alive.append(seen.alive)

    seen_at(indexing, "_index", monkeypatch, look)
    seen_at(duplicates, "_compare", monkeypatch, look)
    work(queued)
    posts = Utterance.objects.count()
    assert told == [
        *(("indexing", done, posts) for done in range(0, posts, 2)),
        *(("comparing", done, 5) for done in (0, 2, 4)),
    ]
    assert alive == sorted(set(alive))


def test_page_tells_what_follows_the_reading_and_offers_no_cancelling(admin_client, queued):
    run = confirmed(admin_client, ("beans.txt", GOOD.encode()))
    ImportRun.objects.update(
        state="running",
        process=pulse.process(),
        alive=timezone.now(),
        doing="indexing",
        done=4000,
        to_do=24000,
        turned=timezone.now() - timedelta(seconds=20),
    )
    response = admin_client.get(page(run))
    words = page_text(response)
    assert "Indexing for the search" in words
    assert "4000 of 24000 posts are indexed." in words
    assert "<dt>Time left to index</dt><dd>2 min</dd>" in response.text
    assert b'name="cancel"' not in response.content
    assert (response.context["progress"].percent, response.context["progress"].active) == (16, True)
    ImportRun.objects.update(doing="comparing", done=200, to_do=8000)
    words = page_text(admin_client.get(page(run)))
    assert "Comparing for duplicates" in words
    assert "200 of 8000 documents are compared." in words


def test_import_that_has_stored_all_is_cancelled_no_more(
    admin_client, queued, monkeypatch, in_batches
):
    run = confirmed(admin_client, ("beans.jsonl", threads(5)))
    asked = []
    seen_at(
        indexing,
        "_index",
        monkeypatch,
        lambda: asked.append(background.cancel(ImportRun.objects.get(pk=run.pk))),
    )
    work(queued)
    run.refresh_from_db()
    assert (set(asked), run.state, run.threads) == ({False}, "finished", 5)


def test_import_asked_to_stop_when_nothing_is_left_to_read_is_finished(
    admin_client, queued, monkeypatch
):
    run = confirmed(admin_client, ("beans.jsonl", threads(5)))
    flush = flow._Flow._flush

    def asked(self):
        yield from flush(self)
        background.cancel(ImportRun.objects.get(pk=run.pk))

    monkeypatch.setattr(flow._Flow, "_flush", asked)
    work(queued)
    run.refresh_from_db()
    assert (run.state, run.threads) == ("finished", 5)


def test_killed_worker_leaves_an_import_that_is_said_to_be_interrupted(admin_client, queued):
    run = confirmed(admin_client, ("beans.txt", GOOD.encode()))
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    host = pulse.process().rpartition(" ")[0]
    ImportRun.objects.update(
        state="running", process=f"{host} {dead.pid}", alive=timezone.now(), since=timezone.now()
    )
    words = page_text(admin_client.get(page(run)))
    assert "Interrupted" in words
    queued.clear()
    admin_client.post(page(run), {"resume": "1"})
    work(queued)
    run.refresh_from_db()
    assert (run.state, run.threads) == ("finished", 1)


@pytest.mark.parametrize(
    ("process", "ago", "state"),
    [
        (f"{pulse.process()}", timedelta(seconds=5), "running"),
        ("elsewhere 1", timedelta(seconds=5), "running"),
        ("elsewhere 1", timedelta(hours=1), "interrupted"),
        (f"{pulse.process()}", timedelta(hours=1), "interrupted"),
        ("", timedelta(seconds=5), "interrupted"),
    ],
    ids=["here", "elsewhere", "elsewhere silent", "here silent", "nowhere"],
)
def test_run_is_alive_as_long_as_it_shows_signs_of_it(process, ago, state):
    run = ImportRun(state="running", process=process, alive=timezone.now() - ago)
    assert Progress.of(run).state == state


def test_program_error_is_told_and_the_import_can_be_gone_on_with(
    admin_client, queued, monkeypatch
):
    run = confirmed(admin_client, ("beans.txt", GOOD.encode()))
    with monkeypatch.context() as patch:
        patch.setattr(background.execution, "outcomes", lambda *_args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work(queued)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "ZeroDivisionError" in run.problems.get().reason
    admin_client.post(page(run), {"resume": "1"})
    work(queued)
    run.refresh_from_db()
    assert run.state == "finished"


def test_task_for_a_run_that_does_not_wait_does_nothing(admin_client, queued):
    run = confirmed(admin_client, ("beans.txt", GOOD.encode()))
    background.carry_out(run.pk)
    background.carry_out(run.pk)
    run.refresh_from_db()
    assert (run.threads, run.skipped) == (1, 0)


def test_broken_records_are_told_once_however_often_an_import_is_taken_up(admin_client, queued):
    run = confirmed(admin_client, ("beans.jsonl", b"{broken\n" + threads(3)))
    work(queued)
    run.refresh_from_db()
    assert (run.failed, run.threads) == (1, 3)
    ImportRun.objects.update(state="cancelled")
    uploads.keep(run, [("beans.jsonl", [b"{broken\n" + threads(5)])])
    run.refresh_from_db()
    assert background.ask(run)
    work(queued)
    run.refresh_from_db()
    assert (run.failed, run.problems.count(), run.threads) == (1, 1, 5)


def test_progress_needs_the_permission_and_an_open_collection(
    client, admin_client, queued, django_user_model
):
    run = confirmed(admin_client, ("beans.txt", GOOD.encode()))
    client.force_login(django_user_model.objects.create_user("reader", is_staff=True))
    assert client.get(page(run)).status_code == 403
    assert client.post(page(run), {"cancel": "1"}).status_code == 403
    run.refresh_from_db()
    assert run.state == "waiting"


def test_part_of_the_page_is_asked_for_without_the_rest(admin_client, queued):
    run = confirmed(admin_client, ("beans.txt", GOOD.encode()))
    part = admin_client.get(page(run), {"part": "1"}).content.decode()
    assert "data-active" in part
    assert "<html" not in part


def test_upload_is_kept_where_nobody_else_reads_it_and_removed(
    admin_client, queued, settings, tmp_path
):
    settings.CORPUS_UPLOAD_FOLDER = str(tmp_path / "kept")
    run = confirmed(admin_client, ("../../beans.txt", GOOD.encode()))
    (file,) = Path(conf.upload_folder()).iterdir()
    assert file.read_bytes() == GOOD.encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    admin_client.post(page(run), {"cancel": "1"})
    admin_client.post(page(run), {"discard": "1"})
    assert list(Path(conf.upload_folder()).iterdir()) == []
    assert not StagedFile.objects.exists()


def test_folder_that_cannot_be_written_is_told_at_the_form(admin_client, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.CORPUS_UPLOAD_FOLDER = str(tmp_path / "file" / "kept")
    answer = upload(admin_client, ("beans.txt", GOOD.encode()))
    assert "cannot be kept" in page_text(answer)
    assert not ImportRun.objects.exists()


def test_upload_that_is_gone_is_told(admin_client, queued):
    run = confirmed(admin_client, ("beans.txt", GOOD.encode()))
    (Path(conf.upload_folder()) / run.staged.get().kept).unlink()
    work(queued)
    assert "beans.txt is not where it was uploaded to" in run.problems.get().reason
