"""Confidence intervals by resampling (Efron 1979, percentile method)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy

#: 1,000 resamples give the ends of a 95 % interval (Efron and Tibshirani 1993, section 14.2).
TIMES = 1000


@dataclass(frozen=True, slots=True)
class Interval:
    """Where 95 % of the resamples lie."""

    low: float
    high: float


def intervals(
    counts: Sequence[Sequence[float]],
    *statistics: Callable[[Sequence[float]], float | None],
    seed: int = 0,
    times: int = TIMES,
) -> list[Interval | None]:
    """Return the interval of each statistic; the same seed gives the same intervals.

    Args:
        counts: one row for every post, since the words of a post are not independent of each
            other. A resample draws as many posts with replacement and adds up their rows.
        statistics: a function of the sums; where it is None in a resample, that one is left out.

    With fewer than two posts nothing can be said.
    """
    if len(counts) < 2:
        return [None for _ in statistics]
    chance = numpy.random.default_rng(seed)
    drawn = chance.multinomial(len(counts), [1 / len(counts)] * len(counts), size=times)
    sums = (drawn @ numpy.asarray(counts, dtype=float)).tolist()
    return [_interval([statistic(row) for row in sums]) for statistic in statistics]


def _interval(values: Sequence[float | None]) -> Interval | None:
    defined = [value for value in values if value is not None]
    if not defined:
        return None
    low, high = numpy.percentile(defined, [2.5, 97.5])
    return Interval(float(low), float(high))
