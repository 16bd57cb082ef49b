"""The trained model: weights from ``data/weights.json``, probabilities out, no other library.

Two steps: hashed words give every place a score (linear), and that score with those of the
neighbours and all that was counted goes through small trees. A table turns the sum into the share
of such places that opened a post in threads kept aside from training.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Any

from corpus.segmentation import features, wording
from corpus.segmentation.blocks import Block
from corpus.segmentation.data import load
from corpus.segmentation.document import Document

#: A tree is a leaf, or (column, threshold, tree up to the threshold, tree above it).
Tree = Any

#: Columns after those of ``features.NAMES``.
CONTEXT = ("wording", "above_wording", "below_wording", "page_wording")
#: Stands for the score of a neighbour that is not there.
NONE = -9.0


@dataclass(frozen=True, slots=True)
class Place:
    """What the model says of the block a post may start with."""

    probability: float
    wording: float


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in the form they are used in; ``table`` holds calibrated shares by score."""

    words: list[float]
    bias: float
    trees: list[Tree]
    base: float
    scores: list[float]
    shares: list[float]

    def places(self, document: Document, blocks: Sequence[Block]) -> list[Place]:
        """One for every block but the first."""
        wordings = self.wordings(document, blocks)
        found = []
        rows = features.rows(document, blocks)
        for row, around in zip(rows, context(wordings), strict=True):
            row += around
            found.append(Place(self.calibrated(self.score(row)), around[0]))
        return found

    def wordings(self, document: Document, blocks: Sequence[Block]) -> list[float]:
        """The linear score of the words around every place."""
        ids, weights = document.words.ids, self.words
        hashes = wording.hashes(document)
        below, above = (
            [weights[wording.bucket(role, word)] for word in hashes]
            for role in (wording.BELOW, wording.ABOVE)
        )
        bags = []
        for block in blocks:
            chosen = ids[block.words.start : block.words.stop]
            scale = 1 / sqrt(len(chosen)) if chosen else 0.0
            bags.append(
                (sum([below[word] for word in chosen]) * scale,
                 sum([above[word] for word in chosen]) * scale)
            )  # fmt: skip
        found = []
        for at in range(1, len(blocks)):
            following = blocks[at + 1] if at + 1 < len(blocks) else None
            buckets = wording.edges(ids, hashes, blocks[at - 1], blocks[at], following)
            edges = sum([weights[bucket] for bucket in buckets])
            found.append(self.bias + edges + bags[at][0] + bags[at - 1][1])
        return found

    def score(self, row: Sequence[float]) -> float:
        """Log-odds that a post starts at the place with these columns."""
        total = self.base
        for node in self.trees:
            while node.__class__ is tuple:
                column, threshold, low, high = node
                node = low if row[column] <= threshold else high
            total += node
        return total

    def calibrated(self, score: float) -> float:
        """Between the shares of the table, in straight lines."""
        at = bisect_right(self.scores, score)
        if at == 0:
            return self.shares[0]
        if at == len(self.scores):
            return self.shares[-1]
        left, right = self.scores[at - 1], self.scores[at]
        low, high = self.shares[at - 1], self.shares[at]
        return low + (high - low) * (score - left) / (right - left)


def context(wordings: Sequence[float]) -> list[list[float]]:
    """The columns ``CONTEXT`` for every place."""
    mean = sum(wordings) / len(wordings) if wordings else 0.0
    around = [NONE, *wordings, NONE]
    return [[around[at], around[at - 1], around[at + 1], mean] for at in range(1, len(around) - 1)]


@cache
def shipped() -> Model:
    """The model of the shipped weights."""
    return from_weights(load("weights"))


def from_weights(weights: dict[str, Any]) -> Model:
    """The model of a weights file, refused if it was made for other columns."""
    if weights["columns"] != columns():
        raise ValueError(
            "Cannot use weights made for other columns; "
            "make new ones with manage.py train_segmenter."
        )
    scale = weights["words"]["scale"]
    return Model(
        words=[number / scale for number in weights["words"]["weights"]],
        bias=weights["words"]["bias"],
        trees=[_nested(tree, 0) for tree in weights["trees"]],
        base=weights["base"],
        scores=[score for score, _ in weights["calibration"]],
        shares=[share for _, share in weights["calibration"]],
    )


def columns() -> list[str]:
    """What the trees look at, by which weights are known to fit."""
    return [*features.NAMES, *CONTEXT]


def _nested(tree: Sequence[Any], at: int) -> Tree:
    """Nodes are [leaf] or [column, threshold, low, high], children by their number."""
    node = tree[at]
    if len(node) == 1:
        return float(node[0])
    column, threshold, low, high = node
    return (column, threshold, _nested(tree, low), _nested(tree, high))
