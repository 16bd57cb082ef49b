"""How far coders agree; pure.

Coders are compared on *units*: posts, threads, or the characters of a text in runs that are coded
alike. A unit has a weight (a run: its length) and what each coder said of it.

A measure is None where it is not defined: nothing was coded, or kappa and alpha where nobody ever
said anything else, so that there is nothing to agree about by more than chance.
"""

from corpus.annotation.agreement.bootstrap import Interval, intervals
from corpus.annotation.agreement.library import Measured, measured
from corpus.annotation.agreement.measures import alpha, coincidences, kappa, percent
from corpus.annotation.agreement.passages import Coded, Run, hits, runs, span_f1

__all__ = [
    "Coded",
    "Interval",
    "Measured",
    "Run",
    "alpha",
    "coincidences",
    "hits",
    "intervals",
    "kappa",
    "measured",
    "percent",
    "runs",
    "span_f1",
]
