"""Files that break off, as interrupted downloads do: what stands before the break is imported."""

import json

import pytest

from corpus.models import Thread, Utterance
from tests.importing.packed import tarred
from tests.importing.said import Said
from tests.importing.test_sources import PACKED
from tests.readers.reading import SAMPLES

THREADS = 400
ENDED = "Compressed file ended before the end-of-stream marker was reached"


def words(number):
    """What does not pack well, so that every algorithm needs several of its blocks."""
    said = " ".join(f"{number * n * 7919 % 99_991:x}" for n in range(2, 160))
    return f"Leeks want {said} days."


def comment(number):
    return {
        "id": f"c{number}",
        "body": words(number),
        "link_id": f"t3_{number}",
        "parent_id": f"t3_{number}",
        "created_utc": 1_556_874_000 + number,
        "author": "ada",
        "subreddit": "leeks",
    }


def lines(made):
    return b"".join(json.dumps(made(number)).encode() + b"\n" for number in range(THREADS))


def letter(number):
    head = f"From: a@x.example\nMessage-ID: <{number}@x>\n"
    return f"From x Fri May  3 10:00:00 2019\n{head}\n{words(number)}\n\n"


def text(number):
    body = f"Leeks {number}\n\n{words(number)}\n"
    return (
        f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://a.example/{number}\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n{body}\r\n\r\n"
    )


PAGE = (SAMPLES / "html-xenforo-1.html").read_text()


def page(number):
    # Without an address of its own it is known by that which it was fetched from.
    html = PAGE.replace("canonical", "other").replace("og:url", "other") + words(number)
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    return (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/threads/{number}/\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(head.encode()) + len(html.encode())}\r\n\r\n{head}{html}\r\n\r\n"
    )


def joined(made, count=THREADS):
    return "".join(map(made, range(count))).encode()


DUMPS = {
    "dump.jsonl": lines(lambda n: {"text": f"Leeks {n}\n\n{words(n)}", "url": f"u{n}"}),
    "reddit.jsonl": lines(comment),
    "array.json": json.dumps(list(map(comment, range(THREADS)))).encode(),
    "table.csv": b"thread_id,author,text\n" + joined(lambda n: f't{n},Ada,"{words(n)}"\n'),
    "mail.mbox": joined(letter),
    "texts.wet": joined(text),
    "pages.warc": joined(page, 150),
}


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("name", DUMPS)
def test_what_stands_before_the_break_is_imported(db, folder, name, packing):
    packed = PACKED[packing](DUMPS[name])
    (folder / f"{name}.{packing}").write_bytes(packed[: len(packed) * 2 // 3])
    said = Said(f"{name}.{packing}")
    assert said.status == 1
    assert f"{name}.{packing}" in said.err
    # Some algorithms pack in blocks, of which the last one is lost as a whole.
    if packing != "bz2":
        assert Thread.objects.count() > (10 if name == "pages.warc" else 130)
    assert said.err.count("\n") <= 2


def test_text_that_breaks_off_is_not_read_in_part(db, folder):
    packed = PACKED["gz"](("Leeks\n\n" + "".join(map(words, range(2500)))).encode())
    (folder / "leeks.txt.gz").write_bytes(packed[: len(packed) // 2])
    assert Said("leeks.txt.gz").err == (
        f"leeks.txt.gz is damaged or cut off ({ENDED}); nothing of it is read. Fetch it anew.\n"
    )
    assert not Utterance.objects.exists()


def test_archive_that_breaks_off_gives_the_members_before(db, folder):
    tarred({"a.jsonl": DUMPS["dump.jsonl"], "b.jsonl": DUMPS["reddit.jsonl"]}, "a.tar.gz", "w:gz")
    packed = (folder / "a.tar.gz").read_bytes()
    (folder / "a.tar.gz").write_bytes(packed[: len(packed) * 2 // 3])
    said = Said("a.tar.gz")
    assert Thread.objects.count() == THREADS
    assert said.err == (
        f"a.tar.gz/b.jsonl cannot be read ({ENDED}).\n"
        f"a.tar.gz is damaged or cut off ({ENDED}); what is before that place is read.\n"
    )


def test_file_fetched_anew_brings_what_was_missing(db, folder):
    packed = PACKED["zst"](DUMPS["reddit.jsonl"])
    (folder / "r.zst").write_bytes(packed[: len(packed) // 2])
    Said("r.zst")
    before = Thread.objects.count()
    (folder / "r.zst").write_bytes(packed)
    assert Said("r.zst").out == (
        f"Imported {THREADS - before:,} threads, {THREADS - before:,} posts; "
        f"skipped {before:,} already imported.\n"
    )
