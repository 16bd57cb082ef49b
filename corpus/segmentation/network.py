"""A small network over all places of a document at once, which is how they are decided jointly.

Every layer looks at the places so far above and below, in growing steps (dilated convolutions with
residuals: van den Oord et al. 2016, WaveNet; Bai, Kolter & Koltun 2018), so that the last knows of
fifteen on either side; what the document is like on the whole comes to every place as well. Numbers
go through it as 64-bit floats: machines that add them up in another order agree to many digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

#: How far above and below each layer looks.
REACHES = (1, 2, 4, 8)
#: Rows multiplied at a time: of more, OpenBLAS makes threads (from 2**18 products of numbers on),
#: which wait for each other and took 2.5 times the processor's time.
ROWS = 20
#: Rows that go through a layer at a time: so many stay in the processor's own memory.
TILE = 400
#: Columns count as so many times their usual spread at most.
MOST = 4.0


@dataclass(frozen=True, slots=True)
class Layer:
    """Weights for what comes in and what is added to it; what is below zero does not go on."""

    weights: Array
    bias: Array

    def of(self, numbers: Array) -> Array:
        found = product(numbers, self.weights)
        found += self.bias
        return np.maximum(found, 0.0, out=found)


@dataclass(frozen=True, slots=True)
class Network:
    """``usual`` and ``spread`` bring the columns to one scale; the layers follow in order."""

    usual: Array
    spread: Array
    entry: Layer
    layers: Sequence[Layer]
    page: Layer
    close: Layer
    last: Array
    bias: float

    def odds(self, parts: Iterable[Array], sizes: Iterable[int]) -> Array:
        """Log-odds of a boundary for every place of documents with so many places each.

        What is counted at the places comes in parts, one column a place. Other documents make no
        difference, to the last digit.
        """
        lengths = np.array([size for size in sizes if size], dtype=np.int64)
        entered = self._entered(parts, int(lengths.sum()))
        count, width = entered.shape
        tiles = [slice(at, min(at + TILE, count)) for at in range(0, count, TILE)]
        # The last row is what is beyond the edges of a document.
        found, grown = np.zeros((count + 1, width)), np.empty((count, width))
        found[:count] = entered
        for reach, layer in zip(REACHES, self.layers, strict=True):
            beside = around(lengths, reach)
            for tile in tiles:
                grown[tile] = layer.of(found[beside[tile]].reshape(-1, 3 * width))
            found[:count] += grown
        found[:count] += np.repeat(self._pages(found[:count], lengths), lengths, axis=0)
        odds = np.empty(count)
        for tile in tiles:
            closed = self.close.of(np.concatenate([found[tile], entered[tile]], axis=1))
            odds[tile] = product(closed, self.last[:, None])[:, 0]
        return odds + self.bias

    def _entered(self, parts: Iterable[Array], count: int) -> Array:
        """All places behind the first layer, one row a place."""
        entered = np.empty((count, len(self.entry.bias)))
        at = 0
        for part in parts:
            stop = at + part.shape[1]
            entered[at:stop] = self.entry.of(scaled(part.T, self.usual, self.spread))
            at = stop
        return entered

    def _pages(self, rows: Array, lengths: NDArray[np.int64]) -> Array:
        """What every document is like on the whole."""
        if not len(lengths):
            return rows
        sums = np.add.reduceat(rows, np.cumsum(lengths) - lengths, axis=0)
        return self.page.of(sums / lengths[:, None])


def product(rows: Array, weights: Array) -> Array:
    """``rows @ weights``, a few rows at a time.

    Always as many, the last ones filled up: of fewer, OpenBLAS adds up in another order.
    """
    total, (size, width) = len(rows), weights.shape
    whole = total - total % ROWS
    found = np.empty((total, width))
    parts = np.ascontiguousarray(rows[:whole]).reshape(-1, ROWS, size)
    np.matmul(parts, weights, out=found[:whole].reshape(-1, ROWS, width))
    if whole < total:
        rest = np.zeros((ROWS, size))
        rest[: total - whole] = rows[whole:]
        found[whole:] = (rest @ weights)[: total - whole]
    return found


def scaled(rows: Array, usual: Array, spread: Array) -> Array:
    """Every column as a multiple of its usual spread, within ``MOST``."""
    found = rows - usual
    found /= spread
    return np.clip(found, -MOST, MOST, out=found)


def around(lengths: NDArray[np.int64], reach: int) -> NDArray[np.int64]:
    """For every row of documents of such ``lengths`` the number of the row so far above, its own,
    and that of the one so far below; beyond the edges of its document that of one more row.

    >>> around(np.array([3, 1]), 1).tolist()
    [[4, 0, 1], [0, 1, 2], [1, 2, 4], [4, 3, 4]]
    """
    ends = np.cumsum(lengths)
    first, stop = np.repeat(ends - lengths, lengths), np.repeat(ends, lengths)
    own = np.arange(len(first))
    above = np.where(own - reach >= first, own - reach, len(own))
    below = np.where(own + reach < stop, own + reach, len(own))
    return np.stack([above, own, below], axis=1)


def from_weights(weights: Mapping[str, Any], columns: int) -> Network:
    """The network of a weights file, for rows of so many ``columns``.

    Raises ValueError if its layers do not fit each other or the columns.
    """
    usual, spread = _numbers(weights["usual"]), _numbers(weights["spread"])
    entry, page, close = (_layer(weights[name]) for name in ("entry", "page", "close"))
    layers = [_layer(layer) for layer in weights["layers"]]
    last = _numbers(weights["last"])
    width = len(entry.bias)
    fits = (
        usual.shape == spread.shape == (columns,)
        and entry.weights.shape == (columns, width)
        and [layer.weights.shape for layer in layers] == [(3 * width, width)] * len(REACHES)
        and page.weights.shape == (width, width)
        and close.weights.shape == (2 * width, len(last))
        and bool((spread > 0).all())
    )
    if not fits:
        raise ValueError(f"Cannot use a network whose layers do not fit {columns} columns.")
    return Network(usual, spread, entry, layers, page, close, last, float(weights["bias"]))


def _layer(stored: Mapping[str, Any]) -> Layer:
    return Layer(_numbers(stored["weights"]), _numbers(stored["bias"]))


def _numbers(stored: Any) -> Array:
    return np.array(stored, dtype=np.float64)
