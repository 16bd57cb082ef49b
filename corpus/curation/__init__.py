"""Curation: one class for each thing a person may change, used by admin, commands and tests."""

from corpus.curation.assign_speaker import AssignSpeaker
from corpus.curation.base import Operation, thread_changed
from corpus.curation.confirm import ConfirmUtterance
from corpus.curation.hold import HoldThread, ReleaseThread
from corpus.curation.merge import MergeUtterance
from corpus.curation.retitle import RetitleThread
from corpus.curation.split import SplitUtterance
from corpus.curation.undo import UndoEvent

__all__ = [
    "AssignSpeaker",
    "ConfirmUtterance",
    "HoldThread",
    "MergeUtterance",
    "Operation",
    "ReleaseThread",
    "RetitleThread",
    "SplitUtterance",
    "UndoEvent",
    "thread_changed",
]
