"""Curation: one class for each thing a person may change, used by admin, commands and tests."""

from corpus.curation.assign_date import AssignDate
from corpus.curation.assign_reply import AssignReply
from corpus.curation.assign_speaker import AssignSpeaker
from corpus.curation.base import Operation, thread_changed, together
from corpus.curation.boilerplate import MarkBoilerplate, UnmarkBoilerplate
from corpus.curation.confirm import ConfirmThread, ConfirmUtterance
from corpus.curation.delete import DeleteThread, RestoreThread
from corpus.curation.dismiss import DismissSpan
from corpus.curation.flag import FlagSpan, ResolveFlag
from corpus.curation.hold import HoldThread, ReleaseThread
from corpus.curation.merge import MergeUtterance
from corpus.curation.move_boundary import MoveBoundary
from corpus.curation.move_thread import MoveThread
from corpus.curation.purge import PurgeRedaction
from corpus.curation.quote import (
    AddQuotation,
    ChangeQuotation,
    ConfirmQuotation,
    RemoveQuotation,
)
from corpus.curation.redact import LiftRedaction, RedactSpan
from corpus.curation.rename_speaker import RenameSpeaker
from corpus.curation.resegment import ResegmentThread
from corpus.curation.retitle import RetitleThread
from corpus.curation.split import SplitUtterance
from corpus.curation.threads import MergeThreads, SplitThread
from corpus.curation.touched import Touched
from corpus.curation.undo import UndoEvent, revert

#: Every operation by its name, as events and scripts write it.
OPERATIONS: dict[str, type[Operation]] = {
    operation.name: operation
    for operation in (
        AddQuotation,
        AssignDate,
        AssignReply,
        AssignSpeaker,
        ChangeQuotation,
        ConfirmQuotation,
        ConfirmThread,
        ConfirmUtterance,
        DeleteThread,
        DismissSpan,
        FlagSpan,
        HoldThread,
        LiftRedaction,
        MarkBoilerplate,
        MergeThreads,
        MergeUtterance,
        MoveBoundary,
        MoveThread,
        PurgeRedaction,
        RedactSpan,
        ReleaseThread,
        RemoveQuotation,
        RenameSpeaker,
        ResegmentThread,
        ResolveFlag,
        RestoreThread,
        RetitleThread,
        SplitThread,
        SplitUtterance,
        UndoEvent,
        UnmarkBoilerplate,
    )
}

__all__ = [
    "OPERATIONS",
    "AddQuotation",
    "AssignDate",
    "AssignReply",
    "AssignSpeaker",
    "ChangeQuotation",
    "ConfirmQuotation",
    "ConfirmThread",
    "ConfirmUtterance",
    "DeleteThread",
    "DismissSpan",
    "FlagSpan",
    "HoldThread",
    "LiftRedaction",
    "MarkBoilerplate",
    "MergeThreads",
    "MergeUtterance",
    "MoveBoundary",
    "MoveThread",
    "Operation",
    "PurgeRedaction",
    "RedactSpan",
    "ReleaseThread",
    "RemoveQuotation",
    "RenameSpeaker",
    "ResegmentThread",
    "ResolveFlag",
    "RestoreThread",
    "RetitleThread",
    "SplitThread",
    "SplitUtterance",
    "Touched",
    "UndoEvent",
    "UnmarkBoilerplate",
    "revert",
    "thread_changed",
    "together",
]
