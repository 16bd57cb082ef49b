"""Compiled trees say what trees walked node by node say, and refuse what is none."""

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


@given(st.lists(trees(), max_size=4), st.lists(numbers, min_size=COLUMNS, max_size=COLUMNS))
def test_compiled_trees_say_what_walked_trees_say(chosen, row):
    total = 0.5
    for tree in chosen:
        total += walked(tree, row)
    assert forest.compiled(0.5, chosen, COLUMNS)(*row) == total


@pytest.mark.parametrize("node", [[3, 0.5, 1, 2], [-1, 0.5, 1, 2], [0, 0.5, 0, 2], [0, 0.5, 1, 3]])
def test_trees_that_name_what_is_not_there_are_refused(node):
    with pytest.raises(ValueError, match="its column or branch is none"):
        forest.compiled(0.0, [[node, [1.0], [2.0]]], COLUMNS)


def test_trees_hold_numbers_only():
    with pytest.raises(ValueError, match="could not convert"):
        forest.compiled(0.0, [[["__import__('os')"]]], COLUMNS)
