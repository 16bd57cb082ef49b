"""Small trees whose leaves add up, asked of many rows at once.

A row is not led down each tree. Every branch of every tree is looked at instead, and each that a
row does not take low strikes out the leaves below its low side; the first leaf that is left is the
row's (QuickScorer: Lucchese et al. 2015). That is more work, but numpy does it for many rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: A tree as weights files have it: nodes are [leaf] or [column, threshold, low, high], children by
#: their number; values up to the threshold go low.
Tree = Sequence[Sequence[float]]

#: Leaves of a tree at most: a bit each.
LEAVES = 32
#: Rows asked at a time: so many stay in the processor's own memory.
TILE = 64


@dataclass(frozen=True, slots=True)
class Forest:
    """All branches in a row, those of a tree together; ``values`` has a row of leaves a tree."""

    base: float
    columns: NDArray[np.intp]
    thresholds: NDArray[np.float64]
    #: Which leaves of its tree are left where a value is above the branch's threshold, as bits.
    left: NDArray[np.uint32]
    #: Where the branches of every tree begin, and its leaves in ``values``.
    starts: NDArray[np.intp]
    leaves: NDArray[np.intp]
    values: NDArray[np.float64]

    def of(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """For every row ``base`` and its leaf of every tree, added up.

        The table is given by its columns: ``table[n]`` is what all rows have in column n.
        """
        count = table.shape[1]
        tiles = [self._of(table[:, at : at + TILE]) for at in range(0, count, TILE)]
        return np.concatenate(tiles) if tiles else np.empty(0)

    def _of(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        if not len(self.starts):
            return np.full(table.shape[1], self.base)
        above = table[self.columns] > self.thresholds[:, None]
        left = np.where(above, self.left[:, None], np.uint32(2**LEAVES - 1))
        left = np.bitwise_and.reduceat(left, self.starts, axis=0)
        first = np.bitwise_count((left & -left) - np.uint32(1))
        values = self.values[self.leaves[:, None] + first]
        # From the first tree to the last: a mere sum goes another way where there is but one row.
        found: NDArray[np.float64] = self.base + np.cumsum(values, axis=0)[-1]
        return found


def from_trees(base: float, trees: Sequence[Tree], columns: int) -> Forest:
    """The trees in the form they are asked in, for rows of so many ``columns``.

    Raises ValueError for a tree that names columns or nodes there are none of, or is too large.

    >>> trees = [[[0, 0.5, 1, 2], [-2.0], [3.0]]]
    >>> from_trees(1.0, trees, 1).of(np.array([[0.7, 0.5]])).tolist()
    [4.0, -1.0]
    """
    branches: list[tuple[int, float, int]] = []
    starts: list[int] = []
    firsts: list[int] = []
    values: list[float] = []
    for tree in trees:
        if len(tree) >= 2 * LEAVES:
            raise ValueError(
                f"Cannot use a tree of {len(tree)} nodes; {LEAVES} leaves are the most."
            )
        leaves: list[float] = []
        found = list(_branches(tree, 0, columns, leaves))
        # A tree that is a leaf has a branch that strikes nothing out.
        starts.append(len(branches))
        firsts.append(len(values))
        branches += found or [(0, 0.0, 2**LEAVES - 1)]
        values += leaves
    named, thresholds, left = zip(*branches, strict=True) if branches else ((), (), ())
    return Forest(
        base=float(base),
        columns=np.array(named, dtype=np.intp),
        thresholds=np.array(thresholds, dtype=np.float64),
        left=np.array(left, dtype=np.uint32),
        starts=np.array(starts, dtype=np.intp),
        leaves=np.array(firsts, dtype=np.intp),
        values=np.array(values, dtype=np.float64),
    )


def _branches(
    tree: Tree, at: int, columns: int, leaves: list[float]
) -> Iterator[tuple[int, float, int]]:
    """The branches from node ``at`` on with the leaves they leave; adds its ``leaves`` in order."""
    node = tree[at]
    if len(node) == 1:
        if len(leaves) == LEAVES:  # Of few nodes, where branches share them.
            raise ValueError(f"Cannot use a tree of more than {LEAVES} leaves.")
        leaves.append(float(node[0]))
        return
    column, threshold, *sides = int(node[0]), float(node[1]), int(node[2]), int(node[3])
    if not (0 <= column < columns and all(at < side < len(tree) for side in sides)):
        raise ValueError(f"Cannot use a tree with the node {node}; its column or branch is none.")
    first = len(leaves)
    yield from _branches(tree, sides[0], columns, leaves)
    struck = (1 << len(leaves)) - (1 << first)
    yield column, threshold, (2**LEAVES - 1) & ~struck
    yield from _branches(tree, sides[1], columns, leaves)
