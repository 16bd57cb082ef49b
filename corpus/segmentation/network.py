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

    def odds(self, parts: Iterable[Array]) -> list[float]:
        """Log-odds of a boundary for every place of one document, from its columns, which come
        some rows at a time."""
        passed = [self.entry.of(scaled(rows, self.usual, self.spread)) for rows in parts]
        if not passed:
            return []
        entered = np.concatenate(passed) if len(passed) > 1 else passed[0]
        found, grown = entered.copy(), np.empty_like(entered)
        tiles = [slice(at, min(at + TILE, len(found))) for at in range(0, len(found), TILE)]
        for reach, layer in zip(REACHES, self.layers, strict=True):
            for tile in tiles:
                grown[tile] = layer.of(around(found, reach, tile.start, tile.stop))
            found += grown
        found += self.page.of(found.mean(axis=0, keepdims=True))
        odds: list[float] = []
        for tile in tiles:
            closed = self.close.of(np.concatenate([found[tile], entered[tile]], axis=1))
            odds += (product(closed, self.last[:, None])[:, 0] + self.bias).tolist()
        return odds


def product(rows: Array, weights: Array) -> Array:
    """``rows @ weights``, a few rows at a time."""
    total, (size, width) = len(rows), weights.shape
    if total <= ROWS:
        return rows @ weights
    whole = total - total % ROWS
    found = np.empty((total, width), dtype=rows.dtype)
    parts = rows[:whole].reshape(-1, ROWS, size)
    np.matmul(parts, weights, out=found[:whole].reshape(-1, ROWS, width))
    np.matmul(rows[whole:], weights, out=found[whole:])
    return found


def scaled(rows: Array, usual: Array, spread: Array) -> Array:
    """Every column as a multiple of its usual spread, within ``MOST``."""
    return np.clip((rows - usual) / spread, -MOST, MOST)


def around(rows: Array, reach: int, first: int = 0, stop: int | None = None) -> Array:
    """Beside every row the one so far above and the one so far below; nothing beyond the edges.

    Of a part of the rows, if ``first`` and ``stop`` say so.

    >>> around(np.array([[1.0], [2.0], [3.0]]), 1).tolist()
    [[0.0, 1.0, 2.0], [1.0, 2.0, 3.0], [2.0, 3.0, 0.0]]
    """
    stop, width = len(rows) if stop is None else stop, rows.shape[1]
    found = np.zeros((stop - first, 3 * width), dtype=rows.dtype)
    for column, shift in enumerate((-reach, 0, reach)):
        low, high = max(0, first + shift), min(len(rows), stop + shift)
        if low < high:
            place = slice(column * width, (column + 1) * width)
            found[low - shift - first : high - shift - first, place] = rows[low:high]
    return found


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
