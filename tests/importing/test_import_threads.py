"""The command: what it takes, what it says, what it writes."""

import gzip
import io
import json
import os
import sys
from bisect import bisect_right
from pathlib import Path

import pytest
from django.core.management import CommandError
from haystack.query import SearchQuerySet

from corpus.models import Collection, Quotation, SourceDocument, Thread, Utterance
from forumimport import projection, sources
from forumimport.engines import engine
from forumimport.models import ImportProblem, ImportRun
from tests.importing.rows import snapshot
from tests.importing.said import LEEKS, ONIONS, Said, write

SHARED = Path(__file__).parents[2].parent / "shared"
SEED, TRUTH = SHARED / "threads" / "seed.txt", SHARED / "truth" / "seed-thread.json"


def test_import_threads_imports_a_file(db, folder):
    write("onions.txt", ONIONS)
    said = Said("onions.txt")
    assert (said.out, said.err, said.status) == ("Imported 1 thread, 3 posts.\n", "", 0)
    assert Thread.objects.get().collection.name == "Imported threads"
    assert SearchQuerySet().count() == 3
    run = ImportRun.objects.get()
    assert (run.state, run.threads, run.posts, run.skipped, run.failed) == ("finished", 1, 3, 0, 0)
    assert run.finished is not None
    assert run.arguments == {
        "paths": ["onions.txt"],
        "collection": "Imported threads",
        "format": "auto",
        "encoding": None,
        "hold": False,
    }


def test_import_threads_takes_folders_recursively_and_sorted(db, folder):
    for name in ["b.txt", "a/2.TXT", "a/1.text", "c/d/e.txt", "a.txt"]:
        write(f"talk/{name}", f"Thread {name}\n\nA post.\n")
    for name in [".hidden.txt", ".git/config.txt", "notes.md", "picture.png", "txt"]:
        write(f"talk/{name}", "Not a thread\n\nA post.\n")
    assert Said("talk").out == "Imported 5 threads, 5 posts.\n"
    assert list(SourceDocument.objects.order_by("pk").values_list("origin", flat=True)) == [
        "talk/a.txt",
        "talk/b.txt",
        "talk/a/1.text",
        "talk/a/2.TXT",
        "talk/c/d/e.txt",
    ]


def test_import_threads_takes_a_named_file_whatever_its_ending(db, folder):
    write(".onions.md", ONIONS)
    assert Said(".onions.md").out == "Imported 1 thread, 3 posts.\n"


def test_import_threads_reads_standard_input(db, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ONIONS.encode())))
    assert Said("-").out == "Imported 1 thread, 3 posts.\n"
    assert SourceDocument.objects.get().origin == "standard input"


def test_import_threads_imports_the_good_and_lists_the_bad(db, folder):
    write("talk/empty.txt", "")
    write("talk/leeks.txt", LEEKS)
    write("talk/onions.txt", ONIONS)
    write("talk/title.txt", "Only a title\n")
    Path("talk/dangling.txt").symlink_to("nowhere.txt")
    Path("talk/round.txt").symlink_to("round.txt")
    os.mkfifo("talk/pipe.txt")
    said = Said("talk", "missing.txt")
    failures = {
        "talk/dangling.txt": "talk/dangling.txt does not exist; "
        "name a file or folder, or - for standard input.",
        "talk/empty.txt": "talk/empty.txt is empty; "
        "a thread text has a title line and then the posts.",
        "talk/round.txt": "talk/round.txt cannot be read: Too many levels of symbolic links.",
        "talk/title.txt": "talk/title.txt has a title but no posts; "
        "nothing follows its first line.",
        "missing.txt": "missing.txt does not exist; "
        "name a file or folder, or - for standard input.",
    }
    assert said.err == "".join(f"{reason}\n" for reason in failures.values())
    assert said.out == "Imported 2 threads, 5 posts; 5 failed (listed above).\n"
    assert said.status == 1
    assert sorted(Thread.objects.values_list("title", flat=True)) == ["Leeks", "On onions"]
    assert SearchQuerySet().count() == 5
    problems = ImportProblem.objects.order_by("pk").values_list("kind", "origin", "reason")
    assert list(problems) == [("failed", *failure) for failure in failures.items()]


