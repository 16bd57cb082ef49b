"""Words found all at once are those found one by one."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from corpus.segmentation import words
from corpus.spans import Span
from tests import texts

#: A word as an expression has it.
WORD = re.compile(f"[{words._UNSPACED}]|[^\\W{words._UNSPACED}]+")
awkward = st.sampled_from(["ห้อง x", "東京 ab", "_a1 ²", "Straße", "\ud800x", "İ", "e\u0301"])


@given(st.lists(texts.lines | awkward).map("".join))
def test_words_are_runs_of_letters_or_letters_of_scripts_without_spaces(text):
    found = words.find(text)
    expected = list(WORD.finditer(text))
    assert list(zip(found.starts, found.ends, strict=True)) == [one.span() for one in expected]
    numbers = {}
    ids = [numbers.setdefault(one[0].casefold(), len(numbers)) for one in expected]
    assert (found.ids, found.vocabulary) == (ids, list(numbers))


@given(texts.bodies, st.data())
def test_words_of_many_parts_are_those_of_each(text, data):
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = [Span(a, b) for a, b in pairwise(edges)]
    found = words.find(text)
    assert found.in_each(spans) == list(map(found.between, spans))
