"""A large upload, imported by a real worker: watched, cancelled, gone on with, looked at."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import connection
from playwright.sync_api import expect

from corpus.models import Thread
from forumimport import progress
from forumimport.models import ImportRun

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: So many that the worker, which takes its time, needs some seconds.
THREADS = 500
ROOT = Path(__file__).parents[2]
WORKER = [
    *(sys.executable, "-m", "tests.browser.slow_worker"),
    *("--interval", "0.2", "--no-startup-delay"),
]


def database():
    """The address of the database that the tests run on, for a process of its own."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


@pytest.fixture
def start_worker(settings):
    """Let what is asked for wait in the database, and start workers of the site's own."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    workers = []

    def start_worker():
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "forumimport.site.settings",
            "DATABASE_URL": database(),
            "CORPUS_DATA_DIR": str(configured.DATA_DIR),
        }
        workers.append(subprocess.Popen(WORKER, cwd=ROOT, env=environment))
        return workers[-1]

    yield start_worker
    for worker in workers:
        worker.kill()
        worker.wait()


@pytest.fixture
def large_file(tmp_path, monkeypatch):
    # So that the rate is told before all is done.
    monkeypatch.setattr(progress, "_TELLING", 0.3)
    file = tmp_path / "garden.jsonl"
    words = "Frost took my beans, and the neighbour says to cover them at night. " * 12
    with file.open("w") as lines:
        for number in range(THREADS):
            posts = (words, f"{number} {words}", f"Cover them, {number}.")
            text = "\\n\\n\\n".join((f"Beans {number}", *posts))
            lines.write(f'{{"text": "{text}", "url": "https://garden.example/{number}"}}\n')
    return file


def upload(page, file):
    page.goto("/admin/forumimport/importrun/add/")
    page.get_by_label("Files").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("only its beginning is shown")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()


def log_in(page):
    page.goto("/admin/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def picture(page, name):
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_large_upload_is_watched_cancelled_and_gone_on_with(
    open_page, start_worker, large_file, django_user_model
):
    django_user_model.objects.create_superuser("admin", password="secret")
    page = open_page()
    log_in(page)
    upload(page, large_file)
    expect(page.get_by_role("heading", name="Waiting for a worker")).to_be_visible()
    start_worker()
    expect(page.get_by_role("heading", name="Running")).to_be_visible(timeout=30_000)
    expect(page.locator("#corpus-progress")).to_contain_text("a second", timeout=60_000)
    assert 0 < int(page.locator("#corpus-progress progress").get_attribute("value")) < 100
    expect(page.get_by_role("status")).to_contain_text("running")
    picture(page, "running")
    page.set_viewport_size({"width": 360, "height": 800})
    assert overflow(page) <= 0
    picture(page, "running-360")
    page.emulate_media(color_scheme="dark")
    picture(page, "running-dark-360")
    page.set_viewport_size({"width": 1280, "height": 900})

    page.get_by_role("button", name="Cancel the import").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible(timeout=60_000)
    picture(page, "cancelled-dark")
    kept = Thread.objects.count()
    assert 0 < kept < THREADS

    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/change/", timeout=120_000)
    expect(page.locator(".field-phase")).to_contain_text("finished")
    run = ImportRun.objects.get()
    assert (run.threads, run.skipped, run.failed) == (THREADS, 0, 0)
    assert Thread.objects.count() == THREADS
    picture(page, "result-dark")


def test_killed_worker_is_noticed_and_another_goes_on(
    open_page, start_worker, large_file, django_user_model
):
    django_user_model.objects.create_superuser("admin", password="secret")
    page = open_page()
    log_in(page)
    upload(page, large_file)
    worker = start_worker()
    expect(page.locator("#corpus-progress")).to_contain_text("a second", timeout=60_000)
    worker.kill()
    worker.wait()
    expect(page.get_by_role("heading", name="Interrupted")).to_be_visible(timeout=30_000)
    picture(page, "interrupted")
    start_worker()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/change/", timeout=120_000)
    run = ImportRun.objects.get()
    assert (run.state, run.threads, run.skipped) == ("finished", THREADS, 0)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_form_with_all_its_options_fits_the_window(
    open_page, django_user_model, width, color_scheme
):
    django_user_model.objects.create_superuser("admin", password="secret")
    page = open_page(width=width, color_scheme=color_scheme)
    log_in(page)
    page.goto("/admin/forumimport/importrun/add/")
    page.get_by_text("More options").click()
    expect(page.get_by_label("Separator")).to_be_visible()
    assert overflow(page) <= 0
    picture(page, f"form-{color_scheme}-{width}")


FROST = "Frost took every single one of my beans, and the neighbour says to cover them at night."
SHORT = f"Beans\n\n{FROST}\n\n\nDo cover them.\n\n\nWith what?"
LONGER = f"{SHORT}\n\n\n{FROST}\n\nWith fleece, of course.\n\n\nThank you both."


def look_at(page, folder, name, text):
    (folder / name).write_text(text)
    page.goto("/admin/forumimport/importrun/add/")
    page.get_by_label("Files").set_input_files(folder / name)
    page.get_by_label("Collection").fill("Mine")
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="What would be imported")).to_be_visible()


def test_longer_version_of_a_thread_is_looked_at_and_imported(enter, tmp_path):
    page = enter("/admin/")
    look_at(page, tmp_path, "g1.txt", SHORT)
    page.get_by_role("button", name="Import", exact=True).click()
    look_at(page, tmp_path, "g2.txt", LONGER)
    expect(page.get_by_text("2 new posts, added to “Beans”")).to_be_visible()
    expect(page.locator(".corpus-preview tbody tr")).to_have_count(2)
    picture(page, "grown")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("added 2 posts to 1 known thread")).to_be_visible()
    page.get_by_role("link", name="read", exact=True).click()
    expect(page.locator("article.post")).to_have_count(5)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_words_are_in_view_on_any_screen(enter, tmp_path, width, color_scheme):
    page = enter("/admin/", width=width, color_scheme=color_scheme)
    look_at(page, tmp_path, "beans.txt", LONGER)
    words = page.locator(".corpus-preview .words").first.bounding_box()
    cue = page.locator(".corpus-preview .cue").first.bounding_box()
    assert overflow(page) <= 0
    assert words["x"] + words["width"] <= width
    assert words["width"] > 300
    assert width > 400 or words["y"] < cue["y"]
    picture(page, f"preview-{color_scheme}-{width}")
    page.get_by_role("button", name="Import", exact=True).click()
    look_at(page, tmp_path, "a-rather-long-name-of-a-file.json", '{"a": 1}')
    run = ImportRun.objects.earliest("pk")
    for number in range(3):
        run.problems.create(
            kind="failed",
            origin=f"dump-{number}.jsonl",
            locator=f"line {number}",
            reason="It is no valid JSON (unterminated string starting at character 10).",
        )
    page.goto("/admin/forumimport/importproblem/")
    shown = page.locator(".results").bounding_box()
    for column in ("reason", "origin", "in_run"):
        cell = page.locator(f".field-{column}").first.bounding_box()
        assert cell["x"] + cell["width"] <= shown["x"] + shown["width"]
    picture(page, f"problems-{color_scheme}-{width}")
    page.goto("/admin/forumimport/importrun/")
    first = page.locator(".field-called").last
    expect(first).to_have_text(f"{run.pk} · beans.txt → Mine")
    state = page.locator(".field-phase").last.bounding_box()
    assert state["x"] + state["width"] <= width
    if width > 400:
        who = page.locator(".field-user").last.bounding_box()
        shown = page.locator(".results").bounding_box()
        assert who["x"] + who["width"] <= shown["x"] + shown["width"]
    picture(page, f"runs-{color_scheme}-{width}")
