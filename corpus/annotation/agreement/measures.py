"""Agreement from tables of what was said together, with weights.

Libraries count every unit as one; a text has a hundred thousand characters, and a bootstrap looks
at them a thousand times. These work on counted tables; on units of weight one they give the
values of the library (see the tests).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

Label = TypeVar("Label", bound=Hashable)
#: What two coders said of the same units: (first, second) → weight.
Pairs = Mapping[tuple[Label, Label], float]


def percent(pairs: Pairs[Label]) -> float | None:
    """Return the share of units of which both said the same."""
    total = sum(pairs.values())
    return _same(pairs) / total if total else None


def kappa(pairs: Pairs[Label]) -> float | None:
    """Return Cohen's kappa (Cohen 1960): each coder has a habit of their own.

    >>> table = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}
    >>> kappa(table)
    0.4
    """
    total = sum(pairs.values())
    if not total:
        return None
    firsts: Counter[Label] = Counter()
    seconds: Counter[Label] = Counter()
    for (first, second), weight in pairs.items():
        firsts[first] += weight  # type: ignore[assignment]
        seconds[second] += weight  # type: ignore[assignment]
    chance = sum(weight * seconds[label] for label, weight in firsts.items()) / total**2
    return _beyond(_same(pairs) / total, chance)


def coincidences(
    units: Iterable[tuple[float, Sequence[Label]]],
) -> Counter[tuple[Label, Label]]:
    """Count what was said together by any number of coders, in both orders.

    A unit is its weight and what those said who coded it; one that fewer than two coded says
    nothing. (Krippendorff 2011, step "coincidences within units".)
    """
    counted: Counter[tuple[Label, Label]] = Counter()
    for weight, labels in units:
        for at, first in enumerate(labels):
            for other, second in enumerate(labels):
                if at != other:
                    counted[first, second] += weight / (len(labels) - 1)  # type: ignore[assignment]
    return counted


def alpha(counted: Pairs[Label]) -> float | None:
    """Return Krippendorff's alpha for nominal data from :func:`coincidences`."""
    total = sum(counted.values())
    if total <= 1:
        return None
    sums: Counter[Label] = Counter()
    for (first, _second), weight in counted.items():
        sums[first] += weight  # type: ignore[assignment]
    chance = sum(weight * (weight - 1) for weight in sums.values()) / (total * (total - 1))
    return _beyond(_same(counted) / total, chance)


def _same(pairs: Pairs[Label]) -> float:
    return sum(weight for (first, second), weight in pairs.items() if first == second)


def _beyond(observed: float, chance: float) -> float | None:
    """Return how far the observed agreement goes beyond chance."""
    return (observed - chance) / (1 - chance) if chance < 1 else None
