"""Records that cannot be read: named with their place and a reason, and the others are read."""

import json

import pytest

from forumimport import readers
from forumimport.readers import Source, Unreadable, json_values, records
from tests.readers.reading import content, dates, posts, problems, read, refused, thread


def lines(*rows):
    return b"".join(
        (row if isinstance(row, bytes) else json.dumps(row).encode()) + b"\n" for row in rows
    )


def comment(name, **more):
    return {
        "id": name,
        "body": "Words.",
        "link_id": "t3_a",
        "subreddit": "s",
        "author": "ada",
        "parent_id": "t3_a",
        "created_utc": 1556874000,
        **more,
    }


GOOD = comment("good")
BAD = {
    "invalid": (
        b'{"id": "x", }',
        "It is no valid JSON (",
    ),
    "cut off": (b'{"id": "x", "body": "Wo', "It is no valid JSON (unterminated string starting at"),
    "no object": (b"[1, 2]", "It is no JSON object in braces."),
    "not UTF-8": (b'{"body": "\xff"}', "It is not in UTF-8: byte 11 does not fit."),
    "no thread": ({"body": "Words."}, "It does not say which submission it is of."),
    "deep": (b'{"a":' * 9999, "Its values lie too deep in one another to be read."),
    "long number": (b'{"a": ' + b"9" * 5000 + b"}", "It holds a number too long to be read."),
}


@pytest.mark.parametrize("trait", BAD)
def test_broken_line_costs_itself(trait):
    bad, reason = BAD[trait]
    found = read(lines(GOOD, bad, comment("other")), format="reddit")
    assert (found[0].locator, found[0].lost) == ("line 2", True)
    assert found[0].reason.startswith(reason[:45])
    assert [words for words, _, _ in posts(found[1])] == ["Words.", "Words."]


POSTS = {
    "NUL": (comment("x", body="a\0b"), "Its text holds a NUL (character 2), so it is damaged."),
    "lone surrogate": (
        lines(comment("x")).replace(b"Words.", rb"a\ud800b").strip(),
        "Its text holds half a character, a lone surrogate (character 2), so it is damaged.",
    ),
    "text is a list": (comment("x", body=["a"]), "Its text is a list, not text."),
    "author is an object": (
        comment("x", author={"a": 1}),
        "Its author's name is an object, not text.",
    ),
    "name without end": (
        comment("x", author="a" * 1001),
        "Its author's name is longer than 1,000 characters.",
    ),
}


@pytest.mark.parametrize("trait", POSTS)
def test_broken_post_costs_itself(trait):
    bad, reason = POSTS[trait]
    draft = thread(lines(GOOD, bad, comment("other")), format="reddit")
    assert problems(draft) == [("thread t3_a, line 2", reason)]
    assert len(posts(draft)) == 2


ODD = {
    "no words": (comment("x", body=" \n"), "t1_x", "It has no words."),
    "no text": (comment("x", body=None), "t1_x", "It has no words."),
    "dangling reply": (
        comment("x", parent_id="t1_gone"),
        "t1_x",
        "It answers “t1_gone”, which is no earlier post of the thread.",
    ),
    "answers itself": (
        comment("x", parent_id="t1_x"),
        "t1_x",
        "It answers “t1_x”, which is no earlier post of the thread.",
    ),
    "repeated": (GOOD, "line 2", "It repeats the post “t1_good” word for word and is left out."),
    "same name": (
        comment("good", body="Other words."),
        "line 2",
        "An earlier post is named “t1_good” too; this one is kept without a name.",
    ),
}


UNDATED = {
    "Yesterday": "Its date “Yesterday” tells no day and is kept as written.",
    "31 February 2011": "Its date “31 February 2011” tells no day and is kept as written.",
    "2013-02-31": "Its date “2013-02-31” tells no day and is kept as written.",
    10**30: f"Its date “{10**30}” tells no day and is kept as written.",
}


