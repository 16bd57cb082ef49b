"""Which saved pages are of one thread: by their addresses, else by the posts that they show."""

import json

import pytest

from forumimport.drafts import Unread
from forumimport.readers import Source
from tests.readers.reading import posts, problems, read
from tests.readers.test_pages import fetched, saved

OTHER_WORDS = "An earlier page shows this post with other words; those are kept."


def folder(path, **pages):
    """What a folder is read as that holds pages by their names."""
    for name, page in pages.items():
        (path / f"{name}.html").write_bytes(page)
    return read(Source("pages", path=path))


def words(drafts):
    return [[text for text, _, _ in posts(draft)] for draft in drafts]


def at(address, page, program="<!-- saved from url=(0035){} -->"):
    return f"<!DOCTYPE html>\n{program.format(address)}\n".encode() + page


def numbered(page, number):
    bar = f'<div class="pagenav"><table><tr><td class="alt2">{number}</td></tr></table></div>'
    return page.replace(b"<body>", b"<body>" + bar.encode())


@pytest.mark.parametrize(
    "program",
    [
        "<!-- saved from url=(0035)http://{} -->",
        "<html><!--\n Page saved with SingleFile \n url: http://{} \n saved date: Mon May 4\n-->",
        "<!-- Mirrored from {} by HTTrack Website Copier/3.x [XR&CO'2014], Mon, 04 May -->",
    ],
    ids=["browser", "SingleFile", "HTTrack"],
)
def test_address_is_where_the_program_that_saved_a_page_had_it_from(program, tmp_path):
    leeks = at("g.example/showthread.php?t=7", saved("Help", (11, "Ada", "Leeks rot.")), program)
    car = at("o.example/showthread.php?t=900", saved("Help", (11, "Eve", "No spark.")), program)
    more = at("g.example/showthread.php?t=7&page=2", saved("Help", (40, "Bo", "Dry.")), program)
    drafts = folder(tmp_path, b=leeks, c=car, a=more)
    assert words(drafts) == [["Leeks rot.", "Dry."], ["No spark."]]
    assert [draft.identifier for draft in drafts] == [
        "http://g.example/showthread.php?t=7",
        "http://o.example/showthread.php?t=900",
    ]


def test_pages_of_one_title_without_address_are_apart_where_their_posts_contradict(tmp_path):
    drafts = folder(
        tmp_path,
        a=saved("Help", (11, "Ada", "My leeks rot.")),
        b=saved("Help", (11, "Eve", "My car is broken.")),
    )
    assert words(drafts) == [["My leeks rot."], ["My car is broken."]]


def test_pages_of_one_title_without_address_are_joined_if_they_say_to_be_different_ones(tmp_path):
    first = numbered(saved("Help", (11, "Ada", "Leeks rot.")), 1)
    second = numbered(saved("Help", (40, "Bo", "Dry.")), 2)
    again = saved("Moles", (41, "Cy", "Here."))
    other = saved("Moles", (99, "Di", "There."))
    drafts = folder(tmp_path, b=first, a=second, c=again, d=other)
    assert words(drafts) == [["Leeks rot.", "Dry."], ["Here."], ["There."]]


def test_two_first_pages_of_one_title_leave_its_pages_apart(tmp_path):
    drafts = folder(
        tmp_path,
        a=numbered(saved("Help", (11, "Ada", "Leeks rot.")), 1),
        b=numbered(saved("Help", (12, "Eve", "No spark.")), 1),
        c=numbered(saved("Help", (40, "Bo", "Dry.")), 2),
    )
    assert words(drafts) == [["Leeks rot."], ["No spark."], ["Dry."]]


def test_pages_of_a_web_archive_are_never_joined_by_title():
    drafts = fetched(
        ("viewtopic.php?p=11", numbered(saved("Hello", (11, "Ada", "I am Ada")), 1)),
        ("viewtopic.php?p=51", numbered(saved("Hello", (51, "Eve", "I am Eve")), 2)),
    )
    assert words(drafts) == [["I am Ada"], ["I am Eve"]]


def test_page_fetched_by_a_post_is_of_the_thread_that_shows_the_post():
    ada, bo, cy, di = (11, "Ada", "One"), (12, "Bo", "Two"), (13, "Cy", "Three"), (14, "Di", "Four")
    drafts = fetched(
        ("showthread.php?p=14", saved("Leeks", cy, di)),
        ("showthread.php?p=12", saved("Leeks", ada, bo)),
        ("showthread.php?p=13", saved("Leeks", (12, "Bo", "Two (edited)"), cy)),
        ("showthread.php?t=7", saved("Leeks", ada)),
        ("showthread.php?t=8", saved("Moles", (77, "Ed", "Dig"))),
        ("other/showthread.php?p=11", saved("Leeks", ada)),
    )
    assert [draft.identifier for draft in drafts] == [
        "http://a.example/showthread.php?t=7",
        "http://a.example/showthread.php?t=8",
        "",
    ]
    assert words(drafts) == [["One", "Two", "Three", "Four"], ["Dig"], ["One"]]


def test_threads_with_addresses_are_not_joined_by_posts_that_both_show():
    both = (12, "Bo", "Two")
    drafts = fetched(
        ("showthread.php?t=7", saved("Leeks", (11, "Ada", "One"), both)),
        ("showthread.php?t=8", saved("Moles", both, (13, "Cy", "Three"))),
        ("showthread.php?p=12", saved("Moles", both, (13, "Cy", "Three"))),
    )
    assert [draft.identifier[-3:] for draft in drafts] == ["t=7", "t=8"]


