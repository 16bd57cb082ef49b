"""The network's weights from known documents: gradients by hand, so that nothing more is needed.

Documents of a batch lie in one table, a few empty rows between them, which is what the network sees
beyond a document's edges. Steps follow Adam with decaying weights (Kingma & Ba 2015; Loshchilov &
Hutter 2019), in one cycle of rates; parts of what goes on are left out by chance (Srivastava et al.
2014). The same rows and answers give the same weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from corpus.segmentation.network import REACHES, Array, scaled

#: Numbers between the layers, and behind the last; passes over all documents; places of a batch;
#: longest piece of a document: as chosen on a part of the threads.
WIDTH, CLOSING, PASSES, BATCH, LONGEST = 96, 48, 20, 1200, 150
#: Highest rate, share of the steps it takes to reach it, and how much weights decay.
RATE, RISE, DECAY = 2e-3, 0.1, 0.02
#: Share of numbers left out: of the columns, and of what goes on between the layers.
COLUMNS_OUT, OUT = 0.15, 0.35
#: Momenta of Adam, and what keeps it from dividing by nothing.
FIRST, SECOND, LEAST = 0.9, 0.999, 1e-8
#: Longest step.
CLIPPED = 1.0
#: Share of a column's smallest and largest numbers that do not tell how it is spread.
OUTLYING = 1


@dataclass
class _Batch:
    """Pieces of documents in one table; ``real`` tells rows from those between."""

    rows: Array
    answers: Array
    real: Array
    #: Where each piece begins and ends.
    pieces: list[tuple[int, int]]


def learned(
    rows: Any,
    answers: Any,
    documents: Sequence[tuple[int, int]],
    *,
    tell: Callable[[str], object] = lambda _: None,
) -> dict[str, Any]:
    """The content of a weights file's network, from ``documents`` (their rows, from and to)."""
    low, high = np.percentile(rows, [OUTLYING, 100 - OUTLYING], axis=0)
    kept = np.clip(rows, low, high)
    usual, spread = kept.mean(axis=0), kept.std(axis=0) + 1e-3
    learning = _Learning(scaled(rows, usual, spread).astype(np.float32), answers, documents)
    learning.run(tell)
    return {
        "usual": _rounded(usual, 5),
        "spread": _rounded(spread, 5),
        **learning.weights.stored(),
    }


