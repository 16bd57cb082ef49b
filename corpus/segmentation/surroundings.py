"""What the words of the blocks around a place say, as further columns."""

from __future__ import annotations

from statistics import fmean

import numpy as np
from numpy.typing import NDArray

#: Stands for what is not there.
NONE = -9.0

WORDING = (
    "wording", "above_wording", "below_wording", "page_wording", "begins", "above_ends",
    "above_begins", "ends", "below_begins", "two_above_ends", "two_below_wording",
    "two_above_wording", "page_begins", "page_ends",
)  # fmt: skip

Column = NDArray[np.float64]


def worded(begins: Column, ends: Column) -> Column:
    """The columns ``WORDING`` of every place, one row a place.

    Given is how far each block speaks for a post that begins, and one that ends, with it.
    """
    whole = begins[1:] + ends[:-1]
    around = np.concatenate([[NONE, NONE], whole, [NONE, NONE]])
    page = (fmean(part.tolist()) if len(part) else 0.0 for part in (whole, begins, ends))
    page_wording, page_begins, page_ends = (np.full(len(whole), mean) for mean in page)
    columns = {
        "wording": whole,
        "above_wording": around[1:-3],
        "two_above_wording": around[:-4],
        "below_wording": around[3:-1],
        "two_below_wording": around[4:],
        "page_wording": page_wording,
        "begins": begins[1:],
        "above_begins": begins[:-1],
        "below_begins": np.append(begins[2:], NONE)[: len(whole)],
        "page_begins": page_begins,
        "ends": ends[1:],
        "above_ends": ends[:-1],
        "two_above_ends": np.append(NONE, ends[:-2])[: len(whole)],
        "page_ends": page_ends,
    }
    return np.stack([columns[name] for name in WORDING], axis=1)
