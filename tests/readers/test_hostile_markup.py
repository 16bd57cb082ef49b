"""Mail, pages and web archives that are made to cost time or memory: refused, or read at once."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumimport.drafts import PostDraft, Unread
from forumimport.readers import (
    READERS,
    BadRecord,
    Options,
    Source,
    Unreadable,
    markup,
    messages,
    pages,
    plain,
)
from forumimport.readers.jwz import Threading
from tests.readers.reading import refused

#: Seconds of CPU that a crafted record of some 100 kB may take; it takes a tenth, on a slow day.
ENOUGH = 5.0
HEADERS = b"From: a@b.example\nSubject: x\nMessage-ID: <1@x>\n"


def cost(read):
    start = time.process_time()
    with contextlib.suppress(BadRecord):
        read()
    return time.process_time() - start


@pytest.mark.parametrize(
    "message",
    [
        b"Subject: " + b"=?utf-8?q?a?= " * 10_000 + b"\n\nhi",
        b"References: " + b"<" * 100_000 + b"\n" + HEADERS + b"\nhi",
        b"X: y\n" + b" y\n" * 30_000 + HEADERS + b"\nhi",
        b"Content-Type: text/plain;\n" + b" a=b;\n" * 20_000 + HEADERS + b"\nhi",
        b"From: " + b"(" * 9_000 + b"\n\nhi",
        HEADERS + b"\n" + b"_" * 100_000,
        HEADERS + b"\n" + b"-- \n" * 25_000,
        HEADERS + b"\n" + b">" * 100_000,
        HEADERS + b"\n" + b"On " * 30_000 + b"\n> b\n",
        HEADERS + b"\n" + b" " * 100_000 + b"x",
        b"Content-Transfer-Encoding: base64\n\n" + b"!" * 100_000,
        b"Content-Type: text/plain; charset=punycode\n\n" + ("一二" * 100_000).encode("punycode"),
    ],
)
def test_crafted_message_costs_little(message):
    assert cost(lambda: (messages.headers(message), messages.read(message))) < ENOUGH


def test_message_of_countless_parts_is_refused():
    message = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nhi\n" * 10_001
    with pytest.raises(BadRecord, match="more than 10,000 parts"):
        messages.read(message)


def test_message_of_parts_of_parts_without_end_is_refused():
    message = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number)
        for number in range(101)
    )
    with pytest.raises(BadRecord, match="more than 100 parts that have parts"):
        messages.read(message + b"\nhi")


@pytest.mark.parametrize(
    "html",
    [
        "<" * 100_000,
        "&" * 100_000,
        "<!--" * 25_000,
        "<a " + " b=c" * 25_000 + ">x</a>",
        "<div>" * 9_999 + "x",
        "<b><p>" * 4_000,
        "<table><a>" * 4_000,
        "<blockquote>" * 9_000 + "x",
        "<p>" * 30_000,
    ],
)
def test_crafted_markup_costs_little(html):
    assert cost(lambda: markup.fragment(html)) < ENOUGH


def test_entities_that_a_page_declares_are_not_expanded():
    html = '<!DOCTYPE html [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;">]><p>Beans &b;'
    assert "aaaa" not in markup.fragment(html).text.rpartition("Beans")[2]


def test_posts_in_posts_without_end_are_refused():
    html = '<div class="post has-profile" id="p1"><div class="content">x' * 2_000
    assert cost(lambda: pages.read(f"<html>{html}")) < ENOUGH
    with pytest.raises(BadRecord):
        pages.read(f"<html>{html}")


ARTICLE = "<article class='message--post' data-content=1>"
BODY = "<div class=message-body><div class=bbWrapper>x</div></div>"


@pytest.mark.parametrize(
    "html",
    [
        ARTICLE * 3_000 + "<br>" * 30_000,
        ARTICLE * 2_000 + "<div>" * 2_000 + BODY,
        (ARTICLE + BODY) * 3_000 + "<div class=message-signature>" + "word " * 30_000,
        (ARTICLE + BODY + "</article>") * 2_000 + f"<div class='{'a ' * 50_000}'>" + BODY * 2_000,
    ],
    ids=["no bodies", "one body", "one signature", "many classes"],
)
def test_posts_are_not_looked_through_with_those_around_them(html):
    assert cost(lambda: pages.read(html)) < ENOUGH


def test_posts_that_hold_their_answers_are_read():
    """As microdata has them; forums nest answers a dozen deep at most."""
    html = "".join(ARTICLE + BODY for _ in range(12)) + "</article>" * 12
    assert len(pages.read("<h1>Beans</h1>" + html * 20).posts) == 240


def test_guesses_about_threads_are_not_withdrawn_without_end():
    threading = Threading()
    for number in range(20_000):
        threading.add(f"m{number + 1}", [f"m{number}"])
    start = time.process_time()
    for number in range(20_000):
        threading.add(f"x{number}", [f"g{number}", f"h{number}"])
        threading.add(f"h{number}", ["m20000"])
    assert time.process_time() - start < ENOUGH


def test_scripts_that_nest_without_end_cost_the_page():
    script = '{"@type":"DiscussionForumPosting","text":"a"' + ',"comment":{"text":"a"' * 5_000
    for content in ("[" * 100_000, script + "}" * 5_001):
        page = f'<script type="application/ld+json">{content}</script>'
        assert cost(lambda page=page: pages.read(page)) < ENOUGH


@pytest.mark.parametrize(
    "header",
    [
        b"X: " + b"a" * 50_000_000,
        b"X: y\r\n" * 5_000_000,
        b"Content-Length: 99999999999999999999",
    ],
    ids=["one line", "many lines", "length"],
)
def test_web_archive_with_giant_headers_costs_little(header):
    record = b"WARC/1.0\r\nWARC-Type: response\r\n" + header + b"\r\n\r\nhi\r\n\r\n"

    def read():
        with contextlib.suppress(Unreadable):
            list(READERS["warc"].read(Source("a.warc", record), Options()))

    assert cost(read) < ENOUGH


def test_chunks_of_one_byte_are_no_header_without_end():
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    body += b"1\r\na\r\n" * 400_000 + b"0\r\n\r\n"
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\n"
    head += "Content-Type: application/http; msgtype=response\r\n"
    record = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"
    ((place, reason),) = refused(record, format="warc")
    assert (place, reason[:14]) == ("http://a.example/", "It shows no po")


def test_countless_quotations_of_long_posts_cost_little():
    posts = [PostDraft("word " * 100_000, "p0")]
    for number in range(1, 20):
        posts.append(PostDraft("word " * 100_000, f"p{number}", reply_to=f"p{number - 1}"))
    quotes = "\nNo.\n".join(f"> it {number}" for number in range(50_000))
    posts.append(
        PostDraft(quotes, "p20", reply_to="p19", quotations=tuple(plain.quotations(quotes)))
    )
    assert cost(lambda: list(plain.resolved(posts))) < ENOUGH


@given(
    st.lists(st.sampled_from(["<div>", "</p>", "<blockquote>", "<cite>", "<a href=x>", "&lt", "x"]))
)
def test_any_markup_is_read_or_refused(parts):
    try:
        marked = markup.fragment("".join(parts))
    except BadRecord:
        return
    for link in marked.links:
        assert 0 <= link.span.start < link.span.end <= len(marked.text)


@given(st.binary(max_size=300))
def test_any_record_of_a_web_archive_is_read_or_refused(content):
    source = Source("a.warc", b"WARC/1.0\r\nWARC-Type: response\r\n" + content)
    try:
        found = list(READERS["warc"].read(source, Options()))
    except Unreadable:
        return
    assert all(isinstance(one, Unread) or one.documents for one in found)
