"""Memory does not grow with the source: only with its longest record, and largest thread."""

import io
import json
import tracemalloc

import pytest

from forumimport import readers
from forumimport.drafts import ThreadDraft
from forumimport.readers import Source

WORDS = "word " * 10_000


class Generated(Source):
    """A source of any length, made while it is read."""

    def stream(self):
        return io.BufferedReader(_Lines(self.content))


class _Lines(io.RawIOBase):
    def __init__(self, pattern):
        self.lines = (pattern.replace(b"%d", b"%d" % n) for n in range(self.number))
        self.left = b""

    number = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        while not self.left:
            line = next(self.lines, None)
            if line is None:
                return 0
            self.left = line
        taken = self.left[: len(buffer)]
        self.left = self.left[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def peak(monkeypatch, pattern, number, format):
    monkeypatch.setattr(_Lines, "number", number)
    tracemalloc.start()
    try:
        source = Generated("dump", pattern)
        found = sum(isinstance(draft, ThreadDraft) for draft in readers.read(source, format=format))
        return found, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


TEXT = (
    "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://a.example/%d\r\n"
    f"Content-Type: text/plain\r\nContent-Length: {len(WORDS)}\r\n\r\n{WORDS}\r\n\r\n"
)
PATTERNS = {
    "documents": json.dumps({"text": f"Leeks\n\n{WORDS}", "url": "https://a.example/%d"}),
    "reddit": json.dumps({"id": "%d", "body": WORDS, "link_id": "t3_%d", "parent_id": "t3_%d"}),
    "4cat": json.dumps({"id": "%d", "body": WORDS, "thread_id": "%d", "__import_meta": {}}),
    "forumscraper": json.dumps(
        {"format_version": "xmb-thread", "url": "u%d", "title": "t", "posts": [{"body": WORDS}]}
    ),
    "table": None,
    "warc": None,
}


@pytest.mark.parametrize("format", PATTERNS)
def test_reading_ten_times_as_much_takes_no_more_memory(monkeypatch, format):
    if format == "table":
        # The header comes again and again: a row as any other.
        pattern = f"thread,text\n%d,{WORDS}\n".encode()
    elif format == "warc":
        pattern = TEXT.encode()
    else:
        pattern = PATTERNS[format].encode() + b"\n"
    few, little = peak(monkeypatch, pattern, 40, format)
    many, much = peak(monkeypatch, pattern, 400, format)
    assert (few >= 40, many >= 400) == (True, True)
    assert much < 2 * little
