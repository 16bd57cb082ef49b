"""What the words of the blocks around a place say, as further columns."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

#: Stands for what is not there.
NONE = -9.0

WORDING = (
    "wording", "above_wording", "below_wording", "page_wording", "begins", "above_ends",
    "above_begins", "ends", "below_begins", "two_above_ends", "two_below_wording",
    "two_above_wording", "page_begins", "page_ends",
)  # fmt: skip


def worded(weighed: Sequence[tuple[float, float]]) -> list[list[float]]:
    """The columns ``WORDING`` of every place, from how far each block begins and ends a post."""
    begins, ends = [one for one, _ in weighed], [one for _, one in weighed]
    whole = [begun + ended for begun, ended in zip(begins[1:], ends, strict=False)]
    page = [fmean(part) if part else 0.0 for part in (whole, begins, ends)]
    around = [NONE, NONE, *whole, NONE, NONE]
    edge_ends, edge_begins = [NONE, *ends], [*begins, NONE]
    return [
        [
            around[at + 1], around[at], around[at + 2], page[0], begins[at], ends[at - 1],
            begins[at - 1], ends[at], edge_begins[at + 1], edge_ends[at - 1], around[at + 3],
            around[at - 1], page[1], page[2],
        ]
        for at in range(1, len(weighed))
    ]  # fmt: skip
