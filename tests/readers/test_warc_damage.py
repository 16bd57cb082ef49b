"""Web archives that are cut off or damaged: what can be read is read, and what cannot is told."""

import gzip
import zlib

import brotli
import pytest
import zstandard

from forumimport.drafts import ThreadDraft, Unread
from forumimport.readers import READERS, Options, Source, Unreadable, content_encodings, warc
from tests.readers.reading import posts

HTML = b"Content-Type: text/html\r\n"
POST = """<div class="post" id="p{name}"><p class="author"><time datetime="2019-05-03T08:00Z"></p>
<div class="content">{words}</div></div>"""
CUT = "It breaks off after {:,} of the {:,} bytes that it states; fetch it anew."
NEXT_INSIDE = "The next record begins before the end that it states; it is read up to there."
NO_LENGTH = "Its Content-Length is no number or missing; it is read up to the next record."
WRONG_LENGTH = "It is longer or shorter than it says; it is read as far as it says."
NO_START = "It does not begin as a record does (WARC/1.0), so it is damaged."
NO_TYPE = "It does not say what it is (WARC-Type), so it is damaged."
NO_HEADERS = "It names no web address that it was fetched from, or has no headers of a web server."
DAMAGED = "Its compressed page is damaged or cut off; what could be unpacked is read."


def page(number, words=("Deep.", "Very.")):
    shown = "".join(POST.format(name=f"{number}{at}", words=said) for at, said in enumerate(words))
    return f"<html><title>Leeks {number}</title>{shown}</html>".encode()


def record(number, body=None, *, kind=b"response", http=HTML, length=None, further=b""):
    """A record; ``length`` is what it states of itself, and no ``http`` means no such headers."""
    body = page(number) if body is None else body
    if http is not None:
        body = b"HTTP/1.1 200 OK\r\n" + http + b"\r\n" + body
    head = b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\n%sContent-Length: %s\r\n\r\n"
    length = b"%d" % len(body) if length is None else length
    return head % (kind, address(number).encode(), further, length) + body + b"\r\n\r\n"


def address(number):
    return f"http://a.example/viewtopic.php?t={number}"


def read(content):
    return list(READERS["warc"].read(Source("a.warc", content), Options()))


def told(content):
    """Return what is told of an archive (place, reason, whether lost), and the words by thread."""
    found = read(content)
    drafts = [one for one in found if isinstance(one, ThreadDraft)]
    unread = [one for one in found if isinstance(one, Unread)]
    unread += [problem for draft in drafts for problem in draft.problems]
    return (
        [(one.locator, one.reason, one.lost) for one in unread],
        {draft.identifier[-1]: [words for words, _, _ in posts(draft)] for draft in drafts},
    )


BOTH = ["Deep.", "Very."]
PACKED = pytest.mark.parametrize(
    "packed", [b"".join, lambda parts: b"".join(map(gzip.compress, parts))], ids=["plain", "gzip"]
)


@PACKED
def test_archive_cut_off_in_a_record_gives_its_posts_and_says_so(packed):
    last = record(2)
    size = len(last) - last.index(b"HTTP/") - 4
    cut = last[: last.index(b"ry.")]
    came = len(cut) - cut.index(b"HTTP/")
    unread, threads = told(packed([record(1), cut]))
    assert unread == [(address(2), CUT.format(came, size), False)]
    assert threads == {"1": BOTH, "2": ["Deep.", "Ve"]}


def test_archive_cut_off_before_the_body_or_in_headers_has_lost_a_record():
    last = record(2)
    before = last[: last.index(b"HTTP/")]
    size = len(last) - len(before) - 4
    assert told(record(1) + before) == ([(address(2), CUT.format(0, size), True)], {"1": BOTH})
    assert told(record(1) + before[:60]) == (
        [("record 2", "It breaks off in its headers; fetch it anew.", True)],
        {"1": BOTH},
    )


@PACKED
@pytest.mark.parametrize(
    ("damaged", "reason"),
    [
        (record(2, length=b"100000"), NEXT_INSIDE),
        (record(2, length=b"%d" % (len(record(2)) - record(2).index(b"HTTP/") + 3)), NEXT_INSIDE),
        (record(2, length=b"%d" % (len(record(2)) - record(2).index(b"HTTP/") + 99)), NEXT_INSIDE),
        (record(2).replace(b"Content-Length", b"Length"), NO_LENGTH),
        (record(2, length=b"many"), NO_LENGTH),
        (record(2, length=b"-5"), NO_LENGTH),
        (record(2, length=b"9" * 5000), NO_LENGTH),
    ],
    ids=["beyond the end", "in a line", "in the next", "missing", "words", "negative", "endless"],
)
def test_record_with_a_wrong_length_ends_where_the_next_begins(packed, damaged, reason):
    assert told(packed([record(1), damaged, record(3)])) == (
        [(address(2), reason, False)],
        {"1": BOTH, "2": BOTH, "3": BOTH},
    )


def test_record_longer_than_it_says_is_read_as_far_and_the_next_one_too():
    length = record(2).index(b"</div></div></html>") - record(2).index(b"HTTP/")
    unread, threads = told(record(1) + record(2, length=b"%d" % length) + record(3))
    assert unread == [(address(2), WRONG_LENGTH, False)]
    assert threads == {"1": BOTH, "2": BOTH, "3": BOTH}


