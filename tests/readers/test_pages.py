"""Saved pages and web archives: posts by the structure of the page, pages joined by thread."""

import time

import pytest

from forumimport.drafts import Unread
from forumimport.readers import Source, Unreadable, reader_for
from forumimport.readers.page_engines import ENGINES
from tests.readers.reading import (
    SAMPLES,
    boilerplate,
    content,
    dates,
    posts,
    problems,
    quotations,
    read,
    thread,
)

PHPBB = "html-phpbb-two-pages-first-post-repeated"
QUOTING = {
    "html-xenforo-2-with-signature-and-quote.html": "XenForo 2",
    "html-xenforo-1.html": "XenForo 1",
    "html-vbulletin-4.html": "vBulletin 4",
    "html-vbulletin-5.html": "vBulletin 5",
    "html-invision.html": "Invision 4",
    "html-smf-2.html": "SMF 2",
}


@pytest.mark.parametrize("name", QUOTING)
def test_page_of_every_engine_is_recognised_and_read(name):
    draft = thread(name)
    assert draft.metadata == {"engine": QUOTING[name]}
    assert (draft.title, draft.language) == ("Leeks", "en")
    assert posts(draft) == [("How deep?", "Ada", None), ("How deep?\n\nVery.", "Bo", None)]
    assert quotations(draft) == [("How deep?", "Ada", 0)]
    assert all(date for _, date, _ in dates(draft))


SAVED = """<html><div class="post has-profile" id="p1"><div class="content">Süß und weiß, für alle
Gärten, größere und üppige: Blüten, Äpfel, Öl, Rüben, Möhren, Grün.</div></div></html>"""


def test_page_that_states_no_encoding_is_guessed_and_told():
    draft = thread(SAVED.encode("cp1252"), format="html")
    (document,) = draft.documents
    assert (document.encoding, document.encoding_guessed) == ("cp1252", True)
    assert problems(draft)[0][1].startswith("The encoding is not stated; read as cp1252.")


def test_encoding_that_the_server_stated_is_that_of_the_page():
    page = SAVED.encode("iso8859-15")
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=ISO-8859-15\r\n\r\n"
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/1\r\n"
        b"Content-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n%s%s\r\n\r\n" % (len(head + page), head, page)
    )
    (document,) = thread(record).documents
    assert (document.encoding, document.encoding_guessed) == ("iso8859-15", False)
    assert "größere" in document.text


def test_page_of_discourse_is_read():
    draft = thread("html-discourse-for-crawlers.html")
    assert posts(draft) == [("How deep?", "ada", None), ("How deep?\n\nVery.", "bo", None)]
    assert quotations(draft) == [("How deep?", "ada", 0)]


def test_page_of_discourse_as_saved_from_a_browser_is_read():
    draft = thread(
        b'<!DOCTYPE html><html><head><link rel="canonical" href="https://a.example/t/leeks/77">'
        b'</head><body><div id="topic-title"><h1>Leeks</h1></div><article id="post_3" '
        b'data-post-id="9"><div class="topic-meta-data"><div class="names"><span class="username">'
        b'<a data-user-card="ada">ada</a></span></div><span class="relative-date" '
        b'data-time="1556870400000">3 May</span></div><div class="cooked"><p>Deep?</p></div>'
        b"</article></body></html>"
    )
    assert posts(draft) == [("Deep?", "ada", None)]
    assert dates(draft) == [("1556870400000", "2019-05-03T08:00:00+00:00", "second")]
    assert draft.documents[0].structure.utterances[0].identifier == "3"


def test_page_is_decoded_by_what_it_states():
    draft = thread("html-vbulletin-3-in-latin-1.html")
    assert draft.documents[0].encoding == "cp1252"
    assert posts(draft)[0] == ("Wie tief muss man säen?", "Ada Löw", None)
    assert quotations(draft) == [("Wie tief muss man säen?", "Ada Löw", 0)]


def test_page_with_signatures_keeps_them_apart():
    draft = thread("html-xenforo-2-with-signature-and-quote.html")
    assert boilerplate(draft) == [("Mud is life", "signature")]


def test_pages_of_one_thread_are_joined_and_its_first_post_is_taken_once():
    draft = thread(PHPBB)
    assert draft.identifier == "https://garden.example/viewtopic.php?t=7"
    assert [document.locator for document in draft.documents] == ["b-page-1.html", "a-page-2.html"]
    assert posts(draft) == [
        ("How deep?", "Ada", None),
        ("Very.", "Bo", None),
        ("Very.\n\nNo.", "Cy", None),
    ]
    assert draft.problems == ()


