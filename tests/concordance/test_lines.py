"""Lines, their order and their samples, from any text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.concordance import POSITIONS, Context, Line, line, sample, sort_key
from corpus.concordance.lines import context
from corpus.search import analysis
from tests.texts import characters, lines, paragraphs


def test_line_keeps_signs_and_folds_lines():
    text = "Well,\nthe late\tfrost — alas! — took all."
    tokens = list(analysis.tokens(text))
    assert line(text, tokens, 2, 2, width=1) == Line("the ", "late frost", " — alas! —")
    assert line(text, tokens, 3, 1, width=9) == Line(
        "Well, the late ", "frost", " — alas! — took all."
    )


@given(st.one_of(paragraphs, lines, st.text(characters)), st.data())
def test_line_with_room_for_all_is_the_text(text, data):
    tokens = list(analysis.tokens(text))
    if not tokens:
        return
    start = data.draw(st.integers(0, len(tokens) - 1))
    length = data.draw(st.integers(1, len(tokens) - start))
    made = line(text, tokens, start, length, width=len(tokens))
    assert made.left + made.node + made.right == re.sub(r"\s+", " ", text).strip()
    node = text[tokens[start][1] : tokens[start + length - 1][2]]
    assert made.node == re.sub(r"\s+", " ", node)


@given(paragraphs, st.integers(0, 6), st.data())
def test_line_has_so_many_words_on_each_side(text, width, data):
    tokens = list(analysis.tokens(text))
    start = data.draw(st.integers(0, len(tokens) - 1))
    made = line(text, tokens, start, 1, width=width)
    assert len(analysis.words(made.left)) == min(width, start)
    assert len(analysis.words(made.right)) == min(width, len(tokens) - start - 1)
    around = context([word for word, _, _ in tokens], start, 1, width=width)
    assert list(around.left[::-1]) == analysis.words(made.left)
    assert list(around.right) == analysis.words(made.right)


@pytest.mark.parametrize(
    ("position", "key"),
    [("L1", "very"), ("L2", "a"), ("L3", ""), ("node", "late frost"), ("R1", "ecole"), ("R2", "")],
)
def test_sort_key_is_the_word_at_a_position(position, key):
    around = Context(("very", "a"), ("Late", "frost"), ("École",))
    assert sort_key([position])(around) == (key,)


@given(st.lists(st.tuples(paragraphs, paragraphs), max_size=8), st.permutations(POSITIONS))
def test_lines_sort_by_the_first_position_first(contexts, positions):
    made = [Context(tuple(left.split()), ("x",), tuple(right.split())) for left, right in contexts]
    key = sort_key(positions[:3])
    firsts = [sort_key(positions[:1])(one) for one in sorted(made, key=key)]
    assert firsts == sorted(firsts)


def test_sample_is_drawn_again_from_its_seed():
    assert sample(1000, 5, 7) == sample(1000, 5, 7)
    assert sample(1000, 5, 7) == [154, 331, 404, 666, 970]
    assert sample(1000, 5, 7) != sample(1000, 5, 8)
    assert sample(3, 5, 7) == [0, 1, 2]


@given(st.integers(0, 300), st.integers(1, 50), st.integers(0, 2**40))
def test_sample_is_in_order_and_of_its_size(total, size, seed):
    drawn = sample(total, size, seed)
    assert drawn == sorted(set(drawn))
    assert len(drawn) == min(total, size)
    assert all(0 <= at < total for at in drawn)