def test_words_of_a_whole_record_may_be_those_that_begin_one():
    body = page(2, ["Deep.\r\n\r\nWARC/1.0\r\nVery."])
    unread, threads = told(record(1) + record(2, body) + record(3))
    assert (unread, list(threads)) == ([], ["1", "2", "3"])


@pytest.mark.parametrize("nonsense", [b"nonsense\r\n\r\n", record(2).replace(b"WARC/1.0", b"WARX")])
def test_what_is_no_record_is_told_and_passed_over(nonsense):
    assert told(record(1) + nonsense + record(3)) == (
        [("record 2", NO_START, True)],
        {"1": BOTH, "3": BOTH},
    )


def test_record_with_endless_headers_is_told_and_passed_over():
    endless = record(2, further=b"X: y\r\n" * 200_000)
    unread, threads = told(record(1) + endless + record(3))
    assert unread == [("record 2", "It has more than 1,048,576 bytes of headers.", True)]
    assert list(threads) == ["1", "3"]


def test_file_without_any_record_is_refused():
    with pytest.raises(Unreadable) as refusal:
        read(b"How deep?\r\n\r\nVery.\r\n")
    assert str(refusal.value) == "a.warc is no web archive; no record begins in it."


def test_wrong_lengths_are_mended_up_to_a_bound(monkeypatch):
    monkeypatch.setattr(warc, "_GIVEN_BACK", 1000)
    unread, threads = told(b"".join(record(n, length=b"90000") for n in range(1, 9)))
    assert 1 < len(threads) < 8
    assert unread[-1][1].startswith("It breaks off after ")


@pytest.mark.parametrize(
    ("damaged", "reason"),
    [
        (record(2).replace(b"WARC-Type", b"Type"), NO_TYPE),
        (record(2, kind=b""), NO_TYPE),
        (record(2, http=None), NO_HEADERS),
        (record(2, http=None, body=b"a: b\r\n\r\n" + page(2)), NO_HEADERS),
    ],
    ids=["no type", "empty type", "page in place of headers", "no status"],
)
def test_record_that_lacks_what_such_records_have_is_told(damaged, reason):
    assert told(record(1) + damaged + record(3)) == (
        [(address(2), reason, True)],
        {"1": BOTH, "3": BOTH},
    )


def test_records_that_hold_no_page_are_passed_over():
    kinds = [b"warcinfo", b"request", b"metadata", b"continuation"]
    others = b"".join(record(2, kind=kind) for kind in kinds)
    picture = record(2, b"\x89PNG", http=b"Content-Type: image/png\r\n")
    assert told(record(1) + others + picture) == ([], {"1": BOTH})


def deflated(content):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


PACKINGS = {
    "gzip": gzip.compress,
    "X-GZIP": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
}
OTHERS = [("zstd", zstandard.compress), ("deflate", deflated)]
STORED = [(encoding, bytes) for encoding in ("gzip", "br", "zstd", "deflate", "unheard-of")]


@pytest.mark.parametrize(("encoding", "pack"), [*PACKINGS.items(), *OTHERS, *STORED])
@pytest.mark.parametrize("chunked", [False, True])
def test_packed_page_is_unpacked(encoding, pack, chunked):
    body, http = pack(page(2)), HTML + f"Content-Encoding: {encoding}\r\n".encode()
    if chunked:
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        http += b"Transfer-Encoding: chunked\r\n"
    assert told(record(2, body, http=http)) == ([], {"2": BOTH})


MANY = page(2, [f"{number * 7919 % 99_991:x} {number:x}" for number in range(3000)])


@pytest.mark.parametrize(("encoding", "pack"), PACKINGS.items())
@pytest.mark.parametrize("fault", ["cut", "overwritten", "wrong sum"])
def test_packed_page_with_damage_gives_what_is_before_and_says_so(capsys, encoding, pack, fault):
    packed = pack(MANY)
    half = len(packed) // 2
    damaged = {
        "cut": packed[:half],
        "overwritten": packed[:half] + b"\xff" * 50 + packed[half + 50 :],
        "wrong sum": packed[:-8] + bytes(byte ^ 1 for byte in packed[-8:]),
    }[fault]
    http = HTML + f"Content-Encoding: {encoding}\r\n".encode()
    unread, threads = told(record(1) + record(2, damaged, http=http) + record(3))
    assert (address(2), DAMAGED, False) in unread
    assert len(threads["2"]) > (2900 if fault == "wrong sum" else 1000)
    assert (threads["1"], threads["3"]) == (BOTH, BOTH)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("encoding", "pack"), [*PACKINGS.items(), *OTHERS])
def test_no_more_is_unpacked_than_a_page_may_have(monkeypatch, encoding, pack):
    monkeypatch.setattr(content_encodings, "LONGEST", 1_000_000)
    found, _whole = content_encodings.unpacked(pack(b"a" * 30_000_000), encoding)
    # A few packed bytes of zstd may be some megabytes, and are unpacked at once.
    assert 1_000_000 < len(found) < 12_000_000
