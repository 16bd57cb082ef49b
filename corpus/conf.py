"""Settings of the corpus, read when asked for."""

from django.conf import settings


def unsure_below() -> float:
    """Confidence under which a recovered statement is shown as unsure."""
    #: CORPUS_UNSURE_BELOW
    return float(getattr(settings, "CORPUS_UNSURE_BELOW", 0.8))


def segmenter_weights() -> str:
    """Path of weights that `train_segmenter` made, to recover posts with; empty: the shipped."""
    #: CORPUS_SEGMENTER_WEIGHTS
    return str(getattr(settings, "CORPUS_SEGMENTER_WEIGHTS", ""))
