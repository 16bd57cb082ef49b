"""The trained model: weights from ``data/weights.json``, probabilities out.

Hashed words tell of every block how far a post begins and ends with it (linear). Small trees look
at every place by itself, with that and all that was counted. A small network looks at all places of
the document together, so that they are weighed against each other. A table turns what it says into
the share of such places that opened a post in threads kept aside.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp
from pathlib import Path
from typing import Any

import numpy as np

from corpus.segmentation import features, forest, network, surroundings
from corpus.segmentation.blocks import Blocks
from corpus.segmentation.data import load
from corpus.segmentation.forest import Forest
from corpus.segmentation.gathering import Gathered
from corpus.segmentation.network import Network
from corpus.segmentation.wording import Sums, Weights, Wording

#: Which of the columns that words give says how clearly those around speak for a post.
_WORDING = surroundings.WORDING.index("wording")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model says of every block of a document but the first: how probable it is that a
    post starts with it, and how clearly the words around speak for that."""

    probabilities: list[float]
    wording: list[float]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in the form they are used in; ``scores`` and ``shares`` are a calibration table."""

    words: Weights
    bias: float
    alone: Forest
    together: Network
    scores: list[float]
    shares: list[float]

    def judged(self, documents: Sequence[Blocks]) -> list[Judged]:
        """What it says of each of the documents: there are some, and none is without blocks.

        It says the same of a document whatever others are given with it.
        """
        gathered = Gathered.of(documents)
        begins, ends = Wording(gathered).weighed(self.words)
        worded = surroundings.worded(self.bias + begins, ends, gathered.edges)
        sizes = gathered.edges.sizes - 1
        odds = self.together.odds(self._columns(gathered, worded), sizes)
        # Between the shares of the table, in straight lines.
        shares = np.interp(odds, self.scores, self.shares).tolist()
        wording = worded[_WORDING].tolist()
        edges = [0, *np.cumsum(sizes).tolist()]
        return [Judged(shares[first:stop], wording[first:stop]) for first, stop in pairwise(edges)]

    def _columns(self, gathered: Gathered, worded: Sums) -> Iterator[Sums]:
        """What the network looks at, of some places at a time."""
        at = 0
        for counted in features.columns(gathered):
            stop = at + counted.shape[1]
            columns = np.concatenate([counted, worded[:, at:stop]])
            yield np.concatenate([columns, self.alone.of(columns)[None]])
            at = stop


def logistic(odds: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + exp(-odds)) if odds > -500 else 0.0


#: Names the weights file to use instead of the shipped one, if any; asked each time anew.
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