VBULLETIN = """<html><head><title>{title}</title></head><body>
<div class="navbar"><strong>{title}</strong></div>{posts}</body></html>"""
VBULLETIN_POST = """<table id="post{number}"><tr><td class="thead">1-1-2011</td></tr><tr>
<td><a class="bigusername">{name}</a></td>
<td><div id="post_message_{number}">{words}</div></td></tr></table>"""


def saved(title, *posted):
    """A page of vBulletin 3 that does not state its address, with posts as number, name, words."""
    posts = "".join(
        VBULLETIN_POST.format(number=number, name=name, words=words)
        for number, name, words in posted
    )
    return VBULLETIN.format(title=title, posts=posts).encode()


def fetched(*pages):
    """What a web archive is read as that holds pages by where they were fetched."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    archive = b"".join(
        response(f"WARC-Target-URI: http://a.example/{path}\r\n", head + page)
        for path, page in pages
    )
    return read(Source("pages.warc", archive))


UNNAMED = "Its author's name is longer than 1,000 characters."


def test_later_page_of_which_no_post_can_be_read_is_told():
    first = saved("Leeks", (1, "Ada", "How deep?"))
    later = saved("Leeks", (2, "x" * 2000, "Very."), (3, "y" * 2000, "No."))
    (draft,) = fetched(("showthread.php?t=1", first), ("showthread.php?t=1&page=2", later))
    assert posts(draft) == [("How deep?", "Ada", None)]
    place = "http://a.example/showthread.php?t=1&page=2"
    assert problems(draft) == [(f"{place}, post 1", UNNAMED), (f"{place}, post 2", UNNAMED)]


def test_every_page_of_a_thread_of_which_no_post_can_be_read_is_told():
    pages = [saved("Leeks", (n, "x" * 2000, "Very.")) for n in (1, 2)]
    found = fetched(("showthread.php?t=1", pages[0]), ("showthread.php?t=1&page=2", pages[1]))
    assert [(one.locator, one.lost) for one in found] == [
        ("http://a.example/showthread.php?t=1", True),
        ("http://a.example/showthread.php?t=1&page=2", True),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("showthread.php?p=1", "showthread.php?p=9"),
        ("viewtopic.php?p=1#p1", "viewtopic.php?p=9#p9"),
        ("viewtopic.php?f=3&p=1", "viewtopic.php?f=3&p=9"),
        ("index.php?p=/discussion/12", "index.php?p=/discussion/13"),
        ("forum/?p=1", "forum/?p=9"),
        ("?page=1", "?page=2"),
    ],
)
def test_pages_fetched_by_a_post_are_not_joined_by_what_names_no_thread(one, other):
    leeks, moles = saved("Leeks", (1, "Ada", "How deep?")), saved("Moles", (9, "Bo", "Here."))
    drafts = fetched((one, leeks), (other, moles))
    assert [(draft.title, len(posts(draft))) for draft in drafts] == [("Leeks", 1), ("Moles", 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("showthread.php?t=1", "showthread.php?t=1&page=2"),
        ("viewtopic.php?f=3&t=1", "viewtopic.php?f=3&t=1&start=20"),
        ("viewtopic.php?f=3&t=1", "viewtopic.php?f=3&t=1&p=9#p9"),
        ("showthread.php?12-Leeks", "showthread.php?12-Leeks&p=9"),
        ("threads/leeks.1/", "threads/leeks.1/page-2"),
        ("topic/1-leeks/", "topic/1-leeks/?page=2"),
        ("topic/1-leeks/", "topic/1-leeks/?p=9"),
        ("t/leeks", "t/leeks?page=2"),
        ("index.php?topic=1.0", "index.php?topic=1.20"),
    ],
)
def test_pages_are_joined_by_what_names_their_thread(one, other):
    first, later = (
        saved("Leeks", (1, "Ada", "How deep?")),
        saved("Leeks, page 2", (9, "Bo", "Very.")),
    )
    (draft,) = fetched((one, first), (other, later))
    assert [words for words, _, _ in posts(draft)] == ["How deep?", "Very."]


def test_page_with_a_post_in_other_words_says_so(tmp_path):
    for source in (SAMPLES / PHPBB).iterdir():
        changed = source.read_text("utf-8")
        if source.name == "a-page-2.html":
            changed = changed.replace("How deep?", "How deep? (edited)")
        (tmp_path / source.name).write_text(changed, "utf-8")
    draft = thread(Source("pages", path=tmp_path))
    assert posts(draft)[0] == ("How deep?", "Ada", None)
    assert problems(draft) == [
        ("a-page-2.html, 701", "An earlier page shows this post with other words; those are kept.")
    ]


def test_page_with_microdata_or_json_ld_is_read():
    assert posts(thread("html-microdata.html")) == [
        ("How deep?", "Ada", None),
        ("Very.", "Bo", None),
    ]
    assert posts(thread("html-json-ld.html")) == [
        ("How deep?", "Ada", None),
        ("Very.", "Bo", None),
        ("No.", "Cy", 1),
    ]


LOGIN = b"<html><title>Log in</title><form><input type='password' name='p'></form></html>"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (
            LOGIN,
            "It is a login form, not a thread; save the page as somebody who is logged in sees it.",
        ),
        (
            b"<!doctype html><html><body><p>A page about leeks.</p></body></html>",
            "It shows no posts as XenForo 1 and 2, Invision 3, 4 and 5, Discourse, vBulletin 3, 4 "
            "and 5, SMF 1 and 2, MyBB, phpBB 2 and 3 or schema.org mark them.",
        ),
    ],
)
def test_page_without_posts_is_refused(page, reason):
    with pytest.raises(Unreadable) as refusal:
        read(page)
    assert str(refusal.value) == f"file cannot be read. {reason}"


def test_page_without_posts_in_a_folder_costs_itself(tmp_path):
    (tmp_path / "login.html").write_bytes(LOGIN)
    (tmp_path / "thread.html").write_bytes(content("html-smf-2.html"))
    login, draft = read(Source("pages", path=tmp_path))
    assert login.locator == "login.html"
    assert len(posts(draft)) == 2


def test_web_archive_joins_pages_by_thread():
    draft = thread("warc-of-two-pages-and-a-picture.warc")
    assert [words for words, _, _ in posts(draft)] == ["How deep?", "Very.", "Very.\n\nNo."]
    assert [document.locator for document in draft.documents] == [
        "https://garden.example/viewtopic.php?t=7&start=1",
        "https://garden.example/viewtopic.php?t=7&start=2",
    ]


def test_web_archive_of_texts_is_one_thread_a_text():
    leeks, moles = read("wet-of-two-texts.wet")
    assert (leeks.identifier, moles.identifier) == (
        "https://garden.example/leeks",
        "https://garden.example/moles",
    )
    assert leeks.documents[0].text == "Leeks\n\nHow deep?\n\n\nVery."


def response(head, body=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>"):
    lines = f"WARC/1.0\r\nWARC-Type: response\r\n{head}Content-Length: {len(body)}\r\n\r\n"
    return lines.encode() + body + b"\r\n\r\n"


GARDEN = "http://garden.example/"


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        (response(""), "record 1"),
        (response(f"WARC-Target-URI: {GARDEN}\r\n", b"\r\n\r\n"), GARDEN),
        (response(f"WARC-Target-URI: {GARDEN}\r\n", b"\x00"), GARDEN),
    ],
    ids=["no address", "no headers", "no text"],
)
def test_record_of_a_web_archive_that_lacks_something_costs_itself(broken, place):
    archive = content("warc-of-two-pages-and-a-picture.warc")
    unread, draft = read(Source("pages.warc", broken + archive))
    assert unread == Unread(
        place,
        "It names no web address that it was fetched from, or has no headers of a web server.",
    )
    assert len(posts(draft)) == 3


def test_answers_of_other_servers_are_passed_over():
    name = response("WARC-Target-URI: dns:garden.example\r\n", b"garden.example. 60 IN A 1.1.1.1")
    archive = content("warc-of-two-pages-and-a-picture.warc")
    (draft,) = read(Source("pages.warc", name + archive))
    assert len(posts(draft)) == 3


def test_engines_have_names_of_their_own():
    assert len({engine.id for engine in ENGINES}) == len(ENGINES)


@pytest.mark.parametrize(
    "start", [b"<!-- -->" * 5000, b"<!--" * 10_000, b"<?xml " * 10_000, b" " * 60_000]
)
def test_long_beginning_is_judged_at_once(start):
    begun = time.monotonic()
    assert reader_for(Source("page", start + b"words")).id == "text"
    assert time.monotonic() - begun < 5
