"""The steps that ask something: who, when, in answer to what, copied from where."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.admin.workbench.steps import (
    Step,
    document_field,
    offset_field,
    post_field,
)
from corpus.curation import (
    AssignDate,
    AssignReply,
    AssignSpeaker,
    FlagSpan,
    MarkBoilerplate,
    Operation,
    RedactSpan,
    RetitleThread,
    SplitThread,
)
from corpus.curation.boilerplate import markable
from corpus.curation.pseudonyms import handle_of
from corpus.errors import OperationRefused
from corpus.models import Boilerplate, Redaction, Thread, Utterance
from corpus.models import Speaker as Speakers
from corpus.segmentation.datelines import stated

#: No thread has more posts; a database takes no larger number either.
_HIGHEST = 10**6
#: Speakers that are proposed.
_KNOWN = 100


def numbered(thread: Thread, number: int) -> Utterance:
    """Return the post with this number in the thread, or tell that there is none."""
    rows = Utterance.objects.of_thread(thread.pk).in_order().select_related("speaker")
    found = list(rows[number - 1 : number]) if 0 < number <= _HIGHEST else []
    if not found:
        raise forms.ValidationError(_("The thread has no post with that number."))
    return found[0]


class Speaker(Step):
    name = "speaker"
    title = _("Who wrote it?")
    post = post_field()
    handle = forms.CharField(
        label=_("Speaker"),
        required=False,
        max_length=255,
        help_text=_("A handle, #4 for the speaker of post 4, or nothing if it is not known."),
        widget=forms.TextInput(attrs={"list": "corpus-speakers", "autocomplete": "off"}),
    )

    @property
    def known(self) -> list[str]:
        """The speakers of the thread, proposed before anything is typed."""
        rows = Speakers.objects.filter(utterances__document__thread=self.thread)
        return [row.name for row in rows.distinct().order_by("handle")[:_KNOWN]]

    def clean_handle(self) -> str:
        """Return the handle itself where another post or a pseudonym was named."""
        handle: str = self.cleaned_data["handle"].strip()
        if handle[:1] == "#" and handle[1:].isdecimal():
            speaker = numbered(self.thread, int(handle[1:])).speaker
            if speaker is None:
                raise forms.ValidationError(_("Who wrote that post is not known."))
            return speaker.handle
        try:
            return handle_of(self.thread, handle, self.user)
        except OperationRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def operation(self) -> Operation:
        return AssignSpeaker(self.cleaned_data["post"], self.cleaned_data["handle"])


class Date(Step):
    name = "date"
    title = _("When was it written?")
    post = post_field()
    written = forms.CharField(
        label=_("Date"),
        required=False,
        max_length=100,
        help_text=_(
            "As far as it is known: 2009, March 2009, 3 March 2009 or 2009-03-03 14:05 (UTC); "
            "empty for unknown."
        ),
    )

    def clean_written(self) -> str:
        written: str = self.cleaned_data["written"]
        if written and stated(written) is None:
            raise forms.ValidationError(
                _("This date cannot be read in one way only; write the month in letters.")
            )
        return written

    def operation(self) -> Operation:
        written = self.cleaned_data["written"]
        date, precision = stated(written) or (None, "")
        return AssignDate(self.cleaned_data["post"], date, precision, written)


class Reply(Step):
    name = "reply"
    title = _("Which post does it answer?")
    post = post_field()
    number = forms.IntegerField(
        label=_("Number of the post"),
        required=False,
        min_value=1,
        help_text=_("Empty if it answers none that is known."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_number(self) -> Utterance | None:
        number = self.cleaned_data["number"]
        return None if number is None else numbered(self.thread, number)

    def operation(self) -> Operation:
        return AssignReply(self.cleaned_data["post"], self.cleaned_data["number"])


class MarkAsBoilerplate(Step):
    name = "boilerplate"
    title = _("No one's words")
    post = post_field()
    start = offset_field()
    end = offset_field()
    kind = forms.ChoiceField(
        label=_("What are they?"),
        choices=markable,
        initial=Boilerplate.Kind.NAVIGATION,
    )

    def operation(self) -> Operation:
        wanted = self.cleaned_data
        return MarkBoilerplate(wanted["post"], wanted["start"], wanted["end"], wanted["kind"])


class Redact(Step):
    name = "redact"
    title = _("Hide words everywhere")
    permission = access.REDACT
    document = document_field()
    start = offset_field()
    end = offset_field()
    kind = forms.ChoiceField(label=_("What are they?"), choices=Redaction.Kind.choices)

    def operation(self) -> Operation:
        wanted = self.cleaned_data
        return RedactSpan(wanted["document"], wanted["start"], wanted["end"], wanted["kind"])


class FlagPlace(Step):
    name = "flag"
    title = _("Flag for discussion")
    document = document_field()
    start = offset_field()
    end = offset_field()
    note = forms.CharField(
        label=_("What is in question?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def operation(self) -> Operation:
        wanted = self.cleaned_data
        return FlagSpan(wanted["document"], wanted["start"], wanted["end"], wanted["note"])


class Retitle(Step):
    name = "retitle"
    title = _("The thread's title")
    to = forms.CharField(label=_("Title"), max_length=1000)

    def __init__(self, thread: Thread, *args: Any, **kwargs: Any) -> None:
        super().__init__(thread, *args, **kwargs)
        self.fields["to"].initial = thread.title

    def operation(self) -> Operation:
        return RetitleThread(self.thread, self.cleaned_data["to"])


class SplitOff(Step):
    name = "split-off"
    title = _("A thread of its own from here on")
    permission = access.CURATE_MANY
    post = post_field()
    to = forms.CharField(
        label=_("Title"),
        max_length=1000,
        help_text=_("This post and all below it leave; what they quote or answer above, too."),
    )

    def operation(self) -> Operation:
        return SplitThread(self.cleaned_data["post"], self.cleaned_data["to"])
