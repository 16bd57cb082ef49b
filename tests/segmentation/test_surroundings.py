"""What the words of the blocks around a place say, and how writers write."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.segmentation import surroundings, voice
from corpus.spans import Span
from tests import texts


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30))
def test_rows_have_a_number_for_every_column(begins):
    worded = surroundings.worded(np.array(begins), np.full(len(begins), 0.5))
    assert worded.shape == (len(begins) - 1, len(surroundings.WORDING))


def test_words_count_for_the_place_below_and_above_them():
    (row,) = surroundings.worded(np.array([9.0, 3.0]), np.array([2.0, 9.0]))
    told = dict(zip(surroundings.WORDING, row, strict=True))
    assert (told["wording"], told["begins"], told["above_ends"]) == (5.0, 3.0, 2.0)


def test_words_further_away_count_at_their_place():
    rows = surroundings.worded(np.arange(1.0, 6.0), np.zeros(5))
    told = dict(zip(surroundings.WORDING, rows[1].tolist(), strict=True))
    around = ["two_above_wording", "above_wording", "wording", "below_wording", "two_below_wording"]
    assert [told[name] for name in around] == [surroundings.NONE, 2.0, 3.0, 4.0, 5.0]
    assert (told["above_begins"], told["begins"], told["below_begins"]) == (2.0, 3.0, 4.0)


def voice_of(text):
    return voice.of_each(text, [Span(0, len(text))])[0]


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


@given(st.lists(texts.paragraphs | st.sampled_from(["Oh... ", "i - i", "so u ?!!", ":) ;)"])))
def test_voices_of_parts_are_those_of_the_parts_alone(parts):
    parts = [part for part in parts if part]
    ends = np.cumsum([len(part) + 1 for part in parts], dtype=int).tolist()
    spans = [Span(end - 1 - len(part), end - 1) for part, end in zip(parts, ends, strict=True)]
    assert voice.of_each(" ".join(parts), spans) == list(map(voice_of, parts))