def test_import_threads_tells_of_a_folder_that_cannot_be_listed(folder):
    """Too deep, which not even root can list; a forbidden one goes the same way."""
    write("talk/onions.txt", ONIONS)
    name, parent = "d" * 250, os.open("talk", os.O_RDONLY)
    for _level in range(20):
        os.mkdir(name, dir_fd=parent)
        child = os.open(name, os.O_RDONLY, dir_fd=parent)
        os.close(parent)
        parent = child
    os.close(parent)
    containers = sources.opened(sources.files(["talk"]))
    readable, failed = (source for container in containers for source in container.sources())
    assert readable.origin == "talk/onions.txt"
    assert failed.reason == f"{failed.origin} cannot be read: File name too long."


def test_import_threads_names_files_that_are_not_named_in_utf8(db, folder):
    name = os.fsdecode(b"caf\xe9.txt")
    write(name, ONIONS)
    assert Said(name).out == "Imported 1 thread, 3 posts.\n"
    assert SourceDocument.objects.get().origin == r"caf\xe9.txt"
    assert ImportRun.objects.get().arguments["paths"] == [r"caf\xe9.txt"]


def test_import_threads_again_skips(db, folder):
    write("talk/onions.txt", ONIONS)
    Said("talk")
    rows = snapshot()
    write("talk/zwiebeln.txt", ONIONS)
    said = Said("talk")
    assert (said.out, said.err, said.status) == (
        "Imported 0 threads, 0 posts; skipped 2 already imported.\n",
        "",
        0,
    )
    assert snapshot() == rows
    assert Said("talk/onions.txt", "-v2").err == (
        "talk/onions.txt is already imported as “On onions”.\n"
    )


def test_import_that_died_before_its_forum_was_counted_is_completed(db, folder, monkeypatch):
    write("onions.txt", ONIONS)
    with monkeypatch.context() as patched:
        patched.setattr(projection.forums, "_count", lambda: None)
        Said("onions.txt")
    (forum,) = engine().models()[0].objects.values_list("pk", flat=True)
    assert (engine().counters(forum), engine().counted(forum)) == ((0, 0), (1, 3))
    Said("onions.txt")
    assert engine().counters(forum) == (1, 3)


def test_import_threads_holds_posts_back(db, folder):
    write("onions.txt", ONIONS)
    Said("onions.txt", "--hold")
    assert Thread.objects.get().held
    assert engine().visible() == set()
    assert SearchQuerySet().count() == 0


def test_import_threads_names_the_collection(db, folder):
    write("onions.txt", ONIONS)
    write("leeks.txt", LEEKS)
    Said("onions.txt", "--collection", "Vegetables")
    Said("leeks.txt", "--collection", "Vegetables")
    collection = Collection.objects.get()
    assert (collection.name, collection.threads.count()) == ("Vegetables", 2)


def test_import_threads_reads_in_the_encoding_named(db, folder):
    write("onions.txt", "Oignons\n\nCafé ou thé ?\n".encode("cp437"))
    Said("onions.txt", "--encoding", "cp437")
    document = SourceDocument.objects.get()
    assert (document.text, document.encoding, document.encoding_basis) == (
        "Oignons\n\nCafé ou thé ?\n",
        "cp437",
        "attested",
    )


