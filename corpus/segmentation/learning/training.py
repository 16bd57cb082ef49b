"""Weights from known threads: linear over words, then trees, then a table of real shares.

Deterministic for the same threads and the same scikit-learn. The threads are split by name: the
table is made on a part that neither step has seen.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any
from zlib import crc32

from corpus.segmentation import (
    blocks,
    copies,
    document,
    features,
    model,
    wording,
)
from corpus.segmentation.learning.libraries import library
from corpus.segmentation.learning.threads import KnownThread

#: Parts the threads are divided into: the last calibrates, the others train.
PARTS = 8
#: Strength of the words' weights (inverse regularisation), as chosen on a part of the threads.
STRENGTH = 0.05
#: Trees, their leaves, how much each corrects, and the share of columns each branch may look at;
#: 40 fewer lose .005 of F1, and every tree costs time on every text.
TREES, LEAVES, RATE, COLUMNS = 150, 20, 0.1, 0.3
#: Weights of words are whole numbers of this fraction.
SCALE = 200
#: Points of the calibration table.
POINTS = 24


_library = partial(library, extra="train")


@dataclass
class Table:
    """All places of all threads: columns, hashed words (as a sparse matrix), answers, parts."""

    rows: array[float] = field(default_factory=lambda: array("f"))
    keys: array[int] = field(default_factory=lambda: array("i"))
    values: array[float] = field(default_factory=lambda: array("f"))
    ends: array[int] = field(default_factory=lambda: array("q", [0]))
    answers: list[bool] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    #: Where a thread's places end.
    threads: list[int] = field(default_factory=lambda: [0])

    def add(self, thread: KnownThread) -> None:
        read = document.read(thread.text)
        if read.headers or not read.lines:
            return
        found = blocks.find(read, copies.find(read))
        starts = {post.start for post in thread.posts}
        for row in features.rows(read, found):
            self.rows.extend(row)
        hashes, ids = wording.hashes(read), read.words.ids
        for at in range(1, len(found)):
            following = found[at + 1] if at + 1 < len(found) else None
            keys: dict[int, float] = {}
            for key in wording.edges(ids, hashes, found[at - 1], found[at], following):
                keys[key] = keys.get(key, 0.0) + 1
            for role, block in ((wording.BELOW, found[at]), (wording.ABOVE, found[at - 1])):
                for key, value in wording.bag(ids, hashes, role, block).items():
                    keys[key] = keys.get(key, 0.0) + value
            self.keys.extend(keys)
            self.values.extend(keys.values())
            self.ends.append(len(self.keys))
            self.answers.append(read.lines[found[at].lines.start].span.start in starts)
        part = crc32(thread.name.encode()) % PARTS
        self.parts.extend([part] * (len(found) - 1))
        self.threads.append(len(self.answers))


def weights(
    threads: Iterable[KnownThread], *, note: str, tell: Callable[[str], object] = lambda _: None
) -> dict[str, Any]:
    """The content of a weights file."""
    np, sparse = _library("numpy"), _library("scipy.sparse")
    table = Table()
    for thread in threads:
        table.add(thread)
    places = len(table.answers)
    tell(f"{places} places")
    columns = np.frombuffer(table.rows, dtype=np.float32).reshape(places, len(features.NAMES))
    words = sparse.csr_matrix(
        (np.frombuffer(table.values, dtype=np.float32), np.array(table.keys), np.array(table.ends)),
        shape=(places, wording.SIZE),
    )
    answers, parts = np.array(table.answers), np.array(table.parts)
    aside = parts == PARTS - 1
    linear, scores = _linear(words, answers, parts, tell)
    around = np.concatenate(
        [
            np.array(model.context(list(scores[a:b]))).reshape(b - a, len(model.CONTEXT))
            for a, b in pairwise(table.threads)
        ]
    ).astype(np.float32)
    columns = np.concatenate([columns, around], axis=1)
    trees = _trees(columns[~aside], answers[~aside])
    tell("trees made")
    scores = trees.decision_function(columns[aside])
    return {
        "note": note,
        "columns": model.columns(),
        "calibration": list(_calibration(scores, answers[aside])),
        "words": {
            "scale": SCALE,
            "bias": round(float(linear.intercept_[0]), 4),
            "weights": [round(float(weight) * SCALE) for weight in linear.coef_[0]],
        },
        "base": round(float(trees._baseline_prediction[0, 0]), 5),
        "trees": [_nodes(step[0]) for step in trees._predictors],
    }


def _linear(words: Any, answers: Any, parts: Any, tell: Callable[[str], object]) -> tuple[Any, Any]:
    """The words' weights, and scores for every place by weights that have not seen its thread."""
    np, models = _library("numpy"), _library("sklearn.linear_model")

    def fit(chosen: Any) -> Any:
        made = models.LogisticRegression(
            C=STRENGTH, solver="liblinear", max_iter=60, random_state=0
        )
        return made.fit(words[chosen], answers[chosen])

    aside = parts == PARTS - 1
    scores = np.zeros(len(answers))
    for third in range(3):
        inside = ~aside & (parts % 3 == third)
        scores[inside] = fit(~aside & (parts % 3 != third)).decision_function(words[inside])
        tell("words weighed")
    linear = fit(~aside)
    scores[aside] = linear.decision_function(words[aside])
    return linear, scores


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
