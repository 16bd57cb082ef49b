"""Records sorted by thread through a temporary file."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumimport.drafts import Unread
from forumimport.readers import Unreadable, grouping
from forumimport.readers.grouping import grouped
from forumimport.readers.records import Record
from tests.readers.reading import read


@given(st.lists(st.tuples(st.text("abc\0é", max_size=2), st.binary(max_size=5)), max_size=30))
def test_grouping_keeps_every_record_in_order(given):
    records = [(name, Record(content, f"line {at}")) for at, (name, content) in enumerate(given)]
    with grouped() as groups:
        for name, record in records:
            groups.add(name, record)
        found = list(groups.threads())
    names = list(dict.fromkeys(name for name, _ in records))
    assert found == [(name, [r for other, r in records if other == name]) for name in names]


def test_grouping_writes_more_than_it_holds(monkeypatch):
    monkeypatch.setattr(grouping, "_BATCH", 3)
    with grouped() as groups:
        for number in range(10):
            groups.add(str(number % 2), Record(b"x", str(number)))
            assert len(groups.waiting) < 3
        assert [len(records) for _, records in groups.threads()] == [5, 5]


def test_grouping_refuses_a_thread_that_is_too_large(monkeypatch):
    monkeypatch.setattr(grouping, "LARGEST", 4)
    with grouped() as groups:
        groups.add("a", Record(b"xxx", "1"))
        groups.add("b", Record(b"x", "2"))
        groups.add("a", Record(b"xxx", "3"))
        assert list(groups.threads()) == [
            Unread("thread a", "Its 2 records have 6 bytes; 4 are read of one thread."),
            ("b", [Record(b"x", "2")]),
        ]


def test_grouping_leaves_nothing_behind(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with grouped() as groups:
        groups.add("a", Record(b"x", "1"))
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []


def test_grouping_without_room_says_so(monkeypatch):
    def full(*arguments, **options):
        raise grouping.sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(grouping.Grouping, "_write", full)
    folder = Path(tempfile.gettempdir())
    with pytest.raises(Unreadable) as refusal:
        read("4cat-results.csv")
    assert str(refusal.value) == (
        f"The posts cannot be sorted by thread in {folder} (database or disk is full); "
        "make room there, or name another folder in TMPDIR."
    )
