"""What the words of the blocks around a place say, and how writers write."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.segmentation import surroundings, voice
from corpus.segmentation.gathering import Edges
from tests import texts


def of_one(begins, ends):
    """Of all places of one document."""
    return surroundings.worded(begins, ends, Edges(np.array([0, len(begins)])))


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30))
def test_rows_have_a_number_for_every_column(begins):
    worded = of_one(np.array(begins), np.full(len(begins), 0.5))
    assert worded.shape == (len(surroundings.WORDING), len(begins) - 1)


def test_words_count_for_the_place_below_and_above_them():
    (row,) = of_one(np.array([9.0, 3.0]), np.array([2.0, 9.0])).T
    told = dict(zip(surroundings.WORDING, row, strict=True))
    assert (told["wording"], told["begins"], told["above_ends"]) == (5.0, 3.0, 2.0)


def test_words_further_away_count_at_their_place():
    places = of_one(np.arange(1.0, 6.0), np.zeros(5)).T
    told = dict(zip(surroundings.WORDING, places[1].tolist(), strict=True))
    around = ["two_above_wording", "above_wording", "wording", "below_wording", "two_below_wording"]
    assert [told[name] for name in around] == [surroundings.NONE, 2.0, 3.0, 4.0, 5.0]
    assert (told["above_begins"], told["begins"], told["below_begins"]) == (2.0, 3.0, 4.0)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=4))
def test_other_documents_make_no_difference(sizes):
    edges = np.append(0, np.cumsum(sizes))
    begins, ends = np.random.default_rng(int(edges[-1])).normal(size=(2, edges[-1]))
    alone = [of_one(begins[a:b], ends[a:b]) for a, b in pairwise(edges)]
    together = surroundings.worded(begins, ends, Edges(edges))
    assert together.tolist() == np.concatenate(alone, axis=1).tolist()


def voice_of(text):
    return int(voice.of_each([text])[0])


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("So we know...", "And they said...", True),
        ("so we know...", "So we know...", False),
        ("It’s late.", "It's late.", False),
        ("Late :)", "Early :)", True),
    ],
)
def test_voice_is_how_one_writes_and_not_what(one, other, alike):
    assert (voice_of(one) == voice_of(other)) is alike


def test_habits_far_down_a_long_text_do_not_count():
    assert voice_of("a" * voice.LONGEST + "...a") == voice_of("a" * voice.LONGEST)


@given(
    st.lists(
        texts.paragraphs
        | st.sampled_from(["Oh... ", "i - i", "so u ?!!", ":) ;)", ".", "a" * 599]),
        min_size=1,
    )
)
def test_voices_of_many_are_those_of_each(parts):
    assert voice.of_each(parts).tolist() == list(map(voice_of, parts))