@pytest.mark.parametrize("date", UNDATED)
def test_date_that_is_none_is_kept_as_written_and_reported(date):
    draft = thread(lines(GOOD, comment("x", created_utc=date)), format="reddit")
    assert problems(draft) == [("thread t3_a, line 2", UNDATED[date])]
    assert {written for written, _, _ in dates(draft)} == {"1556874000", str(date)}


@pytest.mark.parametrize("number", [0, 12, "3"])
def test_numbers_that_only_order_posts_are_no_dates_to_tell_of(number):
    assert problems(thread(lines(GOOD, comment("x", created_utc=number)), format="reddit")) == []


def test_dates_and_deleted_posts_are_told_once_a_thread():
    rows = [comment(f"c{n}", created_utc=f"{n} days ago", body="[removed]") for n in range(1, 4)]
    draft = thread(lines(GOOD, *rows), format="reddit")
    assert problems(draft) == [
        (
            "thread t3_a, line 2",
            "Its date “1 days ago” tells no day and is kept as written. It is the first of 3 "
            "such posts; others are line 3 (“2 days ago”), line 4 (“3 days ago”).",
        ),
        (
            "thread t3_a, line 2",
            "It is deleted: “[removed]” stands in its place. It is the first of 3 such posts.",
        ),
    ]


@pytest.mark.parametrize(
    "mark",
    [
        *("[deleted]", "[deleted by user]", "[removed by moderator]", "[ Removed by Reddit ]"),
        "[ Removed by reddit on account of violating the [content policy](/help/rules). ]",
        "[ Removed by reddit in response to a copyright notice. ]",
    ],
)
def test_marks_of_deleted_posts_are_told(mark):
    draft = thread(lines(GOOD, comment("x", body=mark, author="[deleted]")), format="reddit")
    ((place, reason),) = problems(draft)
    assert place == "thread t3_a, line 2"
    assert reason.startswith("It is deleted: “[")
    assert posts(draft)[1] == (mark, "", None)


@pytest.mark.parametrize("body", ["[removed by me]", "[deleted] and gone", "deleted by user"])
def test_words_about_deletion_are_words(body):
    assert problems(thread(lines(GOOD, comment("x", body=body)), format="reddit")) == []


def test_of_many_dates_that_tell_no_day_the_first_different_ones_are_named():
    written = ["Yesterday"] * 3 + ["2004-02-31"] + [f"{n} days ago" for n in range(20)]
    rows = [comment(f"c{n}", created_utc=date) for n, date in enumerate(written)]
    ((place, told),) = problems(thread(lines(GOOD, *rows), format="reddit"))
    assert (place, told) == (
        "thread t3_a, line 2",
        "Its date “Yesterday” tells no day and is kept as written. It is the first of 24 such "
        "posts; others are line 5 (“2004-02-31”), line 6 (“0 days ago”), line 7 (“1 days ago”), "
        "line 8 (“2 days ago”), line 9 (“3 days ago”), ….",
    )


def test_posts_deleted_in_discourse_are_told():
    post = {"id": 1, "post_number": 1, "username": "ada", "cooked": "<p>(deleted by author)</p>"}
    topic = {"id": 7, "title": "Leeks", "post_stream": {"posts": [post | {"user_deleted": True}]}}
    assert problems(thread(json.dumps(topic).encode())) == [
        ("line 1, post 1", "It is deleted in the forum; what stands there now is kept.")
    ]


@pytest.mark.parametrize("trait", ODD)
def test_odd_post_is_reported(trait):
    odd, place, reason = ODD[trait]
    draft = thread(lines(GOOD, odd), format="reddit")
    assert problems(draft) == [(f"thread t3_a, {place}", reason)]
    assert posts(draft)[0] == ("Words.", "ada", None)


