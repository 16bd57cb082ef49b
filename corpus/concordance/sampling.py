"""A random sample that anyone can draw again from its seed."""

from __future__ import annotations

import random


def sample(total: int, size: int, seed: int) -> list[int]:
    """Return ``size`` of ``total`` places, in order; all where there are not more.

    The same total, size and seed give the same sample on every machine (Mersenne Twister, as
    Python documents it).

    >>> sample(5, 9, 1)
    [0, 1, 2, 3, 4]
    """
    if size >= total:
        return list(range(total))
    return sorted(random.Random(seed).sample(range(total), size))  # noqa: S311
