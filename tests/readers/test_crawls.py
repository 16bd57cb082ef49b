"""Crawls of forums: what is no page of a thread is told together, what is lost by itself."""

import pytest

from forumimport import importer
from forumimport.drafts import Unread
from forumimport.readers import Unreadable, crawls
from forumimport.sources import Container
from tests.readers.test_warc_damage import BOTH, HTML, address, page, record, told

INDEX = b"<html><title>Garden</title><h1>Index</h1></html>"
LOGIN = b"<html><input type='password'></html>"
NO_POSTS = (
    "It shows no posts as XenForo 1 and 2, Invision 3, 4 and 5, Discourse, vBulletin 3, 4 and 5, "
    "SMF 1 and 2, MyBB, phpBB 2 and 3 or schema.org mark "
    "them."
)


def answered(number, status, body=INDEX):
    return record(number, body).replace(b" 200 OK", status)


def test_pages_without_posts_are_told_together_and_are_not_lost():
    archive = b"".join(record(number, INDEX) for number in range(3, 8)) + record(8, LOGIN)
    unread, threads = told(record(1) + archive + record(2))
    assert threads == {"1": BOTH, "2": BOTH}
    shown = ", ".join(map(address, (3, 4, 5)))
    assert unread == [
        ("", f"5 pages are left out, as no thread shows: {shown} and 2 more. {NO_POSTS}", False),
        (
            "",
            f"1 page is left out, as no thread shows: {address(8)}. It is a login form, not a "
            "thread; save the page as somebody who is logged in sees it.",
            False,
        ),
    ]


def test_answers_of_another_status_are_told_together_by_status():
    archive = [answered(3, b" 404 No"), answered(4, b" 301 To"), answered(5, b" 404 No")]
    unread, threads = told(b"".join(archive) + record(1))
    shown = ", ".join(map(address, (3, 4, 5)))
    reason = f"3 answers are left out, as the status is that of no page (404: 2, 301: 1): {shown}."
    assert (unread, threads) == ([("", reason, False)], {"1": BOTH})


def test_answer_of_another_status_that_shows_posts_is_read():
    assert told(answered(2, b" 404 No", page(2))) == ([], {"2": BOTH})


def test_packed_answer_of_another_status_is_no_loss_if_it_is_damaged():
    packed = record(2, b"\x1f\x8b\x08\0\1\2\3", http=HTML + b"Content-Encoding: gzip\r\n")
    unread, _threads = told(record(1) + packed.replace(b" 200 OK", b" 503 No"))
    assert [(reason[:9], lost) for _place, reason, lost in unread] == [("1 answer ", False)]


def test_archive_without_any_thread_is_told_as_lost():
    assert told(record(1, INDEX)) == ([(address(1), NO_POSTS, True)], {})
    unread, threads = told(record(1, INDEX) + record(2, INDEX))
    assert ([lost for _place, _reason, lost in unread], threads) == ([True], {})


def test_pages_whose_posts_cannot_be_read_are_still_lost():
    deep = "".join('<div class="post" id="p1"><div class="content">' for _ in range(300))
    unread, threads = told(record(1) + record(2, f"<html>{deep}</html>".encode()))
    assert [(place, lost) for place, _reason, lost in unread] == [(address(2), True)]
    assert threads == {"1": BOTH}


def test_what_is_beside_threads_is_told_where_the_archive_breaks_off():
    beside, found = crawls.Beside(), []
    beside.without_posts("a", "It shows none.")

    def broken():
        yield Unread("b", "It is damaged.")
        raise Unreadable("It breaks off.")

    with pytest.raises(Unreadable):
        found.extend(one.locator for one in beside.told(broken()))
    assert found == ["b", "a"]


def revisit(number, further=b"", http=HTML):
    return record(number, b"", kind=b"revisit", further=further, http=http)


def digest(name):
    return b"WARC-Payload-Digest: sha1:%s\r\n" % name


UNCHANGED = (
    "{} recorded as unchanged since an earlier visit (revisit) that is not in this archive; import "
    "the archive that has it, too: {}."
)


def test_revisits_of_pages_that_are_not_in_the_archive_are_told_once():
    again = revisit(2, digest(b"B")) * 3 + revisit(3, digest(b"C"))
    unread, _threads = told(again + record(1, further=digest(b"A")))
    places = f"{address(2)}, {address(3)}"
    assert unread == [("", UNCHANGED.format("2 pages are", places), False)]
    assert told(revisit(2, digest(b"B"))) == (
        [("", UNCHANGED.format("1 page is", address(2)), True)],
        {},
    )


@pytest.mark.parametrize(
    ("original", "again"),
    [
        (record(1, further=digest(b"A")), revisit(1, digest(b"A"))),
        (record(1, further=digest(b"A")), revisit(2, digest(b"A"))),
        (record(1), revisit(1, digest(b"A"))),
        (record(1, further=digest(b"A")), revisit(1)),
        (record(1), revisit(2, b"WARC-Refers-To-Target-URI: %s\r\n" % address(1).encode())),
    ],
    ids=["digest", "another address", "no digest of it", "no digest", "referred to"],
)
def test_revisits_of_pages_in_the_archive_are_not_told(original, again):
    assert told(original + again) == ([], {"1": BOTH})
    assert told(again + original)[0] in ([], told(again + record(3))[0])


@pytest.mark.parametrize(
    "again",
    [
        revisit(2, digest(b"B"), b"Content-Type: image/png\r\n"),
        revisit(2, digest(b"B")).replace(b" 200 OK", b" 301 To"),
        revisit(2, digest(b"B"), None).replace(b"viewtopic.php?t=2", b"smile.png?v=2"),
    ],
    ids=["picture", "moved", "picture by its address"],
)
def test_revisits_of_what_is_no_page_are_not_told(again):
    assert told(record(1) + again) == ([], {"1": BOTH})


def test_memory_of_pages_is_bounded(monkeypatch):
    monkeypatch.setattr(crawls, "_REMEMBERED", 2)
    beside = crawls.Beside()
    for number in range(9):
        beside.page(f"a{number}", str(number))
        beside.revisit(f"b{number}", "", "")
    assert (len(beside.came), len(beside.missing)) == (4, 1)


@pytest.mark.django_db
def test_import_of_a_crawl_fails_of_nothing(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(record(3, INDEX) + answered(4, b" 404 No") + record(1))
    (created,) = importer.import_sources([Container(str(path))], run=None)
    assert [problem.lost for problem in created.draft.problems] == [False, False]
