"""Which places are boundaries, decided for the whole document at once.

A post is exactly right if it begins and ends at a boundary and none is inside. Of all ways to cut
the document the one is taken that promises most: posts that are exactly right, each with what its
places say of that, and boundaries that are right. One pass from left to right keeps the best way up
to every place (a semi-Markov decoding: Sarawagi & Cohen 2004), and looks back from each only as far
as a post can be whole, so that it is linear in the document's length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

#: Posts of more blocks than this, or that are whole with less than this probability, are not
#: expected to be found exactly.
LONGEST, LEAST = 60, 0.001


def chosen(probabilities: Sequence[float], *, whole: float, needed: float) -> list[int]:
    """The blocks that open posts, the first block among them.

    ``probabilities`` are those of all blocks to open a post. ``whole`` is what a post that is
    exactly right is worth, next to a boundary (together 1); ``needed`` is the probability from
    which on a boundary is rather worth setting than not, were there no posts to get right.

    >>> chosen([1.0, 0.1, 0.9, 0.2], whole=0.5, needed=0.4)
    [0, 2]
    """
    worth, came_from, peaks = [0.0], [0], [0]
    for end, closes in enumerate([*probabilities[1:], 1.0], start=1):
        best, best_worth = _best(probabilities, worth, peaks, whole * closes)
        if end < len(probabilities):
            best_worth += (1.0 - whole) * (closes - needed)
        worth.append(best_worth)
        came_from.append(best)
        peaks.append(end if best_worth > worth[peaks[-1]] else peaks[-1])
    return list(_back(came_from))[::-1]


def _best(
    probabilities: Sequence[float], worth: Sequence[float], peaks: Sequence[int], inside: float
) -> tuple[int, float]:
    """The block with which the post that ends here best begins, and what all is worth so.

    ``worth`` is that of the best way up to every block, ``peaks`` say of every block which up to it
    has the best, ``inside`` is what a post that ends here is worth if nothing is inside.
    """
    best, best_worth = -1, float("-inf")
    start = len(worth) - 1
    last = max(-1, start - LONGEST)
    while start > last and inside > LEAST:
        found = worth[start] + probabilities[start] * inside
        if found > best_worth:
            best, best_worth = start, found
        inside *= 1.0 - probabilities[start]
        start -= 1
    if start >= 0 and worth[peaks[start]] > best_worth:
        best, best_worth = peaks[start], worth[peaks[start]]
    return best, best_worth


def _back(came_from: Sequence[int]) -> Iterator[int]:
    at = len(came_from) - 1
    while at:
        at = came_from[at]
        yield at
