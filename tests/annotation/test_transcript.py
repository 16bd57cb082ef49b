import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.annotation.transcript import pieces, posts_of
from corpus.curation import RedactSpan
from corpus.rendering import Hidden, reading_text
from corpus.spans import Span
from tests.annotation.conftest import TEXT
from tests.texts import bodies


@settings(deadline=None)
@given(bodies.filter(bool), st.data())
def test_pieces_read_as_the_post_and_cover_every_character(text, data):
    places = st.integers(0, len(text))
    ends = data.draw(st.lists(st.tuples(places, places), max_size=3))
    hidden = [Hidden(Span(*sorted(pair)), "name") for pair in ends if pair[0] != pair[1]]
    found = list(pieces(text, Span(0, len(text)), hidden))
    assert "".join(piece.text for piece in found) == reading_text(text, Span(0, len(text)), hidden)
    at = 0
    for piece in found:
        assert piece.span.start == at
        at = piece.span.end
        if piece.exact:
            assert piece.text == piece.span.of(text)
            assert "\r" not in piece.text
    assert at == len(text)


@pytest.mark.django_db
def test_posts_come_with_quotations_apart_and_redactions_applied(thread):
    start = TEXT.index("curtain")
    RedactSpan(thread.documents.get(), start, start + 7, "other").execute()
    shown = [
        [(s.quotation, s.attribution, "".join(p.text for p in s.pieces)) for s in post.stretches]
        for post in posts_of(thread)
    ]
    frost = "The frost took all my beans this spring, every one of them 🥶."
    assert shown == [
        [(False, "", frost)],
        [(True, "post 1", frost), (False, "", "Cover them at night. An old [other] does.")],
        [(False, "", "Thanks, I shall. Maybe the frost took the roots too?")],
    ]
