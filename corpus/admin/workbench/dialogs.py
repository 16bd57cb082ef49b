"""The steps that ask something: who, when, in answer to what, copied from where."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.admin.workbench.proposals import Proposal, originals
from corpus.admin.workbench.steps import (
    Step,
    document_field,
    offset_field,
    post_field,
    row_field,
)
from corpus.curation import (
    AddQuotation,
    AssignDate,
    AssignReply,
    AssignSpeaker,
    ChangeQuotation,
    FlagSpan,
    MarkBoilerplate,
    Operation,
    RedactSpan,
    RetitleThread,
    SplitThread,
)
from corpus.curation.pseudonyms import handle_of
from corpus.models import Boilerplate, Quotation, Redaction, Thread, Utterance
from corpus.models import Speaker as Speakers
from corpus.rendering import Hidden, excerpt
from corpus.segmentation.datelines import stated
from corpus.spans import Span

#: No thread has more posts; a database takes no larger number either.
_HIGHEST = 10**6
#: Speakers that are proposed.
_KNOWN = 100
#: Originals that are proposed for copied words.
_PROPOSED = 5


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
        return handle_of(self.thread, handle)

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
        choices=Boilerplate.Kind.choices,
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
        help_text=_("Where a source document begins: for pages that belong to another thread."),
    )

    def operation(self) -> Operation:
        return SplitThread(self.cleaned_data["post"], self.cleaned_data["to"])


class _Original(Step):
    """Asks where words were copied from, and proposes where they stand in earlier posts."""

    original = forms.ChoiceField(label=_("Copied from"), widget=forms.RadioSelect)
    number = forms.IntegerField(
        label=_("Number of the post"),
        required=False,
        min_value=1,
        help_text=_("If it is none of those above."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def propose(self, post: Utterance, span: Span) -> None:
        """Offer the places where the words of ``span`` stand before."""
        self.proposals = list(islice(originals(post, span), _PROPOSED))
        order = list(
            Utterance.objects.of_thread(self.thread.pk).in_order().values_list("pk", flat=True)
        )
        choices = [
            (_key(row), _described(row, order.index(row.utterance.pk) + 1))
            for row in self.proposals
        ]
        field: Any = self.fields["original"]
        field.choices = [
            *choices,
            ("number", gettext("another post")),
            ("unknown", gettext("an original that is not in this thread")),
        ]
        field.initial = choices[0][0] if choices else "unknown"

    def source(self) -> tuple[Utterance | None, int | None, int | None]:
        chosen = self.cleaned_data["original"]
        if chosen == "number":
            return self.cleaned_data["numbered"], None, None
        found = next((row for row in self.proposals if _key(row) == chosen), None)
        return (found.utterance, found.span.start, found.span.end) if found else (None, None, None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("original") == "number":
            data["numbered"] = numbered(self.thread, data.get("number") or 0)
        return data


class Quote(_Original):
    name = "quotation"
    title = _("These words are copied")
    post = post_field()
    start = offset_field()
    end = offset_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post, start, end = self._given
        self.proposals: list[Proposal] = []
        if post is not None and start < end:
            self.propose(post, Span(start, end))

    @cached_property
    def _given(self) -> tuple[Utterance | None, int, int]:
        """What is needed before the form is validated: where the words are."""
        values: list[Any] = [
            self.data.get(name) or self.initial.get(name) for name in ("post", "start", "end")
        ]
        try:
            pk, start, end = (int(value) for value in values)
        except (TypeError, ValueError):
            return None, 0, 0
        post = self.fields["post"].queryset.filter(pk=pk).first()  # type: ignore[attr-defined]
        inside = post is not None and post.start <= start < end <= post.end
        return (post, start, end) if inside else (None, 0, 0)

    def operation(self) -> Operation:
        wanted = self.cleaned_data
        return AddQuotation(wanted["post"], wanted["start"], wanted["end"], *self.source())


class Requote(_Original):
    name = "original"
    title = _("Another original")
    quotation = row_field(Quotation.objects.select_related("utterance__document__thread"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pk = str(self.data.get("quotation") or self.initial.get("quotation") or "")
        rows = self.fields["quotation"].queryset  # type: ignore[attr-defined]
        row = rows.filter(pk=pk).first() if pk.isdecimal() else None
        self.proposals: list[Proposal] = []
        if row is not None:
            self.propose(row.utterance, row.span)

    def operation(self) -> Operation:
        return ChangeQuotation(self.cleaned_data["quotation"], *self.source())


def _key(proposal: Proposal) -> str:
    return f"{proposal.utterance.pk}:{proposal.span.start}:{proposal.span.end}"


def _described(proposal: Proposal, number: int) -> str:
    document = proposal.utterance.document
    hidden = [Hidden(row.span, row.get_kind_display()) for row in document.redactions.all()]
    line = excerpt(document.text, proposal.span, hidden, length=90)
    return gettext("post %(number)s: %(words)s") % {"number": number, "words": line}
