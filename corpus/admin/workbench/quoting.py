"""The steps that ask where words were copied from, and propose it."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corpus.admin.numbers import number
from corpus.admin.workbench.dialogs import numbered
from corpus.admin.workbench.proposals import Proposal, originals
from corpus.admin.workbench.steps import Step, offset_field, post_field, row_field
from corpus.curation import AddQuotation, ChangeQuotation, Operation
from corpus.models import Quotation, Utterance
from corpus.rendering import Hidden, excerpt
from corpus.spans import Span

#: Originals that are proposed for copied words.
_PROPOSED = 5


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
        pk, start, end = (
            number(self.data.get(name) or self.initial.get(name))
            for name in ("post", "start", "end")
        )
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
        pk = number(self.data.get("quotation") or self.initial.get("quotation"))
        rows = self.fields["quotation"].queryset  # type: ignore[attr-defined]
        row = rows.filter(pk=pk).first()
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
