"""Files that are no thread text, or only just: imported faithfully or refused with one sentence,
while the others are imported."""

import io
import struct
import time
import zlib

import pytest
from django.core.management import call_command
from haystack.query import SearchQuerySet

from corpus.models import SourceDocument, Thread, Utterance
from forumimport.models import ImportProblem

GOOD = "Leeks\n\nDeep or shallow?\n\n\nDeep.\n"


def png():
    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0\xff\0\0")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
    )


EMPTY = "bad.txt is empty; a thread text has a title line and then the posts."
BINARY = (
    "bad.txt is a binary file, not text; save it as plain text, or name its encoding with "
    "--encoding if it is UTF-16 or UTF-32 without a byte order mark."
)
UNTITLED = "bad.txt has no title line; a thread text begins with one line of title."
NO_POSTS = "bad.txt has a title but no posts; nothing follows its first line."
TOO_LARGE = (
    "bad.txt is larger than the 33,554,432 bytes that CORPUS_MAX_DOCUMENT_BYTES allows; "
    "split it or raise the setting."
)
REFUSED = {
    "empty": (b"", EMPTY),
    "white space only": (b" \t\r\n\n  \n", EMPTY),
    "byte order mark only": (b"\xef\xbb\xbf", EMPTY),
    "blank lines only": (b"\n" * 100_000, EMPTY),
    "title only": (b"Only a title", NO_POSTS),
    "title and blank lines": (b"Only a title" + b"\n" * 100_000, NO_POSTS),
    "no title": (b"Words that run on\nwithout a blank line.\n", UNTITLED),
    "NUL in text": (b"Title\n\nSome words\0 and more of them.\n", BINARY),
    "NULs only": (bytes(1000), BINARY),
    "control characters": (bytes(range(1, 9)) * 100, BINARY),
    "picture": (png(), BINARY),
    "50 MB in one line": (b"a" * 50_000_000, TOO_LARGE),
    "damaged UTF-8": (
        "Zwiebeln\n\nSüße, rötliche und weiße".encode()[:-2],
        "bad.txt is in UTF-8, but damaged: byte 36 does not fit; save it anew as UTF-8, or name "
        "its encoding with --encoding if it is in another.",
    ),
}


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("import_threads", *arguments, stdout=out, stderr=err)
    except SystemExit as ending:
        status = ending.code
    return out.getvalue(), err.getvalue(), status


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("trait", REFUSED)
def test_bad_input_costs_itself_only(db, folder, trait):
    content, reason = REFUSED[trait]
    (folder / "bad.txt").write_bytes(content)
    (folder / "good.txt").write_text(GOOD, "utf-8")
    assert run("bad.txt", "good.txt") == (
        "Imported 1 thread, 2 posts; 1 failed (listed above).\n",
        f"{reason}\n",
        1,
    )
    assert SourceDocument.objects.get().text == GOOD
    problem = ImportProblem.objects.get()
    assert (problem.kind, problem.origin, problem.reason) == ("failed", "bad.txt", reason)


def test_bad_input_by_the_encoding_named(db, folder):
    (folder / "bad.txt").write_text("Lauch\n\nJa, süß.\n", "utf-8")
    assert run("bad.txt", "--encoding", "ascii") == (
        "Imported 0 threads, 0 posts; 1 failed (listed above).\n",
        "bad.txt is not in ascii: byte 13 does not fit; name the encoding it is in, or save "
        "it as UTF-8.\n",
        1,
    )


ODD = {
    "CRLF": "Title\r\n\r\nFirst.\r\n\r\n\r\nSecond.\r\n",
    "CR": "Title\r\rFirst.\r\r\rSecond.\r",
    "NEL": "Title\x85\x85First.\x85\x85\x85Second.\x85",
    "U+2028": "Title\u2028\u2028First.\u2028\u2028\u2028Second.",
    "100,000 blank lines": "Title\n\nFirst." + "\n" * 100_000 + "Second.\n",
    "control characters": "Title\n\n"
    + "Ring the bell \x07, then turn the page \x0c and go on reading. " * 10
    + "\n\n\nSecond.",
    "long words": f"Title\n\n{'a' * 100_000}\n\n\n{'語' * 100_000}",
    "not characters": "Title\n\nFirst \ufffe\uffff\U0010ffff.\n\n\nSecond \ue000\u200b\u202e.",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("trait", ODD)
def test_odd_input_is_imported_as_it_is(db, folder, trait, encoding):
    (folder / "odd.txt").write_bytes(ODD[trait].encode(encoding))
    assert run("odd.txt") == ("Imported 1 thread, 2 posts.\n", "", 0)
    document = SourceDocument.objects.get()
    assert (document.text, document.encoding) == (ODD[trait], encoding)
    assert Utterance.objects.count() == 2
    assert SearchQuerySet().count() == 2


@pytest.mark.parametrize(
    ("words", "sought"),
    [("plum " * 400_000, "plum"), ("x" * 2_000_000, None), ("<&>" * 200_000, None)],
    ids=["words", "one word", "signs"],
)
def test_line_of_megabytes_is_imported_in_seconds(db, folder, settings, words, sought):
    settings.CORPUS_MAX_DOCUMENT_BYTES = 60_000_000
    (folder / "line.txt").write_text(f"A long line\n\n{words}\n\n\nSo much for it.\n", "utf-8")
    start = time.monotonic()
    assert run("line.txt") == ("Imported 1 thread, 2 posts.\n", "", 0)
    assert time.monotonic() - start < 30
    first = Utterance.objects.in_order().first()
    assert first.span.of(first.document.text) == words.strip()
    if sought:
        assert SearchQuerySet().auto_query(sought).count() == 1


def test_line_of_megabytes_without_a_title_is_refused_in_seconds(db, folder, settings):
    settings.CORPUS_MAX_DOCUMENT_BYTES = 60_000_000
    (folder / "bad.txt").write_bytes(b"plum " * 1_000_000)
    start = time.monotonic()
    assert run("bad.txt") == (
        "Imported 0 threads, 0 posts; 1 failed (listed above).\n",
        f"{UNTITLED}\n",
        1,
    )
    assert time.monotonic() - start < 30
    assert not Thread.objects.exists()
