"""Header lines of many styles, all invented; what is only like one stays a post's words."""

from datetime import UTC, datetime

import pytest

from corpus.segmentation import Cue, recover

NAMES = ["Fen Marsh", "wren_81", "Otter K.", "wren_81"]
BODIES = [
    "Where do you hang your owl boxes?",
    "On the ash,\nfacing east.\n\nIt took two years.",
    "I have three, none taken.",
    "Patience!",
]
MONTHS = ["May", "May", "May", "June"]
DAYS = [3, 4, 16, 1]


def rendered(template, *, gap="\n\n"):
    """A thread whose posts stand below ``template``."""
    posts = [
        template.format(
            n=n + 1,
            name=name,
            title="Owl boxes" if n == 0 else "Re: Owl boxes",
            date=f"{day} {month} 2011, 10:0{n}",
            us=f"{5 + (month == 'June'):02}/{day:02}/2011, 10:0{n} AM",
            dots=f"{day:02}.{5 + (month == 'June'):02}.2011 10:0{n}",
            posts=17 * n + 3,
            rank=["Junior Member", "Member"][n % 2],
        )
        + body
        for n, (name, body, month, day) in enumerate(zip(NAMES, BODIES, MONTHS, DAYS, strict=True))
    ]
    return "Owl boxes\n\n" + gap.join(posts) + "\n"


TEMPLATES = {
    "one line": "{name} » {date}\n\n",
    "words around": "Posted by {name} on {date}\n",
    "other words around": "Kirjoittanut {name} päivänä {date}\n",
    "colon": "{name}, {dots}:\n",
    "title and author": "{title}\nby {name} » {date}\n\n",
    "mail": "From: {name}\nDate: {date}\nSubject: {title}\n\n",
    "number": "{name}\n#{n}\n{date}\n\n",
    "date first": "{us}\n#{n}\n{name}\n{rank}\nJoin Date: Jul 2003\nPosts: {posts}\n\n",
    "blank line inside": "{name}\n{rank}\nPosts: {posts}\n\n{title}\n« Reply #{n} on: {date} »\n\n",
    "says": "{name} says:\n{date}\n\n",
}


@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n"], ids=["single gap", "longer gap"])
@pytest.mark.parametrize("style", TEMPLATES)
def test_headers_give_posts_speakers_and_dates(style, gap):
    text = rendered(TEMPLATES[style], gap=gap)
    structure = recover(text)
    assert [post.span.of(text) for post in structure.utterances] == BODIES
    assert [post.speaker for post in structure.utterances] == NAMES
    assert [post.date for post in structure.utterances] == [
        datetime(2011, 5, 3, 10, 0, tzinfo=UTC),
        datetime(2011, 5, 4, 10, 1, tzinfo=UTC),
        datetime(2011, 5, 16, 10, 2, tzinfo=UTC),
        datetime(2011, 6, 1, 10, 3, tzinfo=UTC),
    ]
    assert {post.date_precision for post in structure.utterances} == {"minute"}
    assert {post.cue for post in structure.utterances} == {Cue.HEADER}
    assert [part.kind for part in structure.boilerplate] == ["title"] + 4 * ["header"]


def test_headers_with_relative_dates_keep_them_as_text():
    text = "Owl boxes\n\nFen 3 days ago\nWhere?\n\nWren 2 days ago\nOn the ash."
    first, second = recover(text).utterances
    assert (first.speaker, first.date, first.date_text) == ("Fen", None, "3 days ago")
    assert (second.speaker, second.date_precision) == ("Wren", "")


def test_headers_may_stand_below_navigation():
    text = rendered(TEMPLATES["one line"]).replace(
        "Owl boxes\n\n", "Owl boxes\n\nHome\n\nPage 1 of 7\n\nLog in\n\n", 1
    )
    assert [post.speaker for post in recover(text).utterances] == ["", *NAMES]


def test_header_without_a_post_is_no_one_s_words():
    text = rendered(TEMPLATES["one line"]) + "\n\nOtter K. » 2 June 2011, 10:00\n"
    structure = recover(text)
    assert [post.span.of(text) for post in structure.utterances] == BODIES
    assert structure.boilerplate[-1].span.of(text) == "Otter K. » 2 June 2011, 10:00"


@pytest.mark.parametrize(
    "text",
    [
        "Diary\n\nIt began.\n\n3 May 2011\n\nThe owl came back.\n\n4 May 2011\n\nThe owl left.",
        "Owls\n\nOn 3 May 2011, Fen wrote:\n> Hello there\n\nYes.\n\n"
        "On 4 May 2011, Wren wrote:\n> Good day to you\n\nNo.",
        "Log\n\n" + "".join(f"2011-05-0{n} 10:00 fox seen\n" for n in range(1, 9)),
        "Owls\n\nA first post that is not short at all, and goes on for quite a while.\n\n"
        + "[edited 3 May 2011]\n\nMore.\n\n" * 5,
    ],
    ids=["two dates below words", "introductions of quotations", "log", "notes below posts"],
)
def test_other_dated_lines_are_no_headers(text):
    assert Cue.HEADER not in {post.cue for post in recover(text).utterances}
