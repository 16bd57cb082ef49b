"""Posts that a source keeps apart become one text with spans, and nothing is lost on the way."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.segmentation.structure import Boilerplate, Link
from corpus.spans import Span, complement
from forumimport.composition import composed
from forumimport.drafts import PostDraft, QuotationDraft, Unread
from tests.texts import bodies


def test_composed_posts_are_read_back_in_their_order():
    made = composed([PostDraft("Why?", "a"), PostDraft(" Why not. ", "b", reply_to="a")])
    first, second = made.structure.utterances
    assert [u.span.of(made.text) for u in (first, second)] == ["Why?", "Why not."]
    assert (second.reply_to, second.reply_basis, second.basis) == (0, "attested", "attested")
    assert made.problems == ()


def test_composed_spans_move_with_their_post():
    post = PostDraft(
        "> Moles\nDig.\n-- \nAda",
        quotations=(QuotationDraft(Span(0, 7), of="a", attributed="Bo"),),
        boilerplate=(Boilerplate(Span(13, 20), "signature", "attested"),),
        links=(Link(Span(8, 11), "https://example.org", "link"),),
    )
    made = composed([PostDraft("Moles", "a"), post])
    structure = made.structure
    assert structure.utterances[1].span.of(made.text) == "> Moles\nDig."
    assert structure.quotations[0].span.of(made.text) == "> Moles"
    assert structure.quotations[0].source_utterance == 0
    assert structure.boilerplate[0].span.of(made.text) == "-- \nAda"
    assert structure.links[0].span.of(made.text) == "Dig"


@pytest.mark.parametrize("reply_to", ["c", "b", "nowhere"])
def test_composed_reports_a_reply_to_no_earlier_post(reply_to):
    posts = [
        PostDraft("One", "a"),
        PostDraft("Two", "b", reply_to=reply_to),
        PostDraft("Three", "c"),
    ]
    made = composed(posts)
    assert [u.reply_to for u in made.structure.utterances] == [None, None, None]
    reason = f"It answers “{reply_to}”, which is no earlier post of the thread."
    assert made.problems == (Unread("b", reason, lost=False),)


def test_composed_leaves_out_posts_without_words_and_says_so():
    made = composed([PostDraft("  \n"), PostDraft("Words")])
    assert made.text == "Words"
    assert made.problems == (Unread("post 1", "It has no words."),)


@given(st.lists(st.tuples(bodies, st.lists(st.integers(0, 40), max_size=4)), max_size=6))
def test_composed_counts_every_character_once(drawn):
    posts = []
    for text, cuts in drawn:
        edges = sorted({cut for cut in cuts if cut <= len(text)})
        spans = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
        posts.append(PostDraft(text, boilerplate=tuple(Boilerplate(s, "signature") for s in spans)))
    made = composed(posts)
    spans = [u.span for u in made.structure.utterances]
    spans = sorted([*spans, *(b.span for b in made.structure.boilerplate)])
    assert all(not first.overlaps(second) for first, second in pairwise(spans))
    assert list(complement(spans, made.text)) == []