def phpbb(number, name, text, thread=7):
    return (
        f'<!DOCTYPE html><html><body><div id="page-body"><h2>'
        f'<a href="./viewtopic.php?f=2&amp;t={thread}">Leeks</a></h2>'
        f'<div id="p{number}" class="post bg2"><div class="postbody">'
        f'<p class="author">by <strong><a href="x">{name}</a></strong></p>'
        f'<div class="content">{text}</div></div></div></div></body></html>'
    ).encode()


def test_thread_of_phpbb_is_one_by_whatever_address_it_is_fetched():
    ada, bo = phpbb(11, "Ada", "Deep?"), phpbb(12, "Bo", "Very.")
    drafts = fetched(
        ("viewtopic.php?f=2&t=7", ada),
        ("viewtopic.php?t=7&sid=0123abcd", ada),
        ("viewtopic.php?f=2&t=7&start=2&hilit=leek&sk=t&sd=a&st=0", bo),
        ("viewtopic.php?f=2&p=12", bo),
        ("viewtopic.php?p=12#p12", bo),
        ("viewtopic.php?f=2&t=7&view=unread", bo),
        ("viewtopic.php?f=2&t=7&view=next", phpbb(21, "Cy", "Moles.", thread=8)),
    )
    assert words(drafts) == [["Deep?", "Very."], ["Moles."]]
    assert [draft.identifier for draft in drafts] == [
        "http://a.example/viewtopic.php?t=7",
        "http://a.example/viewtopic.php?t=8",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("showthread.php?123-Leeks", "showthread.php?123-Leeks/page2"),
        ("forum/beds/123-leeks", "forum/beds/123-leeks/page2"),
        ("threads/leeks.1/", "threads/leeks.1/page-2"),
        ("archive/index.php/t-7.html", "archive/index.php/t-7-p-2.html"),
        ("index.php/topic,7.0.html", "index.php/topic,7.20.html"),
        ("index.php?topic=7.0", "index.php?PHPSESSID=0a1b&topic=7.msg40;topicseen#msg40"),
        ("showthread.php?tid=7", "showthread.php?tid=7&pid=40&highlight=leek"),
    ],
)
def test_pages_are_joined_by_what_names_their_thread(one, other):
    first, later = saved("Leeks", (1, "Ada", "Deep?")), saved("Leeks", (9, "Bo", "Very."))
    (draft,) = fetched((one, first), (other, later))
    assert words([draft]) == [["Deep?", "Very."]]


@pytest.mark.parametrize(
    "another", ["index.php?topic=7.0;prev_next=next", "showthread.php?t=7&goto=nextnewest"]
)
def test_address_of_the_thread_beside_another_names_no_thread(another):
    drafts = fetched((another, saved("Moles", (9, "Bo", "Here."))))
    assert [draft.identifier for draft in drafts] == [""]


def test_later_page_on_which_nothing_but_an_edited_post_is_new_is_told(tmp_path):
    place = "http://g.example/showthread.php?t=7"
    (draft,) = folder(
        tmp_path,
        a=at(place, saved("Leeks", (11, "Ada", "Deep?"))),
        b=at(place, saved("Leeks", (11, "Ada", "How deep?"))),
    )
    assert words([draft]) == [["Deep?"]]
    assert problems(draft) == [("b.html, 11", OTHER_WORDS)]


def test_post_of_another_writer_under_a_known_number_is_kept_and_told(tmp_path):
    place = "http://g.example/showthread.php?t=7"
    (draft,) = folder(
        tmp_path,
        a=at(place, saved("Leeks", (11, "Ada", "Deep?"))),
        b=at(place, saved("Leeks", (11, "Eve", "No spark."))),
        c=at(place, saved("Leeks", (11, "Eve", "No spark."))),
    )
    assert words([draft]) == [["Deep?", "No spark."]]
    assert problems(draft) == [
        (
            "b.html, 11",
            "An earlier page shows another writer and other words under this number, so it may be "
            "of another thread; both are kept, this one without its number.",
        )
    ]


def test_words_said_twice_on_a_page_without_numbers_are_kept_twice():
    said = (
        '<div class="post"><div class="posttop"><div class="username">Ada</div>'
        '<div class="date">05-13-2009, 10:00 AM</div></div><div class="posttext">+1</div></div>'
    )
    page = f"<!DOCTYPE html><html><title>Leeks</title><body>{said}{said}</body></html>"
    assert words(read(page.encode())) == [["+1", "+1"]]


def test_halves_of_characters_in_json_ld_cost_themselves(tmp_path):
    stated = {
        "@type": "DiscussionForumPosting",
        "headline": "Leeks \ud800",
        "url": "http://a.example/\ud800",
        "text": "Deep?",
    }
    page = f"<html><script type='application/ld+json'>{json.dumps(stated)}</script></html>"
    nameless = page.replace('"url"', '"uri"')
    found = folder(tmp_path, a=page.encode(), b=nameless.encode())
    assert all(isinstance(one, Unread) for one in found)
    assert len(found) == 2


def test_page_with_an_address_that_is_too_long_is_read_without_it():
    (draft,) = fetched((f"threads/{'leeks-' * 300}1/", saved("Leeks", (1, "Ada", "Deep?"))))
    assert (draft.identifier, words([draft])) == ("", [["Deep?"]])
