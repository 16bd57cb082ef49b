"""What is said of the places around a place: sizes and densities that can be told by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.segmentation import surroundings, voice


def columns(chars, probabilities):
    rows = surroundings.probable(chars, probabilities)
    return [dict(zip(surroundings.PROBABLE, row, strict=True)) for row in rows]


def test_sure_boundaries_divide_the_text_into_posts():
    first, second, third = columns([100, 50, 20, 30], [0.0, 1.0, 0.0])
    assert (first["open_blocks"], second["open_blocks"], third["open_blocks"]) == (1, 2, 1)
    assert (first["new_blocks"], second["new_blocks"], third["new_blocks"]) == (1, 2, 1)
    assert second["post_blocks"] == 2
    assert second["rate"] == 0.5
    assert second["near"] == pytest.approx(1 / 3)
    assert second["three_above"] == surroundings.NONE


@given(st.lists(st.tuples(st.integers(1, 900), st.floats(0, 1)), min_size=1, max_size=30))
def test_rows_have_a_number_for_every_column(blocks):
    chars = [size for size, _ in blocks]
    rows = surroundings.probable(chars, [probability for _, probability in blocks[1:]])
    assert len(rows) == len(blocks) - 1
    assert all(len(row) == len(surroundings.PROBABLE) for row in rows)
    worded = surroundings.worded([(float(size), 0.5) for size in chars])
    assert [len(row) for row in worded] == [len(surroundings.WORDING)] * (len(blocks) - 1)


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
