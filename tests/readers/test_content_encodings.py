"""How servers pack pages: over and over, in several members, or as nobody can unpack."""

import gzip
import time
import zlib

import brotli
import pytest
import zstandard

from forumimport.readers import BadRecord, content_encodings
from forumimport.readers.content_encodings import unpacked
from tests.readers.test_warc_damage import BOTH, DAMAGED, HTML, address, page, record, told

NOTHING = "Its compressed page is damaged, and nothing of it can be unpacked; fetch it anew."
PAGE = page(2)


def packed(encoding, body):
    return record(2, body, http=HTML + f"Content-Encoding: {encoding}\r\n".encode())


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
        ("gzip, br", brotli.compress(gzip.compress(PAGE))),
        ("BR ,identity", brotli.compress(PAGE)),
        ("identity", PAGE),
        (",", PAGE),
        ("gzip, gzip", gzip.compress(PAGE)),
        ("gzip, br", PAGE),
        ("unheard-of, gzip", gzip.compress(PAGE)),
    ],
)
def test_list_of_encodings_is_unpacked_from_the_last_on(encoding, body):
    assert told(packed(encoding, body)) == ([], {"2": BOTH})


def test_damage_below_another_encoding_is_told():
    body = brotli.compress(gzip.compress(PAGE)[:-9])
    unread, threads = told(packed("gzip, br", body))
    assert unread == [(address(2), DAMAGED, False)]
    assert list(threads) == ["2"]


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress),
                                                ("zstd", zstandard.compress)])  # fmt: skip
@pytest.mark.parametrize("behind", [b"", b"\0" * 600, b"\r\n0\r\n"])
def test_members_behind_one_another_are_one_page(encoding, pack, behind):
    parts = [PAGE[:40], b"", *(PAGE[at : at + 9] for at in range(40, len(PAGE), 9))]
    body = b"".join(map(pack, parts)) + behind
    assert unpacked(body, encoding) == (PAGE, True)


def test_skippable_frame_is_skipped():
    body = b"\x50\x2a\x4d\x18\x03\0\0\0abc" + zstandard.compress(PAGE)
    assert unpacked(body, "zstd") == (PAGE, True)


def test_later_member_that_is_damaged_is_told():
    body = gzip.compress(b"<p>One") + gzip.compress(b"<p>Two, and more of it")[:-12]
    found, whole = unpacked(body, "gzip")
    assert (found.startswith(b"<p>One<p>"), whole) == (True, False)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_countless_members_are_read_up_to_a_bound(pack):
    encoding = "gzip" if pack is gzip.compress else "zstd"
    start = time.monotonic()
    found, whole = unpacked(pack(b"a") * 200_000, encoding)
    assert (found, whole) == (b"a" * 10_000, False)
    assert time.monotonic() - start < 10


NONSENSE = bytes(range(256)) * 4


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("gzip", NONSENSE, NOTHING),
        ("br", gzip.compress(PAGE)[:20], NOTHING),
        ("gzip", gzip.compress(PAGE)[:10], NOTHING),
        (
            "unheard-of",
            zlib.compress(PAGE),
            "Its page is packed in a way that cannot be unpacked (“unheard-of”; known: gzip, "
            "deflate, br, zstd); save it unpacked.",
        ),
        ("gzip, " * 5, NONSENSE, "It is packed more than 4 times over, as no server does."),
    ],
    ids=["damaged", "another", "cut", "unknown", "over and over"],
)
def test_page_of_which_nothing_can_be_unpacked_is_told(encoding, body, reason):
    unread, threads = told(record(1) + packed(encoding, body))
    assert unread == [(address(2), reason, True)]
    assert threads == {"1": BOTH}


def test_page_in_utf_16_that_was_stored_unpacked_is_read():
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        content = PAGE.decode().encode(encoding)
        assert unpacked(content, "gzip") == (content, True)


def test_layers_of_a_bomb_are_unpacked_no_further_than_a_page_may_be(monkeypatch):
    monkeypatch.setattr(content_encodings, "LONGEST", 1_000_000)
    bomb = gzip.compress(gzip.compress(gzip.compress(b"a" * 300_000_000)))
    found, _whole = unpacked(bomb, "gzip, gzip, gzip")
    assert len(found) < 3_000_000
    with pytest.raises(BadRecord):
        unpacked(bomb, "gzip, gzip, gzip, gzip, gzip")
