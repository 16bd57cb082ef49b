"""A known thread in other dialects: the same words, posts and quotations in another layout."""

import pytest

from corpus.segmentation.learning import renderings
from corpus.segmentation.learning.threads import KnownPost, KnownQuotation, KnownThread
from corpus.spans import Span

TITLE = "Night visitors"
OWL = "An owl sat on the gate post.\n\nIt would not leave until the rain began."
LEFT = "It would not leave until the rain began."
ANSWER = "Ours leaves at dusk.\n\nEvery day."


def thread(name="shed/1"):
    """Fen writes of an owl, Wren quotes the end of it under a line that says so, and answers."""
    text, posts = f"{TITLE}\n\n", []
    head = "Fen wrote:\n"
    for author, lead, quoted, own in (("Fen", "", "", OWL), ("Wren", head, LEFT, ANSWER)):
        start = len(text)
        text += f"{author}, 3 May 2011\n"
        body = len(text)
        text += lead
        quotations = ()
        if quoted:
            span = Span(len(text), len(text) + len(quoted))
            quotations = (KnownQuotation(span, 0, True, Span(body, body + len(lead) - 1)),)
            text += f"{quoted}\n\n"
        text += own
        posts.append(KnownPost(start, Span(body, len(text)), author, None, quotations))
        text += "\n\n"
    return KnownThread(text, tuple(posts), name, "shed", "header", Span(0, len(TITLE)))


@pytest.fixture
def made():
    return {one.dialect: one for one in renderings.others(thread())}


def test_thread_with_headers_is_rendered_in_every_other_dialect(made):
    assert list(made) == ["bare-double", "bare-single", "bare-mixed", "email-quote"]
    for one in made.values():
        assert one.title.of(one.text) == TITLE
        assert [post.start for post in one.posts] == [post.body.start for post in one.posts]


@pytest.mark.parametrize(("dialect", "gap"), [("bare-single", "\n\n"), ("bare-double", "\n\n\n")])
def test_bare_renderings_hold_the_words_alone(made, dialect, gap):
    one = made[dialect]
    assert one.text == f"{TITLE}\n\n{OWL}{gap}{LEFT}\n\n{ANSWER}\n\n"
    assert [post.body.of(one.text) for post in one.posts] == [OWL, f"{LEFT}\n\n{ANSWER}"]
    (quotation,) = one.posts[1].quotations
    assert (quotation.span.of(one.text), quotation.source) == (LEFT, 0)


def test_quotations_stand_behind_marks(made):
    one = made["email-quote"]
    (quotation,) = one.posts[1].quotations
    quoted = quotation.span.of(one.text)
    assert quoted.endswith(f"> {LEFT}")
    assert one.posts[1].body.of(one.text) == f"{quoted}\n\n{ANSWER}"


def test_quotation_of_a_quotation_stands_behind_two_marks():
    (piece, *_) = renderings.pieces(thread(), thread().posts[1])
    assert (piece.text, piece.depth) == (LEFT, 1)


def test_renderings_are_the_same_every_time_and_differ_between_threads():
    mixed = [
        one.text
        for number in range(8)
        for one in renderings.others(thread(f"shed/{number}"))
        if one.dialect == "bare-mixed"
    ]
    again = [one.text for one in renderings.others(thread("shed/0")) if one.dialect == "bare-mixed"]
    assert again == mixed[:1]
    assert len(set(mixed)) > 1


def test_thread_of_another_kind_stays_as_it_is():
    text = "T\n\nOwls."
    curated = KnownThread(text, (KnownPost(3, Span(3, 8)),), "c/1", "c", "curated")
    assert list(renderings.others(curated)) == []