def test_circle_of_replies_is_broken_and_reported():
    draft = thread(
        lines(comment("a", parent_id="t1_b"), comment("b", parent_id="t1_a")), format="reddit"
    )
    assert [answered for _, _, answered in posts(draft)] == [None, 0]
    assert problems(draft) == [
        ("thread t3_a, t1_b", "It answers “t1_a”, which is no earlier post of the thread.")
    ]


def test_post_of_a_million_characters_is_read():
    words = "word " * 200_000
    draft = thread(lines(comment("x", body=words)), format="reddit")
    assert posts(draft) == [(words.strip(), "ada", None)]


def test_thread_of_50000_posts_is_read():
    rows = [comment(f"c{n}", parent_id=f"t1_c{n - 1}") for n in range(50_000)]
    draft = thread(lines(comment("c-1"), *rows), format="reddit")
    assert [answered for _, _, answered in posts(draft)][-1] == 49_999


def test_line_longer_than_is_read_is_refused_by_its_number(monkeypatch):
    monkeypatch.setattr(records, "LONGEST", 300)
    monkeypatch.setattr(records.lines, "__kwdefaults__", {"longest": 300})
    found = read(lines(GOOD, comment("x", body="a" * 1000), comment("y")), format="reddit")
    assert (found[0].locator, found[0].reason) == (
        "line 2",
        "It is longer than the 300 bytes that are read of one record.",
    )
    assert len(posts(found[1])) == 2


def test_value_longer_than_is_read_is_refused_by_its_number(monkeypatch):
    monkeypatch.setattr(json_values, "LONGEST", 300)
    monkeypatch.setattr(json_values, "_CHUNK", 64)
    rows = [GOOD, comment("x", body="a" * 1000), comment("w", body=["a"] * 500), comment("y")]
    found = read(json.dumps(rows).encode(), format="reddit")
    assert [one.locator for one in found[:2]] == ["record 2", "record 3"]
    assert len(posts(found[2])) == 2


@pytest.mark.parametrize(
    "name",
    ["forumscraper-phpbb-with-quote-and-signature.json", "mapped-bland.json"],
)
def test_json_cut_off_is_refused(name):
    ((place, reason),) = refused(content(name)[:-40])
    assert place == "record 1"
    assert reason.startswith("It is no valid JSON (")


@pytest.mark.parametrize(
    ("row", "place", "reason"),
    [
        (b"leeks,Ada\n", "line 3", "It has 2 cells where the header has 4 columns."),
        (b",Ada,now,Words.\n", "line 3", "It does not say which thread it is of."),
        (
            b"leeks,Ada,now,\xff.\n",
            "line 3",
            "It is not in utf-8; name the encoding of the file.",
        ),
    ],
)
def test_broken_row_costs_itself(row, place, reason):
    table = b'thread,author,date,text\nleeks,Ada,now,"Two\nlines"\n'.replace(b"\nlines", b"") + row
    # In UTF-8, as most of what is not ASCII in it tells.
    found = read(table + "leeks,Bö,früh,Three.\n".encode(), format="table")
    assert (found[0].locator, found[0].reason) == (place, reason)
    assert [words for words, _, _ in posts(found[1])] == ["Two", "Three."]


def test_table_says_which_column_is_missing():
    with pytest.raises(Unreadable) as refusal:
        read(b"thread,writer,words\na,b,c\n", format="table")
    assert str(refusal.value) == (
        "file has no column for the text of posts (text or body or content or message or post or "
        "comment or post_text); its columns are thread, writer, words. State which one it is."
    )


def test_compressed_source_that_breaks_off_says_so():
    class Broken(Source):
        def stream(self):
            raise EOFError("Compressed file ended before the end-of-stream marker was reached")

    with pytest.raises(Unreadable) as refusal:
        list(readers.read(Broken("dump.gz"), format="reddit"))
    assert str(refusal.value) == (
        "dump.gz is damaged or cut off (Compressed file ended before the end-of-stream marker was "
        "reached); what stands before is read. Fetch it anew."
    )
