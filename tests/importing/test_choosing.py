"""Which threads of a source are taken: so many, and none that is too old."""

import io
import sys

from forumimport import importer
from forumimport.importer import Created, LeftOut
from forumimport.importer.pulse import Doing
from forumimport.management import progress
from forumimport.models import ImportRun
from forumimport.stating import plan_of
from tests.importing.said import Said, write


def plan(**stated):
    usual = {"collection": "Garden talk", "hold": False, "format": "auto", "encoding": None}
    return plan_of(usual | stated)


def talk(number, year):
    post = {"id": "p1", "text": f"Words of {year}.", "date": f"{year}-05-03T10:00:00"}
    return {"id": f"t{number}", "title": f"Thread {number}", "posts": [post]}


def test_threads_that_are_left_out_do_not_count(import_threads_of_posts):
    years = [2001, 2019, 2002, 2020, 2021, 2003]
    threads = [talk(number, year) for number, year in enumerate(years)]
    outcomes = import_threads_of_posts(*threads, plan=plan(limit=2, since="2019-01-01"))
    assert [type(outcome) for outcome in outcomes] == [LeftOut, Created, LeftOut, Created]
    created = [outcome.thread for outcome in outcomes if isinstance(outcome, Created)]
    assert [thread.title for thread in created] == ["Thread 1", "Thread 3"]
    assert {document.text for document in outcomes[0].draft.documents} == {""}
    run = ImportRun.objects.get()
    assert (run.threads, run.left_out) == (2, 2)
    # Taken up again it meets them anew.
    importer.resume(run, 0)
    assert run.left_out == 0


def test_bare_threads_that_are_left_out_do_not_count(db, folder):
    post = "Ada wrote on 3 May {year} at 10:00\n\nHow deep do leeks go?\n\n"
    for number, year in enumerate([2001, 2019, 2020]):
        texts = "".join(post.format(year=year) for _ in range(4))
        write(f"{number}.txt", f"Leeks {number}\n\n{texts}")
    said = Said(".", "--limit", 1, "--since", "2019-01-01", "--dry-run")
    assert "Leeks 1  (./1.txt)" in said.out
    assert said.out.count("Leeks") == 1
    assert said.out.endswith(
        "Would import 1 thread, 4 posts; left out 1 thread older than asked for.\n"
    )


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_tells_posts_and_their_rate_on_a_terminal_only(
    import_threads_of_posts, monkeypatch
):
    outcomes = import_threads_of_posts(*(talk(number, 2019) for number in range(5)), run=None)
    for stream, told in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr("sys.stderr", stream)
        with progress.Progress([]) as bar:
            assert list(bar.counted(outcomes)) == outcomes
        assert ("5 posts, 5/s" in stream.getvalue()) == told
        assert bool(stream.getvalue()) == told


def test_progress_tells_what_follows_the_reading(monkeypatch):
    monkeypatch.setattr("sys.stderr", Terminal())
    with progress.Progress([]) as bar:
        bar.behind(Doing.INDEXING, 4000, 24000)
        bar.behind(Doing.COMPARING, 200, 8000)
        bar._bar.refresh()
    told = sys.stderr.getvalue()
    assert "Comparing for duplicates" in told
    assert "200 of 8,000 documents" in told
    assert "Importing" not in told.rpartition("Comparing")[2]
