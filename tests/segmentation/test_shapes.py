"""Headers, footers and quotations in the shapes in which engines leave them when text is copied."""

from datetime import UTC, datetime

import pytest

from corpus.segmentation import recover

WORDS = [
    "Where do you hang your owl boxes this year?",
    "On the ash by the lane, facing east.",
    "Mine is on the barn, and they came.",
    "Which height did you choose, then?",
    "About four metres up I should say.",
]
NAMES = ["Fen", "Wren", "Otter", "Fen", "Wren"]


def thread(post, count=5):
    posts = (post(n, NAMES[n], words) for n, words in enumerate(WORDS[:count]))
    return "Owl boxes\n\n" + "\n\n".join(posts)


SHAPES = {
    "registered": lambda n, name, words: (
        f"{name}\nRegistered: {12 + n % 3} Jan 200{4 + n % 3}\nLocation: Leeds\nPosts: 12{n}\n\n"
        f"Posted: {3 + n} May 2011, 10:00\n\n{words}"
    ),
    "member since": lambda n, name, words: (
        f"{name}\nMember since {12 + n % 3} Jan 2004\n\n{3 + n} May 2011, 10:00\n\n{words}"
    ),
    "label above": lambda n, name, words: (
        f"{name}\nMember\nJoined\nJan {5 + n % 3}, 2020\nMessages\n1{n}\n\n"
        f"May {3 + n}, 2011 10:00\n#{n + 1}\n{words}"
    ),
    "offline": lambda n, name, words: (
        f"{name} is offline\nSenior Member\n\n{3 + n} May 2011, 10:00\n\n{words}"
    ),
    "post count": lambda n, name, words: (
        f"{name}\nMembers\n\n{56 + n} posts\nPosted May {3 + n}, 2011, 10:00\n\n{words}"
    ),
    "number": lambda n, name, words: f"#{n + 1} {name} {3 + n} May 2011 10:00\n{words}",
    "number and point": lambda n, name, words: f"{n + 1}. {name} - {3 + n} May 2011 10:00\n{words}",
    "post by": lambda n, name, words: f"Post #{n + 1} by {name} - {3 + n} May 2011 10:00\n{words}",
    "board": lambda n, name, words: f"No.10{n} {name} {3 + n}/05/2011 10:00\n{words}",
    "weekday behind": lambda n, name, words: (
        f"{n + 1} :{name}:2011/05/0{3 + n}(日) 10:00:00 ID:x{n}\n{words}"
    ),
    "address": lambda n, name, words: (
        f'From: "{name}" <{name.lower()}@x.example>\nDate: {3 + n} May 2011 10:00\n\n{words}'
    ),
    "asctime": lambda n, name, words: (
        f"From: {name}\nDate: Tue May  {3 + n} 10:00:00 2011\n\n{words}"
    ),
    "two digits": lambda n, name, words: f"{name}\n0{3 + n}.05.11, 10:00\n\n{words}",
    "time first": lambda n, name, words: f"{name}\n10:00 am, {3 + n} May 2011\n{words}",
    "panel below": lambda n, name, words: (
        f"{name} » {3 + n} May 2011, 10:00\n\n{words}\n\n{name}\nPosts: 4{n}\n"
        f"Joined: {n + 1} Jan 2004\nLocation: Leeds\nTop"
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_headers_say_who_wrote_and_when(shape):
    found = recover(thread(SHAPES[shape]))
    text = thread(SHAPES[shape])
    assert [post.span.of(text) for post in found.utterances] == WORDS
    assert [post.speaker for post in found.utterances] == NAMES
    assert [post.date for post in found.utterances] == [
        datetime(2011, 5, 3 + n, 10, tzinfo=UTC) for n in range(5)
    ]


RELATIVE = {
    "hours": ["2 hours ago", "an hour ago", "an hour ago", "25 minutes ago", "a minute ago"],
    "short": ["3y ago", "2y ago", "9mo. ago", "5d ago", "12h ago"],
    "edited": ["5 years ago", "4 years ago", "3 years ago (edited)", "2 years ago", "1 year ago"],
    "no year": ["3 May, 10:01", "3 May, 10:05", "4 May, 9:00", "5 May, 23:10", "6 May, 0:15"],
    "weekday": ["Monday at 10:15 AM", *["Friday at 9:15 PM"] * 4],
    "unspaced": ["5年前", "3か月前", "2週間前", "3日前", "20分前"],
}


@pytest.mark.parametrize("kind", RELATIVE)
def test_dates_that_depend_on_the_day_stay_text(kind):
    dates = RELATIVE[kind]
    found = recover(thread(lambda n, name, words: f"{name}\n{dates[n]}\n{words}"))
    assert [post.speaker for post in found.utterances] == NAMES
    assert [post.date_text for post in found.utterances] == [
        date.removesuffix(" (edited)") for date in dates
    ]
    assert {post.date for post in found.utterances} == {None}


def test_titles_above_answers_of_a_short_thread_are_of_the_header():
    text = thread(
        lambda n, name, words: (
            ("Re: Owl boxes\n" if n else "") + f"by {name} » {3 + n} May 2011\n\n{words}\n\nTop"
        ),
        count=4,
    )
    found = recover(text)
    assert [post.span.of(text) for post in found.utterances] == WORDS[:4]


def test_what_stands_below_the_whole_thread_hides_no_footer():
    text = thread(
        lambda n, name, words: f"{name}\n{3 + n} May 2011\n\n{words}\n\nReply Quote Report"
    )
    text += "\n\nPage 2 of 7\nBoard index"
    found = recover(text)
    assert [post.span.of(text) for post in found.utterances] == WORDS
    assert not found.quotations


def test_header_that_is_said_again_below_another_is_no_post():
    def post(n, name, words):
        again = f"Fen 发表于 2012-3-5 18:20\n{WORDS[0]}\n\n" if n == 3 else ""
        return f"{name} 发表于 2012-3-{5 + n} 18:2{n}\n{again}{words}"

    found = recover(thread(post))
    assert [post.speaker for post in found.utterances] == NAMES
    assert [post.date.day for post in found.utterances] == [5, 6, 7, 8, 9]


def test_number_of_a_post_is_no_quotation_but_says_what_is_answered():
    def post(n, name, words):
        answered = {2: ">>100\n", 3: ">>101 I agree. "}.get(n, "")
        return f"No.10{n} {name} {3 + n}/05/2011\n{answered}{words}"

    found = recover(thread(post))
    assert not found.quotations
    assert [one.reply_to for one in found.utterances] == [None, None, 0, 1, None]


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("^ {}", ["Fen", "Wren", "Otter", "Fen", "Wren"]),
        ("{} smith", ["fen smith", "wren smith", "otter smith", "fen smith", "wren smith"]),
        ("{} is offline", ["fen", "wren", "otter", "fen", "wren"]),
        ("{} Reed", ["Fen Reed", "Wren Reed", "Otter Reed", "Fen Reed", "Wren Reed"]),
    ],
)
def test_names_keep_what_families_share_and_lose_what_engines_add(form, names):
    def post(n, name, words):
        head = form.format(name.lower() if names[0].islower() else name)
        return f"{head}\n{3 + n} May 2011 10:00\n\n{words}"

    assert [one.speaker for one in recover(thread(post)).utterances] == names


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        ("#{n} {name} {date}", ["1", "2", "3", "4", "5"]),
        ("{n}. {name} - {date}", ["1", "2", "3", "4", "5"]),
        ("{name}\n{date}\n#{n}", ["1", "2", "3", "4", "5"]),
        ("{name} {date} #{gap}", ["11", "12", "14", "15", "16"]),
        ("{name}\n{count} posts\n{date}", [""] * 5),
        ("{name}\nPosts: {count}\n{date}", [""] * 5),
        ("{name} {count} points {date}", [""] * 5),
        ("{name} {date} #7", [""] * 5),
    ],
)
def test_number_of_a_post_is_read_where_one_counts_up(form, numbers):
    gaps = [11, 12, 14, 15, 16]

    def post(n, name, words):
        date = f"{3 + n} May 2011 10:00"
        head = form.format(n=n + 1, name=name, date=date, gap=gaps[n], count=40 + n)
        return f"{head}\n{words}"

    found = recover(thread(post))
    assert [one.speaker for one in found.utterances] == NAMES
    assert [one.identifier for one in found.utterances] == numbers


