"""JSON in which posts hold what answers them: read by a mapping, never one post of it only."""

import json
import time

import pytest

from forumimport import stating
from forumimport.readers import mapping
from tests.readers.reading import posts, problems, quotations, read, refused, thread

NESTED = {"thread": {"posts": "[@]"}, "post": {"text": "t", "id": "i", "children": "c"}}
USUAL = stating._mapping("nested-comments")


def as_json(value):
    return json.dumps(value).encode()


def test_items_of_hacker_news_are_read_with_all_answers():
    draft = thread("mapped-hacker-news-with-answers-in-answers.json")
    assert (draft.title, draft.identifier) == ("Leeks", "1")
    assert posts(draft) == [
        ("https://leeks.example/?a=1&copy=2", "Ada", None),
        ("Very.\n\nAs here.", "Bo", 0),
        ("Really & truly.", "Cy", 1),
        ("I would not.", "Dee", 0),
    ]
    ((_document, structure),) = draft.structures()
    assert [post.date.year for post in structure.utterances] == [2021] * 4
    assert [link.address for link in structure.links] == ["https://leeks.example"]


def test_question_on_hacker_news_is_html_with_its_address_above():
    story = {"created_at_i": 1, "children": [], "options": [], "id": 7, "text": "Why?<p>How?"}
    assert posts(thread(as_json(story | {"author": "Ada", "url": "https://a.example"}))) == [
        ("https://a.example\n\nWhy?\n\nHow?", "Ada", None)
    ]


def test_post_answers_what_it_lies_below_unless_the_mapping_says_otherwise():
    below = [{"t": "Two", "i": 2, "c": [{"t": "Three", "i": 3, "r": 1}]}, {"t": "Four", "i": 4}]
    chosen = NESTED | {"post": NESTED["post"] | {"reply_to": "r"}}
    draft = thread(as_json({"t": "One", "i": 1, "c": below}), mapping=chosen)
    assert posts(draft) == [("One", "", None), ("Two", "", 0), ("Three", "", 0), ("Four", "", 0)]
    assert problems(draft) == []


def test_nested_posts_are_sorted_by_the_order():
    below = [{"t": "Two", "i": 2, "n": 3, "c": [{"t": "Three", "i": 3, "n": 4}]}]
    chosen = NESTED | {"post": NESTED["post"] | {"order": "n"}}
    content = {"t": "One", "i": 1, "n": 1, "c": [*below, {"t": "Four", "i": 4, "n": 2}]}
    assert posts(thread(as_json(content), mapping=chosen)) == [
        ("One", "", None),
        ("Four", "", 0),
        ("Two", "", 0),
        ("Three", "", 2),
    ]


def test_nested_posts_without_words_are_told():
    content = {"t": "One", "i": 1, "c": [5, {"i": 2, "c": [{"t": "Three", "i": 3}]}]}
    draft = thread(as_json(content), mapping=NESTED)
    assert posts(draft) == [("One", "", None), ("Three", "", None)]
    assert problems(draft) == [
        ("line 1, post 2", "It has no words."),
        ("line 1, 2", "It has no words."),
        ("line 1, 3", "It answers “2”, which is no earlier post of the thread."),
    ]


@pytest.mark.parametrize("children", ["[@]", "[@, @]", "[{c: @}, {c: @}]"])
def test_children_without_end_are_refused_in_time(children):
    chosen = NESTED | {"post": NESTED["post"] | {"children": children}}
    start = time.perf_counter()
    assert refused(as_json({"t": "x" * 20_000}), mapping=chosen) == [
        ("line 1", "The mapping's children find posts without end in it.")
    ]
    assert time.perf_counter() - start < 5


def test_children_that_are_no_list_are_refused():
    content = as_json({"t": "One", "i": 1, "c": {"t": "Two"}})
    assert refused(content, mapping=NESTED) == [
        ("line 1", "The mapping's children find no list in post “1”.")
    ]


@pytest.mark.parametrize("words", ["text", "content", "body"])
@pytest.mark.parametrize("below", ["comments", "replies", "answers", "children"])
def test_usual_names_of_nested_comments_are_known(words, below):
    comment = {"id": 2, words: "<p>Very.</p>", "author": {"name": "Bo"}, below: []}
    content = {"id": 1, "title": "Leeks", words: "How deep?", "author": "Ada", below: [comment]}
    draft = thread(as_json(content), mapping=USUAL)
    assert draft.title == "Leeks"
    assert posts(draft) == [("How deep?", "Ada", None), ("Very.", "Bo", 0)]


def test_usual_mapping_reads_what_holds_only_comments():
    content = {"title": "Leeks", "comments": [{"id": 1, "text": "One"}, {"id": 2, "text": "Two"}]}
    draft = thread(as_json(content), mapping=USUAL)
    assert posts(draft) == [("One", "", None), ("Two", "", None)]
    assert problems(draft) == []


def test_usual_mapping_is_taken_for_no_file_by_itself():
    assert not mapping.shipped()["nested-comments"].told_by


@pytest.mark.parametrize("name", ["children", "comments", "replies", "posts", "descendants"])
def test_document_that_holds_posts_is_refused(name):
    content = as_json({"id": 1, "text": "How deep?", name: [{"id": 2, "text": "Very."}]})
    assert refused(content) == [
        (
            "line 1",
            f"It holds posts under “{name}” (1), so it is no document of one text; say with "
            "--mapping where they are (the mapping nested-comments may fit), or name with --field "
            "text=NAME the field that is all you want.",
        )
    ]
    (draft,) = read(content, fields={"text": "text"})
    assert draft.documents[0].text == "How deep?"


@pytest.mark.parametrize("listed", [[], [1, 2], "two", None])
def test_document_with_other_values_of_such_names_is_read(listed):
    assert read(as_json({"text": "How deep?", "comments": listed}))[0].documents


def test_empty_field_is_not_said_to_be_missing():
    content = as_json({"author": "Ada", "text": None}) + b"\n"
    assert refused(content, format="documents") == [("line 1", "Its field “text” holds nothing.")]


def test_quotations_in_nested_html_are_found():
    chosen = NESTED | {"post": NESTED["post"] | {"html": True}}
    below = [{"t": "<blockquote>One</blockquote>Two", "i": 2}]
    draft = thread(as_json({"t": "One", "i": 1, "c": below}), mapping=chosen)
    assert [words for words, *_ in quotations(draft)] == ["One"]