def test_import_threads_says_what_encoding_it_guessed(db, folder):
    write(
        "fragen.txt",
        "Frage\n\nSchöne Grüße aus Köln, das hätte ich nicht gedacht.".encode("cp1252"),
    )
    said = Said("fragen.txt")
    assert said.err == (
        "fragen.txt: The encoding is not stated; read as cp1252. "
        "If characters look wrong, import it with --encoding NAME.\n"
    )
    assert (said.out, said.status) == ("Imported 1 thread, 1 post.\n", 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["bare"],
            "No threads in bare: name files or folders; from a folder, files ending in "
            f"{', '.join(sources.endings())} are taken.",
        ),
        (["leeks.txt", "--collection", " "], "--collection needs a name of 1 to 100 characters."),
        (
            ["leeks.txt", "--collection", "x" * 101],
            "--collection needs a name of 1 to 100 characters.",
        ),
        (
            ["leeks.txt", "--report", "nowhere/report.json"],
            "Cannot write the report nowhere/report.json: No such file or directory.",
        ),
        (
            ["bare", "--include", "*.nope", "--exclude", "a*"],
            "No threads in bare: no file in it is chosen by --include *.nope --exclude a*; a "
            "pattern such as *.json must match a file's name, or its path in the folder.",
        ),
        (
            ["leeks.txt", "--field", "txet=body", "--encoding", "foo", "--limit", "0"],
            "--encoding foo is no text encoding; utf-8, utf-16, latin-1 and cp1252 are some.\n"
            "--field txet=body names no field of ours; these are text, thread, title, id, author, "
            "date, reply_to, url, language.\n"
            "--limit needs a number of 1 or more.",
        ),
        (
            ["leeks.txt", "--encoding", "zlib"],
            "--encoding zlib is no text encoding; utf-8, utf-16, latin-1 and cp1252 are some.",
        ),
        (
            ["leeks.txt", "--mapping", "bare/wrong.toml"],
            "--mapping bare/wrong.toml does not work: The mapping names no text under [post].",
        ),
    ],
)
def test_import_threads_refuses(db, folder, arguments, message):
    write("leeks.txt", LEEKS)
    write("bare/notes.md", LEEKS)
    write("bare/wrong.toml", '[thread]\nposts = "items"\n[post]\nid = "id"\n')
    with pytest.raises(CommandError) as refused:
        Said(*arguments)
    assert str(refused.value) == message
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "notgz.jsonl.gz",
            "hello",
            "notgz.jsonl.gz is not gzip as its name says, nor anything else that is known; "
            "get it anew.\n",
        ),
        ("unpacked.jsonl.gz", '{"text": "Leeks\\n\\nDeep?", "url": "x"}\n', ""),
        ("leeks.txt.gz", LEEKS, ""),
        ("packed.jsonl.gz", gzip.compress(b'{"text": "Leeks\\n\\nDeep?", "url": "x"}\n'), ""),
    ],
    # What is packed has the time in it, and tests must have the same names in every process.
    ids=["neither", "JSON", "text", "packed"],
)
def test_import_threads_tells_of_a_name_that_is_wrong_where_nothing_can_be_read(
    db, folder, name, content, said
):
    write(name, content)
    assert Said(name).err == said


def test_import_threads_tells_what_is_no_json(db, folder):
    write("leeks.txt", LEEKS)
    assert Said("leeks.txt", "--format", "mapped").err == (
        "leeks.txt is no JSON, which begins with a brace or a bracket; leave its format to be "
        "told, or name another.\n"
    )


@pytest.mark.skipif(not SEED.exists(), reason=f"The sample thread is not at {SEED}.")
def test_import_threads_accepts_the_sample_thread(db):
    truth = json.loads(TRUTH.read_text("utf-8"))
    said = Said(SEED)
    assert (said.err, said.status) == ("", 0)
    posts = list(Utterance.objects.in_order())
    starts = [post["start"] for post in truth["posts"]]
    found = [post.start for post in posts]
    assert said.out == f"Imported 1 thread, {len(posts)} posts.\n"
    assert Thread.objects.get().title == truth["title"]
    assert len(set(found) & set(starts)) >= 19
    assert set(found) <= set(starts), "A post is split wrongly."
    found = Quotation.objects.order_by("start").values_list("start", "end", "source_start")
    assert [(start, end, bisect_right(starts, source) - 1) for start, end, source in found] == [
        (quote["start"], quote["end"], quote["source_post"])
        for post in truth["posts"]
        for quote in post["quotes"]
    ]
    assert len(found) == 9
