"""Of all ways to cut a document the best is taken, and a long one costs no more a place."""

from itertools import chain, combinations, pairwise
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.segmentation import decoding

shares = st.floats(0, 1)


def promised(probabilities, starts, whole, needed):
    """What a way to cut promises, as the module has it."""
    closing = [*probabilities, 1.0]
    exact = sum(
        closing[start] * closing[end] * prod(1 - closing[at] for at in range(start + 1, end))
        for start, end in pairwise([*starts, len(probabilities)])
    )
    right = sum(probabilities[start] - needed for start in starts if start)
    return whole * exact + (1 - whole) * right


def all_ways(blocks):
    rest = range(1, blocks)
    ways = chain.from_iterable(combinations(rest, count) for count in range(blocks))
    return ([0, *way] for way in ways)


@given(st.lists(shares, max_size=7), shares, shares)
def test_no_other_way_promises_more(odds, whole, needed):
    probabilities = [1.0, *odds]
    chosen = decoding.chosen(probabilities, whole=whole, needed=needed)
    best = max(promised(probabilities, way, whole, needed) for way in all_ways(len(probabilities)))
    assert promised(probabilities, chosen, whole, needed) == pytest.approx(
        best, abs=decoding.LEAST * len(probabilities)
    )


@pytest.mark.parametrize(
    ("whole", "expected"),
    [
        pytest.param(0.0, [0, 3], id="each place by itself"),
        pytest.param(1.0, [0, 1, 2, 3], id="three posts that may be whole, for one of four blocks"),
    ],
)
def test_posts_that_may_be_whole_are_weighed_against_single_places(whole, expected):
    chosen = decoding.chosen([1.0, 0.45, 0.45, 0.9], whole=whole, needed=0.5)
    assert chosen == expected


def test_posts_longer_than_expected_stay_whole_where_nothing_speaks_against_it():
    probabilities = [1.0, *[0.0001] * (3 * decoding.LONGEST), 0.9, 0.0001]
    assert decoding.chosen(probabilities, whole=0.5, needed=0.4) == [0, 3 * decoding.LONGEST + 1]
