"""Files, compressed or not: which are read, how far, and whether again."""

import bz2
import gzip
import io
import lzma
import random
import sys
import tempfile
from datetime import UTC, datetime

import pytest
import zstandard

from corpus.models import SourceDocument, Thread
from forumimport import importer, sources
from forumimport.drafts import sha256_of
from forumimport.importer import Failed, Known, Skipped
from forumimport.models import ImportedContainer
from forumimport.readers import READERS, Reader, Source
from forumimport.sources import Choice, Container
from forumimport.unpacking import unpacked
from tests.importing.packed import CHARD, LEEKS, contents, found, zipped
from tests.importing.posts import lines
from tests.importing.rows import snapshot
from tests.importing.said import write
from tests.readers.reading import SAMPLES

PACKED = {
    "gz": gzip.compress,
    "zst": zstandard.compress,
    "xz": lzma.compress,
    "bz2": bz2.compress,
}
TALK = {"id": "t1", "title": "Moles", "posts": [{"id": "p1", "text": "Why? " * 400}]}


@pytest.mark.parametrize("packing", PACKED)
def test_compressed_files_are_read_as_what_is_in_them(folder, packing):
    (folder / f"leeks.txt.{packing}").write_bytes(PACKED[packing](LEEKS))
    assert contents(".") == {f"./leeks.txt.{packing}": LEEKS}


@pytest.mark.parametrize("packing", PACKED)
def test_compressed_parts_one_after_the_other_are_all_read(packing):
    packed = PACKED[packing](LEEKS) + PACKED[packing](CHARD)
    assert unpacked(io.BytesIO(packed)).read() == LEEKS + CHARD


