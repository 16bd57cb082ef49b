"""What is left out beforehand would have changed nothing."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.segmentation import lines, words
from corpus.segmentation.words import SHINGLE
from corpus.spans import Span
from tests import texts


@given(st.lists(texts.paragraphs, max_size=4).map("\n\n".join))
def test_shingles_that_recur_are_all_told_and_no_others(text):
    found = words.find(text)
    shingles = [tuple(found.ids[at : at + SHINGLE]) for at in range(len(found.ids) - SHINGLE + 1)]
    expected = [at for at, shingle in enumerate(shingles) if shingles.count(shingle) > 1]
    assert found.recurring == expected


@given(texts.bodies, st.data())
def test_lines_of_a_part_are_those_of_the_part_alone(text, data):
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    part = Span(start, data.draw(st.integers(start + 1, len(text))))
    alone = [
        (line.span.start + start, line.span.end + start, line.blanks)
        for line in lines.filled(part.of(text))
    ]
    within = [(line.span.start, line.span.end, line.blanks) for line in lines.filled(text, part)]
    assert within == alone
