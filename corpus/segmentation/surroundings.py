"""What is said of the places around a place, as further columns.

The first look sees the words of the blocks around. The second sees what the first made of all
places of the document: how sure their boundaries are, how long the open post probably is already
and how long one that began here would be, next to the posts of this document.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import log, log1p
from statistics import fmean

#: Stands for what is not there.
NONE = -9.0
#: Probabilities are kept so far from 0 and 1.
LEAST = 0.002
#: Log-odds of the first block, which always opens a post.
FIRST = 7.0
#: Places looked at on either side for how dense boundaries are.
NEAR, WIDE = 3, 8

WORDING = (
    "wording", "above_wording", "below_wording", "page_wording", "begins", "above_ends",
    "above_begins", "ends", "below_begins", "two_above_ends", "two_below_wording",
    "two_above_wording", "page_begins", "page_ends",
)  # fmt: skip
PROBABLE = (
    "here", "three_above", "two_above", "above", "below", "two_below", "three_below",
    "open_chars", "new_chars", "open_share", "new_share", "open_blocks", "new_blocks",
    "open_blocks_share", "new_blocks_share", "post_chars", "post_blocks", "rate",
    "near", "wide",
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


def probable(chars: Sequence[int], probabilities: Sequence[float]) -> list[list[float]]:
    """The columns ``PROBABLE`` of every place, from the ``chars`` of all blocks and what the first
    look says of all places."""
    full = [1.0, *probabilities]
    posts = sum(full)
    post_chars, post_blocks = sum(chars) / posts, len(chars) / posts
    page = [log(post_chars), post_blocks, posts / len(chars)]
    odds = [NONE] * 3 + [FIRST, *map(_odds, probabilities)] + [NONE] * 3
    opened, new = _expected(chars, full)
    until = [0.0, *accumulate(full)]
    rows = []
    for at in range(1, len(chars)):
        (open_chars, open_blocks), (new_chars, new_blocks) = opened[at], new[at]
        open_log, new_log = log1p(open_chars), log1p(new_chars)
        rows.append([
            odds[at + 3], *odds[at : at + 3], *odds[at + 4 : at + 7],
            open_log, new_log, open_log - log1p(post_chars), new_log - log1p(post_chars),
            open_blocks, new_blocks, open_blocks / post_blocks, new_blocks / post_blocks,
            *page, _density(until, at, NEAR), _density(until, at, WIDE),
        ])  # fmt: skip
    return rows


def _odds(probability: float) -> float:
    kept = min(max(probability, LEAST), 1 - LEAST)
    return log(kept / (1 - kept))


Sizes = list[tuple[float, float]]


def _expected(chars: Sequence[int], full: Sequence[float]) -> tuple[Sizes, Sizes]:
    """Characters and blocks of the post open above each block, and of one that began with it."""
    opened: Sizes = []
    size = count = 0.0
    for long, opens in zip(chars, full, strict=True):
        opened.append((size, count))
        size, count = long + (1 - opens) * size, 1 + (1 - opens) * count
    new: Sizes = []
    size = count = 0.0
    for long, opens in zip(reversed(chars), (1.0, *reversed(full)), strict=False):
        size, count = long + (1 - opens) * size, 1 + (1 - opens) * count
        new.append((size, count))
    new.reverse()
    return opened, new


def _density(until: Sequence[float], at: int, reach: int) -> float:
    """Mean probability of the places up to ``reach`` around, this one left out."""
    low, high = max(0, at - reach), min(len(until) - 1, at + reach + 1)
    here = until[at + 1] - until[at]
    return (until[high] - until[low] - here) / max(1, high - low - 1)
