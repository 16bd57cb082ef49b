"""What an import holds at once does not grow with the file."""

import tracemalloc

import pytest

from corpus.models import Thread
from forumimport import importer
from forumimport.drafts import DocumentDraft, ThreadDraft
from forumimport.importer import flow, garbage, versions
from forumimport.importer.versions import Candidate
from forumimport.sources import Container
from tests.importing.posts import lines


def talk(number):
    posts = [{"id": f"p{n}", "text": f"Words {number} {n} " * 60} for n in range(4)]
    return {"id": f"t{number}", "title": f"Thread {number}", "posts": posts}


def peak(path):
    tracemalloc.start()
    outcomes = importer.import_sources(
        [Container(str(path))], collection="Talk", run=importer.start_run({})
    )
    count = sum(1 for _outcome in outcomes)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return count, peak


@pytest.mark.usefixtures("posts_reader")
def test_import_of_a_file_four_times_as_large_needs_no_more_memory(
    db, tmp_path, monkeypatch, settings
):
    # Batches and what may lie about between them, both a 25th of what they are in earnest.
    monkeypatch.setattr(flow, "_THREADS", 20)
    monkeypatch.setattr(garbage, "_RARELY", (2_000, 20, 100))
    settings.CORPUS_MAX_DOCUMENT_BYTES = 50_000  # So that it is streamed.
    for name, numbers in {"small": range(100), "large": range(100, 500)}.items():
        (tmp_path / f"{name}.posts").write_bytes(lines(*map(talk, numbers)))
    peak(tmp_path / "small.posts")
    _, small = peak(tmp_path / "small.posts")
    Thread.objects.all().delete()
    _, small = peak(tmp_path / "small.posts")
    count, large = peak(tmp_path / "large.posts")
    assert (count, Thread.objects.count()) == (400, 500)
    assert large < 1.5 * small


def test_lines_of_bare_text_cost_no_digest_each(db):
    """Two digests a line took three hundred bytes each, and were looked up one by one."""
    text = "Beans\n\n" + "a\n" * 100_000
    tracemalloc.start()
    digests = Candidate.of(draft(text), versions.lengths([draft(text)], "Talk")).beginnings
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert digests == ()
    assert peak < 10 * len(text)


def draft(text):
    return ThreadDraft((DocumentDraft(text, "0" * 64, "a.txt", "text", "utf-8"),))