@pytest.mark.parametrize("packing", PACKED)
def test_truncated_compressed_files_give_what_is_before_and_say_so(
    db, posts_reader, folder, packing
):
    threads = [TALK | {"id": f"t{n}", "metadata": {"n": str(n * n)}} for n in range(3000)]
    packed = PACKED[packing](lines(*threads))
    (folder / "dump.posts").write_bytes(packed[: len(packed) * 2 // 3])
    outcomes = list(
        importer.import_sources(
            [Container("dump.posts")], collection="Talk", run=importer.start_run({})
        )
    )
    assert isinstance(outcomes[-1], Failed)
    assert outcomes[-1].reason.startswith("dump.posts cannot be read")
    assert ImportedContainer.objects.filter(finished__isnull=False).count() == 0


def test_zstandard_windows_of_2_gigabytes_are_read():
    parameters = zstandard.ZstdCompressionParameters(window_log=31, compression_level=1)
    whole = zstandard.ZstdCompressor(compression_params=parameters).compress(LEEKS)
    assert unpacked(io.BytesIO(whole)).read() == LEEKS


def test_what_expands_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("forumimport.unpacking._HARMLESS", 1024 * 1024)
    bomb = unpacked(io.BytesIO(zstandard.compress(bytes(50_000_000))))
    with pytest.raises(OSError, match="it expands to more than 1,000 times its size"):
        list(iter(lambda: bomb.read(1024 * 1024), b""))


def test_patterns_choose_files_of_folders_and_archives(folder):
    (folder / "talk").mkdir()
    for name in ["a.txt", "b.txt", "c.log"]:
        (folder / "talk" / name).write_bytes(LEEKS)
    zipped({"d.txt": CHARD, "old/e.txt": CHARD}, "talk/f.zip")
    assert list(contents("talk", choice=Choice(include=("*.log",)))) == ["talk/c.log"]
    chosen = Choice(include=("*.txt", "*.zip"), exclude=("b*", "old/*"))
    assert list(contents("talk", choice=chosen)) == ["talk/a.txt", "talk/f.zip/d.txt"]


def test_patterns_choose_pages_of_a_folder_that_is_read_as_a_whole(db, folder):
    page = (SAMPLES / "html-xenforo-1.html").read_bytes()
    members = {f"pages/{name}.html": page + name.encode() for name in ("a", "b", "c-print")}
    for name, content in members.items():
        write(name, content)
    zipped(members)
    for place in ("pages", "a.zip"):
        for patterns in (Choice(exclude=("*-print.html", "pages/b*")), Choice(include=("a.*",))):
            containers = sources.opened(sources.files([place], patterns), patterns)
            (created,) = importer.import_sources(containers, collection="Talk", run=None)
            (document,) = created.draft.documents
            assert document.locator == "a.html"
            assert document.sha256 == sha256_of(members["pages/a.html"])


def test_folders_that_are_one_source_are_not_taken_apart(folder, monkeypatch):
    class Folder(Reader):
        id, title, suffixes = "folder", "A folder", frozenset()

        def sniff(self, head):
            return 1.0 if {"cur", "new", "tmp"} <= head.folder else 0.0

        def read(self, source, options):
            raise AssertionError

    monkeypatch.setitem(READERS, "folder", Folder())
    for name in ["mail/cur", "mail/new", "mail/tmp", "talk"]:
        (folder / name).mkdir(parents=True)
    (folder / "mail/cur/1.txt").write_bytes(LEEKS)
    (folder / "talk/leeks.txt").write_bytes(LEEKS)
    origins = [(source.origin, source.path is not None) for source in found(".")]
    assert origins == [("./mail", True), ("./talk/leeks.txt", False)]


def test_files_above_the_limit_are_read_where_they_hold_many_threads(
    db, posts_reader, folder, settings
):
    settings.CORPUS_MAX_DOCUMENT_BYTES = 5_000
    threads = [TALK | {"id": f"t{n}", "title": f"Moles {n}"} for n in range(10)]
    giant = {"id": "t99", "title": "Giant", "posts": [{"text": "Why? " * 2000}]}
    (folder / "dump.posts").write_bytes(lines(*threads, giant))
    outcomes = list(
        importer.import_sources(
            [Container("dump.posts")], collection="Talk", run=importer.start_run({})
        )
    )
    assert Thread.objects.count() == 10
    assert outcomes[-1].reason == (
        "dump.posts line 11 is larger than the 5,000 bytes that CORPUS_MAX_DOCUMENT_BYTES allows; "
        "split it or raise the setting."
    )


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_standard_input_may_bring_more_than_a_document_has(
    db, posts_reader, folder, settings, monkeypatch, packed
):
    settings.CORPUS_MAX_DOCUMENT_BYTES = 4_000
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    chance = random.Random(3)
    threads = [
        {"id": f"t{n}", "title": f"Moles {n}", "posts": [{"text": chance.randbytes(900).hex()}]}
        for n in range(10)
    ]
    piped = io.TextIOWrapper(io.BytesIO(packed(lines(*threads) + b"{")))
    monkeypatch.setattr(sys, "stdin", piped)
    outcomes = imported(Container("-"))
    assert Thread.objects.count() == 10
    assert SourceDocument.objects.filter(origin="standard input").count() == 10
    assert (outcomes[-1].origin, outcomes[-1].locator) == ("standard input", "line 11")
    assert list(folder.iterdir()) == []


@pytest.fixture
def dump(folder, posts_reader, monkeypatch):
    monkeypatch.setattr(sources, "REMEMBERED", 1)
    threads = [TALK | {"id": f"t{n}", "title": f"Moles {n}"} for n in range(5)]
    (folder / "dump.posts").write_bytes(lines(*threads))
    return Container("dump.posts")


def imported(*containers, **options):
    options = {"collection": "Talk", "run": importer.start_run({})} | options
    return list(importer.import_sources(containers, **options))


def test_finished_files_are_not_read_again(db, dump, monkeypatch):
    imported(dump)
    rows = snapshot()
    with monkeypatch.context() as patched:
        patched.setattr(Container, "sources", lambda self: pytest.fail("It was read again."))
        (known,) = imported(dump)
    assert (type(known), known.documents) == (Known, 5)
    assert snapshot() == rows


def test_finished_file_is_read_again_when_a_thread_is_gone(db, dump):
    imported(dump)
    Thread.objects.first().delete()
    outcomes = imported(dump)
    assert sum(isinstance(outcome, Skipped) for outcome in outcomes) == 4
    assert SourceDocument.objects.count() == 5
    assert [type(outcome) for outcome in imported(dump)] == [Known]


def test_threads_left_out_of_a_finished_file_are_told_when_the_run_goes_on(db, dump, folder):
    post = {"text": "Why? " * 400, "date": "2003-05-03T10:00:00"}
    old = [{"id": f"t{n}", "title": f"Moles {n}", "posts": [post]} for n in range(5)]
    (folder / "dump.posts").write_bytes(lines(*old))
    plan = importer.Plan("Talk", since=datetime(2100, 1, 1, tzinfo=UTC))
    run = importer.start_run({})
    imported(dump, plan=plan, run=run)
    assert run.left_out == 5
    importer.resume(run, 0)
    (known,) = imported(dump, plan=plan, run=run)
    assert (type(known), run.left_out) == (Known, 5)
    other = importer.start_run({})
    imported(dump, plan=plan, run=other)
    assert other.left_out == 0


def test_file_that_a_limit_cut_short_is_not_finished(db, dump):
    plan = importer.Plan("Talk", limit=2)
    assert len(imported(dump, plan=plan)) == 2
    assert ImportedContainer.objects.get().finished is None
    assert len([one for one in imported(dump) if isinstance(one, Skipped)]) == 2
    assert Thread.objects.count() == 5


def test_file_read_otherwise_is_read_again(db, dump):
    imported(dump)
    outcomes = imported(Container("dump.posts", Choice(exclude=("x*",))))
    assert {type(outcome) for outcome in outcomes} == {Skipped}


def test_content_that_is_compressed_is_read_as_what_is_in_it():
    assert Source("a", gzip.compress(LEEKS)).stream().read() == LEEKS
