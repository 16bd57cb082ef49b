"""Trees asked together say what trees walked node by node say, and refuse what is none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.segmentation import forest

COLUMNS = 3
numbers = st.floats(-5, 5, allow_nan=False)


@st.composite
def trees(draw):
    """A tree grown by splitting leaves; children stand after their parent."""
    tree = [[draw(numbers)]]
    for _ in range(draw(st.integers(0, 6))):
        leaf = draw(st.sampled_from([n for n, node in enumerate(tree) if len(node) == 1]))
        column = draw(st.integers(0, COLUMNS - 1))
        tree[leaf] = [column, draw(numbers), len(tree), len(tree) + 1]
        tree += [[draw(numbers)], [draw(numbers)]]
    return tree


def walked(tree, row):
    node = tree[0]
    while len(node) > 1:
        column, threshold, low, high = node
        node = tree[low if row[column] <= threshold else high]
    return node[0]


rows = st.lists(st.lists(numbers, min_size=COLUMNS, max_size=COLUMNS), max_size=5)


@given(st.lists(trees(), max_size=4), rows)
def test_branches_looked_at_together_say_what_walked_trees_say(chosen, rows):
    # Values on a threshold go low.
    rows += [[node[1]] * COLUMNS for tree in chosen for node in tree if len(node) > 1]
    found = forest.from_trees(0.5, chosen, COLUMNS).of(np.array(rows).reshape(-1, COLUMNS).T)
    expected = [0.5 + sum(walked(tree, row) for tree in chosen) for row in rows]
    assert found.tolist() == pytest.approx(expected)


def test_many_rows_are_asked_a_part_at_a_time():
    tree = [[0, 0.5, 1, 2], [1.0], [2.0]]
    rows = np.arange(3 * forest.TILE + 1) % 2
    assert forest.from_trees(0.0, [tree], 1).of(rows[None]).tolist() == (rows + 1.0).tolist()


def test_other_rows_make_no_difference():
    chance = np.random.default_rng(4)
    trees = [[[0, 0.5, 1, 2], [value], [-value]] for value in chance.normal(size=50).tolist()]
    rows = chance.random((1, 9))
    asked = forest.from_trees(0.1, trees, 1)
    assert asked.of(rows).tolist() == [asked.of(rows[:, n : n + 1]).item() for n in range(9)]


@pytest.mark.parametrize("node", [[3, 0.5, 1, 2], [-1, 0.5, 1, 2], [0, 0.5, 0, 2], [0, 0.5, 1, 3]])
def test_trees_that_name_what_is_not_there_are_refused(node):
    with pytest.raises(ValueError, match="its column or branch is none"):
        forest.from_trees(0.0, [[node, [1.0], [2.0]]], COLUMNS)


def test_trees_hold_numbers_only():
    with pytest.raises(ValueError, match="could not convert"):
        forest.from_trees(0.0, [[["__import__('os')"]]], COLUMNS)


def test_trees_that_are_too_large_are_refused():
    tree = [[0, 0.5, 1, 2], [1.0]] * forest.LEAVES
    with pytest.raises(ValueError, match="32 leaves are the most"):
        forest.from_trees(0.0, [tree], 1)


def test_trees_whose_branches_share_their_nodes_are_refused():
    tree = [[0, 0.5, at + 1, at + 1] for at in range(20)] + [[1.0]]
    with pytest.raises(ValueError, match="more than 32 leaves"):
        forest.from_trees(0.0, [tree], 1)
