"""What the words of the blocks around a place say, and how writers write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.segmentation import surroundings, voice


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30))
def test_rows_have_a_number_for_every_column(begins):
    worded = surroundings.worded([(one, 0.5) for one in begins])
    assert [len(row) for row in worded] == [len(surroundings.WORDING)] * (len(begins) - 1)


def test_words_count_for_the_place_below_and_above_them():
    (row,) = surroundings.worded([(9.0, 2.0), (3.0, 9.0)])
    told = dict(zip(surroundings.WORDING, row, strict=True))
    assert (told["wording"], told["begins"], told["above_ends"]) == (5.0, 3.0, 2.0)


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
    assert (voice.of(one) == voice.of(other)) is alike
