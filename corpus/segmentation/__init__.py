"""Text in, structure out: where posts start, what they quote, and how sure that is.

Pure Python on ``str`` and ``Span``; every cue is a module of its own, ``combine`` weighs them.
"""

from corpus.segmentation.recovery import recover, recover_each
from corpus.segmentation.structure import (
    Boilerplate,
    Cue,
    RecoveredQuotation,
    RecoveredUtterance,
    Structure,
)

__all__ = [
    "Boilerplate",
    "Cue",
    "RecoveredQuotation",
    "RecoveredUtterance",
    "Structure",
    "recover",
    "recover_each",
]
