"""The trained model: weights from ``data/weights.json``, probabilities out.

Hashed words tell of every block how far a post begins and ends with it (linear). Small trees look
at every place by itself, with that and all that was counted. A small network looks at all places of
the document together, so that they are weighed against each other. A table turns what it says into
the share of such places that opened a post in threads kept aside.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

import numpy as np

from corpus.segmentation import features, forest, network, surroundings
from corpus.segmentation.blocks import Block
from corpus.segmentation.data import load
from corpus.segmentation.document import Document
from corpus.segmentation.forest import Forest
from corpus.segmentation.network import Network
from corpus.segmentation.wording import Sums, Weights, Wording


@dataclass(frozen=True, slots=True)
class Place:
    """What the model says of the block a post may start with."""

    probability: float
    wording: float


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in the form they are used in; ``table`` holds calibrated shares by score."""

    words: Weights
    bias: float
    alone: Forest
    together: Network
    scores: list[float]
    shares: list[float]

    def places(self, document: Document, blocks: Sequence[Block]) -> list[Place]:
        """One for every block but the first."""
        begins, ends = Wording(document, blocks).weighed(self.words)
        worded = surroundings.worded(self.bias + begins, ends)
        odds = self.together.odds(self._rows(document, blocks, worded))
        return [
            Place(self.calibrated(one), wording)
            for one, wording in zip(odds, worded[:, 0].tolist(), strict=True)
        ]

    def _rows(self, document: Document, blocks: Sequence[Block], worded: Sums) -> Iterator[Sums]:
        """What the network looks at, some places at a time."""
        at = 0
        for counted in features.rows(document, blocks):
            rows = np.concatenate([counted, worded[at : at + len(counted)]], axis=1)
            at += len(counted)
            yield np.column_stack([rows, self.alone.of(rows)])

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


def logistic(odds: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + exp(-odds)) if odds > -500 else 0.0


#: Names the weights file to use instead of the shipped one, if any; asked for every text.
source: Callable[[], str] = str


def current() -> Model:
    """The model of the weights file that ``source`` names, or of the shipped one.

    Raises OSError or ValueError if that file cannot be used.
    """
    named = source()
    return _stored(named) if named else shipped()


def usable(path: str) -> bool:
    """Whether ``path`` is a weights file for the columns of this version."""
    try:
        _stored(path)
    except (OSError, ValueError, KeyError, TypeError, IndexError, OverflowError):
        return False
    return True


@cache
def shipped() -> Model:
    """The model of the shipped weights."""
    return from_weights(load("weights"))


@cache
def _stored(path: str) -> Model:
    return from_weights(json.loads(Path(path).read_text(encoding="utf-8")))


def from_weights(weights: dict[str, Any]) -> Model:
    """The model of a weights file, refused if it was made for other columns."""
    if weights["columns"] != columns():
        raise ValueError(
            "Cannot use weights made for other columns; "
            "make new ones with manage.py train_segmenter."
        )
    scale, known = weights["words"]["scale"], len(columns())
    trees = weights["trees"]
    return Model(
        words=np.append(np.array(weights["words"]["weights"]) / scale, 0.0),
        bias=weights["words"]["bias"],
        alone=forest.from_trees(trees["base"], trees["trees"], known - 1),
        together=network.from_weights(weights["network"], known),
        scores=[score for score, _ in weights["calibration"]],
        shares=[share for _, share in weights["calibration"]],
    )


def columns() -> list[str]:
    """What the network looks at, by which weights are known to fit; last what the trees say."""
    return [*features.NAMES, *surroundings.WORDING, "alone"]
