"""The forms behind the workbench: each states one operation from what a curator gave.

A form without visible fields is done at a key or a button; the others ask.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.curation import (
    ConfirmQuotation,
    ConfirmThread,
    ConfirmUtterance,
    LiftRedaction,
    MergeUtterance,
    MoveBoundary,
    Operation,
    RemoveQuotation,
    ResolveFlag,
    SplitUtterance,
    UndoEvent,
    UnmarkBoilerplate,
)
from corpus.curation.history import History
from corpus.curation.neighbours import after
from corpus.errors import OperationRefused
from corpus.models import Boilerplate, Flag, Quotation, Redaction, SourceDocument, Thread, Utterance


class Step(forms.Form):
    """What one key, button or dialog asks for.

    Rows are looked for in the thread alone: a key of another thread's is no valid choice.
    """

    name: ClassVar[str]
    title: ClassVar[Promise | str] = ""
    permission: ClassVar[str] = access.CURATE

    def __init__(self, thread: Thread, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thread, self.user = thread, user
        for name, path in _ROWS.items():
            if name in self.fields:
                rows = self.fields[name].queryset.filter(**{path: thread})  # type: ignore[attr-defined]
                self.fields[name].queryset = rows  # type: ignore[attr-defined]

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in."""
        return bool(self.visible_fields())

    def operation(self) -> Operation:
        """Return what was asked for.

        Raises:
            OperationRefused: there is nothing that it could mean.
        """
        raise NotImplementedError


#: The fields that name a row, and the way from it to its thread.
_ROWS = {
    "post": "document__thread",
    "boilerplate": "document__thread",
    "flag": "document__thread",
    "redaction": "document__thread",
    "quotation": "utterance__document__thread",
    "document": "thread",
}


def row_field(rows: Any, *, required: bool = True) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        rows,
        widget=forms.HiddenInput,
        required=required,
        error_messages={"invalid_choice": _("That is no longer there; someone changed it.")},
    )


def offset_field(*, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=required)


def post_field(*, required: bool = True) -> forms.ModelChoiceField:
    return row_field(
        Utterance.objects.select_related("document__thread", "speaker", "reply_to"),
        required=required,
    )


class Accept(Step):
    name = "accept"
    post = post_field()

    def operation(self) -> Operation:
        return ConfirmUtterance(self.cleaned_data["post"])


class AcceptAll(Step):
    name = "accept-all"

    def operation(self) -> Operation:
        return ConfirmThread(self.thread)


class Merge(Step):
    name = "merge"
    post = post_field()

    def operation(self) -> Operation:
        return MergeUtterance(self.cleaned_data["post"])


class Split(Step):
    name = "split"
    post = post_field()
    at = offset_field()

    def operation(self) -> Operation:
        return SplitUtterance(self.cleaned_data["post"], self.cleaned_data["at"])


class Begin(Step):
    """Lets the post begin further down: the words before go to the post above."""

    name = "begin"
    post = post_field()
    at = offset_field()

    def operation(self) -> Operation:
        return MoveBoundary(self.cleaned_data["post"], self.cleaned_data["at"])


class End(Step):
    """Lets the post end further up: the words from there on go to the post below."""

    name = "end"
    post = post_field()
    at = offset_field()

    def operation(self) -> Operation:
        following = after(self.cleaned_data["post"])
        if following is None:
            raise OperationRefused(
                gettext("No post follows to which the rest could go: split instead.")
            )
        return MoveBoundary(following, self.cleaned_data["at"])


class GiveBack(Step):
    name = "give-back"
    boilerplate = row_field(Boilerplate.objects.select_related("document__thread"))

    def operation(self) -> Operation:
        return UnmarkBoilerplate(self.cleaned_data["boilerplate"])


class AcceptQuotation(Step):
    name = "accept-quotation"
    quotation = row_field(Quotation.objects.select_related("utterance__document__thread"))

    def operation(self) -> Operation:
        return ConfirmQuotation(self.cleaned_data["quotation"])


class DropQuotation(AcceptQuotation):
    name = "drop-quotation"

    def operation(self) -> Operation:
        return RemoveQuotation(self.cleaned_data["quotation"])


class Resolve(Step):
    name = "resolve"
    flag = row_field(Flag.objects.select_related("document__thread"))

    def operation(self) -> Operation:
        return ResolveFlag(self.cleaned_data["flag"])


class ShowAgain(Step):
    name = "show-again"
    permission = access.REDACT
    redaction = row_field(Redaction.objects.select_related("document__thread"))

    def operation(self) -> Operation:
        return LiftRedaction(self.cleaned_data["redaction"])


class Undo(Step):
    """Undoes the curator's own last step here."""

    name = "undo"

    def operation(self) -> Operation:
        history = History(self.thread)
        step = history.to_undo(self.user)
        if step is None:
            raise OperationRefused(gettext("You have done nothing here that could be undone."))
        return UndoEvent(step)


class Redo(Step):
    name = "redo"

    def operation(self) -> Operation:
        history = History(self.thread)
        step = history.to_redo(self.user)
        if step is None:
            raise OperationRefused(gettext("You have undone nothing here that could be redone."))
        return UndoEvent(history.latest[step.pk])


def document_field() -> forms.ModelChoiceField:
    return row_field(SourceDocument.objects.select_related("thread"))
