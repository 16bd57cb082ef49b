"""What the words of the blocks around a place say, as further numbers."""

from __future__ import annotations

from statistics import fmean

import numpy as np

from corpus.segmentation.gathering import Column, Edges

#: Stands for what is not there.
NONE = -9.0

WORDING = (
    "wording", "above_wording", "below_wording", "page_wording", "begins", "above_ends",
    "above_begins", "ends", "below_begins", "two_above_ends", "two_below_wording",
    "two_above_wording", "page_begins", "page_ends",
)  # fmt: skip


def worded(begins: Column, ends: Column, edges: Edges) -> Column:
    """The rows ``WORDING``, with a column for every place.

    Given is how far each block speaks for a post that begins, and one that ends, with it.
    """
    at = edges.places
    # Of the first blocks of documents it is said of no place.
    whole = np.where(np.arange(len(begins)) == edges.first, NONE, begins + np.roll(ends, 1))

    def of(values: Column, step: int) -> Column:
        return edges.beside(values, step, NONE)

    def page(values: Column, skipped: int) -> Column:
        means = [
            fmean(part[skipped:]) if len(part) > skipped else 0.0
            for part in edges.each(values.tolist())
        ]
        return edges.spread(np.array(means))[at]

    rows = {
        "wording": whole[at],
        "above_wording": of(whole, -1),
        "two_above_wording": of(whole, -2),
        "below_wording": of(whole, 1),
        "two_below_wording": of(whole, 2),
        "page_wording": page(whole, 1),
        "begins": begins[at],
        "above_begins": begins[at - 1],
        "below_begins": of(begins, 1),
        "page_begins": page(begins, 0),
        "ends": ends[at],
        "above_ends": ends[at - 1],
        "two_above_ends": of(ends, -2),
        "page_ends": page(ends, 0),
    }
    return np.array([rows[name] for name in WORDING])
