"""What words and blocks are counted as, all at once, is what they are one by one."""

import re
from itertools import count, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.segmentation import blocks, copies, document, features, places, words
from corpus.segmentation.wording import SIZE, Wording
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


def read(text):
    found = document.read(text)
    return found, blocks.find(found, copies.find(found))


@given(texts.threads())
def test_rare_words_are_long_and_in_few_blocks(text):
    found, parts = read(text)
    said = [set(found.words.of(part.words)) for part in parts]
    for part, own in zip(parts, said, strict=True):
        shared = {word: sum(word in other for other in said) for word in own}
        assert part.rare == {
            word
            for word, blocks_with_it in shared.items()
            if 1 < blocks_with_it <= max(3, len(parts) // 8)
            and len(found.words.vocabulary[word]) > 3
        }


@given(texts.threads())
def test_words_weigh_what_their_buckets_weigh(text):
    """The weights are learned from the buckets, and used without listing them."""
    worded = Wording(*read(text))
    weights = np.append(np.random.default_rng(5).normal(size=SIZE), 0.0)
    begins, ends = worded.weighed(weights)
    for weighed, listed in ((begins, worded.opened()), (ends, worded.closed())):
        summed = [sum(weights[key] * share for key, share in row.items()) for row in listed]
        assert weighed.tolist() == pytest.approx(summed)


@given(texts.threads())
def test_places_have_a_number_for_every_column(text):
    count_of_places = len(read(text)[1]) - 1
    parts = list(features.rows(*read(text)))
    shape = (count_of_places, len(features.NAMES))
    assert [rows.shape for rows in parts] == [shape] * bool(count_of_places)
    assert all(np.isfinite(rows).all() for rows in parts)


@given(st.lists(st.booleans(), min_size=2))
def test_distances_are_counted_in_blocks(true):
    latest, until = places._latest(np.array(true), -1), places._until(np.array(true))
    for place, above, coming in zip(count(1), latest, until, strict=False):
        behind = [at for at in range(place) if true[at]]
        ahead = [at for at in range(place + 1, len(true)) if true[at]]
        assert above == (behind[-1] if behind else -1)
        assert min(coming, places.FAR) == min(ahead[0] - place if ahead else 99, places.FAR)


def test_a_long_word_of_a_neighbour_makes_two_blocks_alike():
    text = "Title\n\nbeans again\n\n\nno\n\n\nbeans once more"
    found, parts = read(text)
    (rows,) = features.rows(found, parts)
    told = [dict(zip(features.NAMES, row, strict=True)) for row in rows.tolist()]
    assert [one["like_above"] for one in told] == [0, 0]
    assert [one["like_two_above"] for one in told] == [0, 1]
    assert [one["above_below"] for one in told] == [1, places.NONE]
    assert [one["like_first"] for one in told] == [0, 1]


def test_places_that_are_looked_at_in_parts_are_the_same(monkeypatch):
    found = read("Title\n\n" + "\n\n\n".join(f"beans {n % 5} again, Fen?" for n in range(30)))
    (whole,) = features.rows(*found)
    monkeypatch.setattr(features, "PART", 8)
    parts = list(features.rows(*found))
    assert len(parts) > 1
    assert np.concatenate(parts).tolist() == whole.tolist()
