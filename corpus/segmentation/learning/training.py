"""Weights from known threads: linear over words, trees, a network, then a table of real shares.

Deterministic for the same threads and the same scikit-learn. What one step says of a thread comes
from threads of other folds, so that the next learns how far it can be trusted; the table is made
on a part that no step has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from corpus.segmentation import model
from corpus.segmentation.learning import network, renderings
from corpus.segmentation.learning.libraries import library
from corpus.segmentation.learning.table import FOLDS, PARTS, Table
from corpus.segmentation.learning.threads import KnownThread
from corpus.segmentation.network import from_weights

#: Strength of the words' weights (inverse regularisation), as chosen on a part of the threads.
STRENGTH = 0.05
#: Trees, their leaves, how much each corrects, and the share of columns each branch may look at.
TREES, LEAVES, RATE, COLUMNS = 100, 20, 0.1, 0.3
#: Weights of words are whole numbers of this fraction.
SCALE = 200
#: Points of the calibration table.
POINTS = 24

Tell = Callable[[str], object]

_library = partial(library, extra="train")


def weights(
    threads: Iterable[KnownThread], *, note: str, tell: Tell = lambda _: None
) -> dict[str, Any]:
    """The content of a weights file."""
    table = Table()
    for thread in threads:
        table.add(thread)
        for other in renderings.others(thread):
            table.add(other, received=False)
    tell(f"{len(table.answers)} places")
    return {"note": note, "columns": model.columns(), **_Training(table, tell).made()}


class _Training:
    """The steps from a table to weights."""

    def __init__(self, table: Table, tell: Tell) -> None:
        np = _library("numpy")
        self.table, self.tell = table, tell
        self.answers, self.folds = np.array(table.answers), np.array(table.folds)
        self.learns = np.array(table.parts) != PARTS - 1
        self.calibrates = ~self.learns & np.array(table.received)

    def made(self) -> dict[str, Any]:
        np = _library("numpy")
        linear, worded = self._words()
        columns = np.concatenate([self.table.columns(), worded], axis=1)
        trees, alone = self._crossed(columns)
        columns = np.concatenate([columns, alone[:, None]], axis=1)
        learned = network.learned(
            columns, self.answers, list(self.table.documents(self.learns)), tell=self.tell
        )
        scores = self._together(learned, columns)
        return {
            "calibration": list(_calibration(scores, self.answers[self.calibrates])),
            "words": {
                "scale": SCALE,
                "bias": round(float(linear.intercept_[0]), 4),
                "weights": [round(float(weight) * SCALE) for weight in linear.coef_[0]],
            },
            "trees": _written(trees),
            "network": learned,
        }

    def _words(self) -> tuple[Any, Any]:
        """The words' weights, and what weights of other folds say of every block."""
        np = _library("numpy")
        opened, closed = self.table.opened.matrix(), self.table.closed.matrix()
        at = np.array(self.table.places)
        places = (opened[at] + closed[at - 1]).tocsr()
        begins, ends = np.zeros(opened.shape[0]), np.zeros(opened.shape[0])
        for chosen, told in self._folded():
            made = _linear(places[chosen], self.answers[chosen])
            blocks = np.union1d(at[told], at[told] - 1)
            begins[blocks] = opened[blocks] @ made.coef_[0] + made.intercept_[0]
            ends[blocks] = closed[blocks] @ made.coef_[0]
            self.tell("words weighed")
        return made, self.table.worded(begins, ends)

    def _crossed(self, columns: Any) -> tuple[Any, Any]:
        """Trees, and what trees of other folds say of every place."""
        said = _library("numpy").zeros(len(self.answers))
        for chosen, told in self._folded():
            made = _trees(columns[chosen], self.answers[chosen])
            said[told] = made.decision_function(columns[told])
            self.tell("trees grown")
        return made, said

    def _together(self, learned: Any, columns: Any) -> Any:
        """What the network says of the places that calibrate."""
        made = from_weights(learned, columns.shape[1])
        documents = self.table.documents(self.calibrates)
        odds = [made.odds([columns[a:b].T], [b - a]) for a, b in documents]
        return _library("numpy").concatenate(odds)

    def _folded(self) -> Iterator[tuple[Any, Any]]:
        """Places to learn from and places to speak of; last all of them and those kept aside."""
        for fold in range(FOLDS):
            yield self.learns & (self.folds != fold), self.learns & (self.folds == fold)
        yield self.learns, ~self.learns


def _linear(words: Any, answers: Any) -> Any:
    models = _library("sklearn.linear_model")
    made = models.LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=60, random_state=0)
    return made.fit(words, answers)


def _trees(columns: Any, answers: Any) -> Any:
    ensemble = _library("sklearn.ensemble")
    made = ensemble.HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=RATE,
        max_features=COLUMNS,
        min_samples_leaf=40,
        l2_regularization=5,
        max_bins=64,
        early_stopping=False,
        random_state=0,
    )
    return made.fit(columns, answers)


def _written(trees: Any) -> dict[str, Any]:
    return {
        "base": round(float(trees._baseline_prediction[0, 0]), 5),
        "trees": [_nodes(step[0]) for step in trees._predictors],
    }


def _nodes(tree: Any) -> list[list[float]]:
    return [
        [round(float(node["value"]), 4)]
        if node["is_leaf"]
        else [
            int(node["feature_idx"]),
            float(f"{node['num_threshold']:.6g}"),
            int(node["left"]),
            int(node["right"]),
        ]
        for node in tree.nodes
    ]


def _calibration(scores: Any, answers: Any) -> Iterator[list[float]]:
    """Mean score and share of posts in groups of places with like scores; shares never fall."""
    np, isotonic = _library("numpy"), _library("sklearn.isotonic")
    order = np.argsort(scores, kind="stable")
    rising = isotonic.IsotonicRegression(y_min=0.002, y_max=0.998).fit_transform(scores, answers)
    last = None
    for group in np.array_split(order, POINTS):
        score = round(float(scores[group].mean()), 3)
        if last is None or score > last:
            yield [score, round(float(rising[group].mean()), 4)]
        last = score