@dataclass
class _Weights:
    """All that is learned, by name."""

    columns: int
    chance: Any
    known: dict[str, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sizes = {
            "entry": (self.columns, WIDTH),
            **{f"layer{reach}": (3 * WIDTH, WIDTH) for reach in REACHES},
            "page": (WIDTH, WIDTH),
            "close": (2 * WIDTH, CLOSING),
            "last": (CLOSING, 1),
        }
        for name, (into, out) in sizes.items():
            most = 1 / np.sqrt(into)
            drawn = self.chance.uniform(-most, most, (into, out))
            self.known[name] = drawn.astype(np.float32)
            self.known[f"{name}_bias"] = np.zeros(out, np.float32)

    def stored(self) -> dict[str, Any]:
        def layer(name: str) -> dict[str, Any]:
            return {
                "weights": _rounded(self.known[name]),
                "bias": _rounded(self.known[f"{name}_bias"]),
            }

        return {
            "entry": layer("entry"),
            "layers": [layer(f"layer{reach}") for reach in REACHES],
            "page": layer("page"),
            "close": layer("close"),
            "last": _rounded(self.known["last"][:, 0]),
            "bias": round(float(self.known["last_bias"][0]), 4),
        }


class _Learning:
    """Passes over batches; every step moves the weights a little against the error."""

    def __init__(self, rows: Array, answers: Any, documents: Sequence[tuple[int, int]]) -> None:
        self.rows, self.answers = rows, answers.astype(np.float32)
        self.pieces = [
            (start, min(start + LONGEST, stop))
            for first, stop in documents
            for start in range(first, stop, LONGEST)
        ]
        self.chance = np.random.default_rng(0)
        self.weights = _Weights(rows.shape[1], self.chance)
        self.momenta = {name: np.zeros_like(one) for name, one in self.weights.known.items()}
        self.squares = {name: np.zeros_like(one) for name, one in self.weights.known.items()}

    def run(self, tell: Callable[[str], object]) -> None:
        steps = 0
        total = PASSES * len(list(self._batches()))
        for _ in range(PASSES):
            for batch in self._batches():
                steps += 1
                self._step(_gradients(batch, self.weights.known, self.chance), steps, total)
            tell("documents seen")

    def _batches(self) -> Iterator[_Batch]:
        """All pieces, those of like length together, in another order every time."""
        lengths = np.array([stop - start for start, stop in self.pieces])
        order = np.argsort(lengths + self.chance.uniform(0, 4, len(lengths)), kind="stable")
        edges = np.flatnonzero(np.diff(np.cumsum(lengths[order]) // BATCH)) + 1
        for chosen in self.chance.permutation(len(edges) + 1):
            part = np.split(order, edges)[chosen]
            yield self._batch([self.pieces[number] for number in part])

    def _batch(self, pieces: Sequence[tuple[int, int]]) -> _Batch:
        between = max(REACHES)
        size = sum(stop - start + between for start, stop in pieces)
        rows = np.zeros((size, self.rows.shape[1]), np.float32)
        answers, real = np.zeros(size, np.float32), np.zeros((size, 1), np.float32)
        at, placed = 0, []
        for start, stop in pieces:
            end = at + stop - start
            rows[at:end], answers[at:end], real[at:end] = (
                self.rows[start:stop], self.answers[start:stop], 1.0,
            )  # fmt: skip
            placed.append((at, end))
            at = end + between
        return _Batch(rows, answers, real, placed)

    def _step(self, gradients: dict[str, Array], steps: int, total: int) -> None:
        rate = _rate(steps / (total + 1))
        length = np.sqrt(sum(float((one**2).sum()) for one in gradients.values()))
        shorter = min(1.0, CLIPPED / (length + LEAST))
        for name, weight in self.weights.known.items():
            gradient = gradients[name] * shorter
            momentum, square = self.momenta[name], self.squares[name]
            momentum += (1 - FIRST) * (gradient - momentum)
            square += (1 - SECOND) * (gradient**2 - square)
            root = np.sqrt(square / (1 - SECOND**steps)) + LEAST
            weight *= 1 - rate * DECAY
            weight -= rate * momentum / (1 - FIRST**steps) / root


def _rate(done: float) -> float:
    """Rises to ``RATE`` and falls to nothing, along a cosine (Smith & Topin 2019)."""
    part = done / RISE if done < RISE else 1 - (done - RISE) / (1 - RISE)
    return float(RATE * (0.04 + 0.96 * (1 - np.cos(np.pi * part)) / 2))


def _gradients(batch: _Batch, known: dict[str, Array], chance: Any) -> dict[str, Array]:
    """How the error of ``batch`` changes with every weight: forward, then back the same way."""

    def kept(like: Array, out: float = OUT) -> Array:
        drawn: Array = (chance.random(like.shape, np.float32) >= out).astype(np.float32)
        return drawn / (1 - out)

    made: dict[str, Array] = {}

    def back(name: str, into: Array, error: Array) -> Array:
        """Note the gradients of one layer, and give the error of what came into it."""
        made[name], made[f"{name}_bias"] = into.T @ error, error.sum(axis=0)
        return error @ known[name].T

    def layer(name: str, into: Array) -> Array:
        reached: Array = np.maximum(into @ known[name] + known[f"{name}_bias"], 0)
        return reached

    columns = batch.rows * kept(batch.rows, COLUMNS_OUT)
    entered = layer("entry", columns) * batch.real
    found, seen = entered, []
    for reach in REACHES:
        mask = kept(found)
        beside = _around(found * mask, reach)
        grown = layer(f"layer{reach}", beside) * batch.real
        seen.append((reach, mask, beside, grown))
        found = found + grown
    lengths = np.array([[end - at] for at, end in batch.pieces], np.float32)
    means = np.stack([found[at:end].mean(axis=0) for at, end in batch.pieces])
    means_mask = kept(means)
    pages = layer("page", means * means_mask)
    whole = np.zeros_like(found)
    for (at, end), page in zip(batch.pieces, pages, strict=True):
        whole[at:end] = found[at:end] + page
    whole_mask = kept(whole)
    both = np.concatenate([whole * whole_mask, entered], axis=1)
    closed = layer("close", both)
    closed_mask = kept(closed)
    odds = (closed * closed_mask) @ known["last"] + known["last_bias"]

    error = (1 / (1 + np.exp(-odds)) - batch.answers[:, None]) * batch.real / batch.real.sum()
    error = back("last", closed * closed_mask, error) * closed_mask * (closed > 0)
    error = back("close", both, error)
    at_entry = error[:, WIDTH:]
    error = error[:, :WIDTH] * whole_mask * batch.real
    of_pages = np.stack([error[at:end].sum(axis=0) for at, end in batch.pieces])
    of_means = back("page", means * means_mask, of_pages * (pages > 0)) * means_mask / lengths
    for (at, end), one in zip(batch.pieces, of_means, strict=True):
        error[at:end] += one
    for reach, mask, beside, grown in reversed(seen):
        of_beside = back(f"layer{reach}", beside, error * (grown > 0))
        error = error + _gathered(of_beside, reach) * mask
    back("entry", columns, (error + at_entry) * (entered > 0) * batch.real)
    return made


def _around(rows: Array, reach: int) -> Array:
    """Beside every row the one so far above and the one so far below; nothing beyond the edges."""
    nothing = np.zeros((reach, rows.shape[1]), rows.dtype)
    above = np.concatenate([nothing, rows[:-reach]])
    return np.concatenate([above, rows, np.concatenate([rows[reach:], nothing])], axis=1)


def _gathered(error: Array, reach: int) -> Array:
    """The error of every row, from those of what ``_around`` put beside each other."""
    above, here, below = (error[:, at : at + WIDTH] for at in range(0, 3 * WIDTH, WIDTH))
    found = here.copy()
    found[:-reach] += above[reach:]
    found[reach:] += below[:-reach]
    return found


def _rounded(numbers: Any, digits: int = 4) -> Any:
    return np.round(numbers.astype(np.float64), digits).tolist()
