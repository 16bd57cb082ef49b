"""Agreement on posts and threads by NLTK's ``AnnotationTask``."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    percent: float | None
    kappa: float | None
    alpha: float | None


def measured(codings: Iterable[tuple[str, str, Hashable]]) -> Measured:
    """Measure two or more coders on units that all of them coded.

    Args:
        codings: (coder, unit, what was said), once for every coder and unit.
    """
    # Read when needed: it brings the whole of NLTK's probability package.
    from nltk.metrics.agreement import AnnotationTask

    data = list(codings)
    if not data:
        return Measured(None, None, None)
    task = AnnotationTask(data=data)
    varied = len({said for _coder, _unit, said in data}) > 1
    return Measured(
        percent=float(task.avg_Ao()),
        # With one value only, chance is 1 and the library divides by zero.
        kappa=float(task.kappa()) if varied else None,
        alpha=float(task.alpha()) if varied else None,
    )
