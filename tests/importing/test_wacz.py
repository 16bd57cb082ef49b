"""WACZ: web archives in a zip archive, beside lists of their pages."""

import gzip

import pytest

from forumimport import archives, importer
from forumimport.drafts import ThreadDraft
from forumimport.sources import Choice, Container
from tests.importing.packed import LEEKS, contents, zipped
from tests.readers.test_warc_damage import BOTH, record

WARC = gzip.compress(record(1))
PACKAGE = {
    "archive/data.warc.gz": WARC,
    "archive/more.warc": record(2),
    "indexes/index.cdx.gz": gzip.compress(b"a 2019 {}\n"),
    "pages/pages.jsonl": b'{"format": "json-pages-1.0"}\n{"url": "http://a", "text": "Deep."}\n',
    "datapackage.json": b'{"resources": []}',
    "datapackage-digest.json": b"{}",
    "logs/crawl.log": b"",
}


def test_only_web_archives_of_a_wacz_are_read(folder):
    zipped(PACKAGE, "a.wacz")
    expected = {"archive/data.warc.gz": WARC, "archive/more.warc": record(2)}
    for named, origin in [("a.wacz", "a.wacz"), (".", "./a.wacz")]:
        assert contents(named) == {
            f"{origin}/{name}": content for name, content in expected.items()
        }


def test_files_of_a_wacz_that_are_not_chosen_are_left_out(folder):
    zipped(PACKAGE, "a.wacz")
    assert list(contents("a.wacz", choice=Choice(exclude=("*.gz",)))) == [
        "a.wacz/archive/more.warc"
    ]
    assert contents("a.wacz", choice=Choice(include=("*.jsonl",))) == {}


def test_limits_hold_for_a_wacz(folder, monkeypatch):
    zipped(PACKAGE | {"archive/../../b.warc": b""}, "a.wacz")
    monkeypatch.setattr(archives, "MEMBERS", 1)
    assert list(contents("a.wacz").values()) == [
        WARC,
        "a.wacz holds more than 1 files; the rest is left.",
    ]


@pytest.mark.parametrize("missing", ["datapackage.json", "archive/"])
def test_zip_archive_that_lacks_parts_of_a_wacz_is_read_as_others_are(folder, missing):
    members = dict.fromkeys(("archive/leeks.txt", "datapackage.json", "b.txt"), LEEKS)
    if missing == "datapackage.json":
        members = {"archive/data.warc": record(1), "b.txt": LEEKS}
    zipped(members)
    assert sorted(contents("a.zip")) == sorted(f"a.zip/{name}" for name in members)


def test_wacz_in_an_archive_is_told(folder):
    zipped(PACKAGE, "a.wacz")
    zipped({"a.wacz": (folder / "a.wacz").read_bytes()})
    (reason,) = contents("a.zip").values()
    assert "is an archive in an archive" in reason


@pytest.mark.django_db
def test_wacz_is_imported_without_failures(folder):
    zipped(PACKAGE, "a.wacz")
    found = list(importer.import_sources([Container("a.wacz")], run=None))
    drafts = [outcome.draft for outcome in found]
    assert all(isinstance(draft, ThreadDraft) for draft in drafts)
    assert [outcome.posts for outcome in found] == [len(BOTH), len(BOTH)]
