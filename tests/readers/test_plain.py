"""Plain text of posts: quotations behind "> ", what introduces them, and whose words they are."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.spans import complement
from forumimport.drafts import PostDraft
from forumimport.readers import plain
from forumimport.readers.messages import taken_apart
from tests.texts import bodies

MAIL = st.lists(
    st.sampled_from(
        [
            *("> quoted", ">> older", ">", "words", "", "-- ", "--", "Ada wrote:", "On 3 May, Ada"),
            *("<a@b> wrote:", "_" * 47, "> Ada wrote:", ">_<", "From here", "\r", "Quote:"),
        ]
    ),
    max_size=14,
).map("\n".join)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("> Why?\nWhy not.", [("> Why?", "")]),
        ("Ada wrote:\n> Why?\n> Really.\n\nWhy not.", [("> Why?\n> Really.", "Ada")]),
        ("> One\n\nTwo\n> Three", [("> One", ""), ("> Three", "")]),
        ("> > One\n> Two", [("> > One\n> Two", "")]),
        (">\n>", []),
        (">_< no", []),
        (">!So it was he!<", []),
        ("No.\n\n>! So it was he !< I think.", []),
        ("> >!So it was he!<\nNo.", [("> >!So it was he!<", "")]),
        (">!Attention\n>Please", [(">!Attention\n>Please", "")]),
        ("no > quotation", []),
    ],
)
def test_quotations_are_found(text, found):
    quoted = list(plain.quotations(text))
    assert [(q.span.of(text), q.attributed) for q in quoted] == found


@given(st.one_of(MAIL, bodies))
@settings(deadline=None)
def test_quotations_are_disjoint_and_trimmed(text):
    end = 0
    for quotation in plain.quotations(text):
        assert end <= quotation.span.start
        assert quotation.span.end <= len(text)
        assert quotation.span.trimmed(text) == quotation.span
        end = quotation.span.end


@given(st.one_of(MAIL, bodies))
@settings(deadline=None)
def test_message_is_taken_apart_without_overlap(text):
    marked = taken_apart(text)
    assert marked.text == text
    rows = sorted(
        [row.span for row in marked.boilerplate] + [row.span for row in marked.quotations]
    )
    list(complement(rows, text))
    for first, second in pairwise(rows):
        assert not first.overlaps(second)
    assert all(row.trimmed(text) == row for row in rows)


@pytest.mark.parametrize(
    ("text", "above", "name"),
    [
        ("Ada wrote:\n> Why?", "Ada wrote:", "Ada"),
        ("No.\nAda wrote:\n> Why?", "Ada wrote:", "Ada"),
        ("On 3 May 2019, Ada\n<ada@a.example> wrote:\n\n> Why?",
         "On 3 May 2019, Ada\n<ada@a.example> wrote:", "Ada"),
        ("I mean this:\n> Why?", None, ""),
    ],
)  # fmt: skip
def test_lines_above_a_quotation_are_boilerplate_if_they_introduce_it(text, above, name):
    marked = taken_apart(text)
    assert [row.span.of(text) for row in marked.boilerplate] == ([above] if above else [])
    assert [quotation.attributed for quotation in marked.quotations] == [name]


def test_quotation_is_resolved_to_the_nearest_post_that_has_its_words():
    posts = [
        PostDraft("How deep do you plant your leeks?", "1"),
        PostDraft("Very deep.", "2", reply_to="1"),
        said("> How deep do you\n> plant your leeks?\n\n> Very deep.\n\n> Never said.", "3", "2"),
    ]
    *_, last = plain.resolved(posts)
    assert [quotation.of for quotation in last.quotations] == ["1", "2", ""]


def test_quotation_in_a_circle_of_replies_is_looked_for_and_left():
    posts = [said("> Words.\n\nOne.", "1", "2"), said("> Words.\n\nTwo.", "2", "1")]
    assert [p.quotations[0].of for p in plain.resolved(posts)] == ["2", "1"]


def said(text, name, reply_to):
    return PostDraft(text, name, reply_to=reply_to, quotations=tuple(plain.quotations(text)))