def quoted(text):
    return [
        (one.utterance, one.span.of(text), one.source_utterance, one.attributed)
        for one in recover(text).quotations
    ]


def test_quotations_between_tags_are_found_wherever_the_tags_stand():
    text = (
        f"Owl boxes\n\n{WORDS[0]}\n\n\n"
        f'[quote="Ada"]{WORDS[0]}[/quote]\n{WORDS[1]}\n\n\n'
        f"[quote='Ben'][quote=Ada;12]{WORDS[0]}[/quote]\n{WORDS[1]}[/quote] {WORDS[2]}\n\n\n"
        f"[QUOTE][I]Originally posted by Ben[/I]\n{WORDS[1]}[/QUOTE]\n{WORDS[3]}"
    )
    assert quoted(text) == [
        (1, WORDS[0], 0, "Ada"),
        (2, WORDS[0], 0, "Ada"),
        (2, WORDS[1], 1, ""),
        (3, WORDS[1], 1, "Ben"),
    ]


def test_quotation_between_tags_is_one_whatever_gaps_are_in_it():
    text = (
        "Owl boxes\n\nNone came.\n\n\n"
        "[quote=Ada]\nMine fell.\n\nThen it rained.\n[/quote]\nOh dear.\n\n\nSo it goes."
    )
    assert quoted(text) == [(1, "Mine fell.\n\nThen it rained.", None, "Ada")]


def test_tag_that_is_closed_in_another_post_quotes_nothing_there():
    text = f"Owl boxes\n\n{WORDS[0]}\n\n\n[quote=Ada]{WORDS[1]}\n\n\n{WORDS[2]}[/quote]"
    assert len(recover(text).utterances) == 3
    assert not quoted(text)


def test_bars_around_page_turns_are_no_words():
    def post(n, name, words):
        turn = f"\n\n1 2 3 Next\n\nPage {n} of 3\nPrev 1 2 3 Next" if n in (1, 2) else ""
        return f"{name}\n{3 + n} May 2011\n\n{words}{turn}"

    text = thread(post)
    assert [one.span.of(text) for one in recover(text).utterances] == WORDS


def test_lines_below_the_delimiter_of_mail_are_a_signature():
    text = thread(
        lambda n, name, words: (
            f"{name}\n{3 + n} May 2011\n\n{words}" + ("\n-- \nFen, Dept. of Owls" if n == 0 else "")
        )
    )
    found = recover(text)
    assert [one.span.of(text) for one in found.utterances] == WORDS
    assert "-- \nFen, Dept. of Owls" in [
        row.span.of(text) for row in found.boilerplate if row.kind == "signature"
    ]
