from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from itertools import islice
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.admin.changelist import (
    CuratedAdmin,
    ExcerptList,
    VersionedForm,
    admin_link,
    excerpt_of,
    forum_link,
    shown_text,
)
from corpus.admin.execution import execute_all
from corpus.conf import unsure_below
from corpus.curation import (
    AssignDate,
    AssignReply,
    AssignSpeaker,
    ConfirmUtterance,
    MergeUtterance,
    Operation,
    RedactSpan,
    SplitUtterance,
)
from corpus.curation.pseudonyms import handle_of
from corpus.models import DatePrecision, Quotation, Redaction, State, Thread, Utterance
from corpus.rendering import Hidden, excerpt
from corpus.segmentation.datelines import stated
from corpus.segmentation.lines import LINE_END, filled
from corpus.spans import Span

#: Lines of a post that are offered to split at; a select of thousands helps no one.
_CHOICES = 500


class UnsureFilter(admin.SimpleListFilter):
    title = _("unsure")
    parameter_name = "unsure"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("unsure and not confirmed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "yes":
            return queryset
        return queryset.filter(confidence__lt=unsure_below(), state=State.AUTOMATIC)


class UtteranceForm(VersionedForm):
    """What can be put right about one post; each change is an operation."""

    handle = forms.CharField(
        label=_("Speaker"),
        required=False,
        max_length=255,
        help_text=_("Handle as it should stand in the collection; empty for unknown."),
    )
    split_at = forms.TypedChoiceField(
        label=_("Split before"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Makes a new post that begins with the chosen line."),
    )

    written = forms.CharField(
        label=_("Date"),
        required=False,
        max_length=100,
        help_text=_(
            "As far as it is known: 2009, March 2009, 3 March 2009 or 2009-03-03 14:05 (UTC); "
            "empty for unknown."
        ),
    )
    answers_post = forms.IntegerField(
        label=_("Replies to post"),
        required=False,
        min_value=1,
        help_text=_("Its number in the thread; empty if it answers none known."),
    )
    hide = forms.CharField(
        label=_("Redact"),
        required=False,
        strip=False,
        max_length=1000,
        help_text=_("Words of this post, hidden everywhere, in quotations of it too."),
    )
    hide_as = forms.ChoiceField(label=_("as"), choices=Redaction.Kind.choices, required=False)

    class Meta:
        model = Utterance
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        utterance = self.instance
        if utterance.pk is None:
            return
        self.fields["handle"].initial = utterance.speaker.name if utterance.speaker else ""
        self.fields["split_at"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *split_choices(utterance),
        ]
        self.fields["written"].initial = _typed(utterance)
        if utterance.reply_to_id:
            self.fields["answers_post"].initial = 1 + _thread(utterance).index(
                utterance.reply_to_id
            )

    @property
    def thread(self) -> Thread:
        return self.instance.document.thread

    def clean_written(self) -> str:
        written: str = self.cleaned_data["written"]
        if written and stated(written) is None:
            raise forms.ValidationError(
                _("This date cannot be read in one way only; write the month in letters.")
            )
        return written

    def clean_answers_post(self) -> Utterance | None:
        """Return the post with the number."""
        number = self.cleaned_data["answers_post"]
        if number is None:
            return None
        keys = _thread(self.instance)
        if number > len(keys):
            raise forms.ValidationError(_("The thread has no post with that number."))
        return Utterance.objects.get(pk=keys[number - 1])

    def clean_hide(self) -> str:
        words: str = self.cleaned_data["hide"].replace("\r\n", "\n")
        if words and not list(_occurrences(self.instance, words)):
            raise forms.ValidationError(_("The post does not hold these words."))
        return words

    def operations(self, user: Any) -> Iterator[Operation]:
        """Yield what was asked for, each change as an operation."""
        utterance, wanted = self.instance, self.cleaned_data
        if "handle" in self.changed_data:
            yield AssignSpeaker(utterance, handle_of(self.thread, wanted["handle"], user))
        if "written" in self.changed_data:
            date, precision = stated(wanted["written"]) or (None, "")
            yield AssignDate(utterance, date, precision, wanted["written"])
        if "answers_post" in self.changed_data:
            yield AssignReply(utterance, wanted["answers_post"])
        for span in _occurrences(utterance, wanted["hide"]):
            yield RedactSpan(utterance.document, span.start, span.end, wanted["hide_as"])
        if wanted["split_at"]:
            yield SplitUtterance(utterance, wanted["split_at"])


def split_choices(utterance: Utterance) -> list[tuple[int, str]]:
    """Return the beginnings of the lines inside an utterance, with their first words."""
    text, hidden = utterance.document.text, _hidden(utterance)
    inside = filled(text[utterance.start : utterance.end])
    next(inside)  # The utterance's own beginning.
    spans = (
        Span(utterance.start + line.span.start, utterance.start + line.span.end) for line in inside
    )
    return [
        (span.start, excerpt(text, span, hidden, length=90)) for span in islice(spans, _CHOICES)
    ]


@admin.register(Utterance)
class UtteranceAdmin(CuratedAdmin):
    form = UtteranceForm
    collection = "document__thread__collection"
    list_display = [
        "words",
        "speaker",
        "date_shown",
        "cue",
        "sureness",
        "state",
        "quotations",
        "forum",
        "in_thread",
    ]
    list_filter = [UnsureFilter, "state", "cue", "basis", "speaker_basis"]
    search_fields = ["document__thread__title", "=speaker__handle"]
    search_help_text = _("Title of the thread, or a handle. Words of posts: search the forum.")
    actions = ["confirm", "merge"]
    fields = [
        "in_thread",
        "whole",
        ("basis", "cue", "confidence", "state"),
        "handle",
        "speaker_basis",
        "date_shown",
        "written",
        "answers",
        "answers_post",
        "quoting",
        "split_at",
        ("hide", "hide_as"),
        "seen_version",
    ]
    readonly_fields = [
        "in_thread",
        "whole",
        "basis",
        "cue",
        "confidence",
        "state",
        "speaker_basis",
        "date_shown",
        "answers",
        "quoting",
    ]
    # As the thread reads; the unique index on both keeps the list fast.
    ordering = ["document", "start"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Utterance]:
        quotations = Quotation.objects.filter(utterance=OuterRef("pk")).order_by()
        count = quotations.values("utterance").annotate(n=Count("pk")).values("n")
        return (
            super()
            .get_queryset(request)
            .select_related("document__thread", "speaker")
            .defer("document__text")
            .prefetch_related("document__redactions")
            .annotate(quotation_count=Coalesce(Subquery(count), 0))
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ExcerptList]:
        return ExcerptList

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        by_handle = access.sees_handles(request.user)
        by_name = "=speaker__handle" if by_handle else "=speaker__pseudonym"
        return ["document__thread__title", by_name]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup == "document__thread__id__exact" or super().lookup_allowed(
            lookup, value, request
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self.carry_out(request, form.operations(request.user), form.cleaned_data["seen_version"])

    @admin.display(description=_("text"))
    def words(self, utterance: Any) -> str:
        return excerpt_of(
            utterance.head,
            utterance.start,
            utterance.end,
            utterance.document.redactions.all(),
        )

    @admin.display(description=_("thread"), ordering="document__thread")
    def in_thread(self, utterance: Any) -> SafeString | str:
        return admin_link(utterance.document.thread)

    @admin.display(description=_("date"), ordering="date")
    def date_shown(self, utterance: Any) -> str:
        return str(utterance.date_words)

    @admin.display(description=_("sure"), ordering="confidence")
    def sureness(self, utterance: Any) -> SafeString | str:
        if utterance.confidence is None:
            return "–"
        unsure = utterance.confidence < unsure_below() and utterance.state == State.AUTOMATIC
        return format_html(
            '<span class="{}">{}</span>',
            "corpus-unsure" if unsure else "",
            f"{utterance.confidence:.2f}",
        )

    @admin.display(description=_("quotations"))
    def quotations(self, utterance: Any) -> int:
        return int(utterance.quotation_count)

    @admin.display(description=_("text"))
    def whole(self, utterance: Any) -> SafeString:
        return shown_text(utterance.document.text, utterance.span, _hidden(utterance))

    @admin.display(description=_("replies to"))
    def answers(self, utterance: Any) -> SafeString | str:
        return _named(utterance.reply_to)

    @admin.display(description=_("quotes"))
    def quoting(self, utterance: Any) -> SafeString | str:
        rows = utterance.quotations.select_related("source__document").order_by("start")
        rows = rows.defer("source__document__text")
        text, hidden = utterance.document.text, _hidden(utterance)
        return format_html_join(
            "",
            "<div>{} ← {}</div>",
            ((excerpt(text, row.span, hidden, length=90), _named(row.source)) for row in rows),
        ) or "–"  # fmt: skip

    @admin.action(description=_("Confirm as recovered"), permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Utterance]) -> None:
        execute_all(request, [ConfirmUtterance(utterance) for utterance in queryset])

    @admin.action(description=_("Merge with the post before"), permissions=["change"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Utterance]) -> None:
        # From the last to the first: a merged post is gone.
        latest = queryset.order_by("-document", "-start")
        execute_all(request, [MergeUtterance(utterance) for utterance in latest])


def _typed(utterance: Utterance) -> str:
    """Return the utterance's date as a person would type it."""
    if utterance.date is None:
        return ""
    date = utterance.date.astimezone(UTC)
    return {
        DatePrecision.YEAR: f"{date:%Y}",
        DatePrecision.MONTH: f"{date:%B %Y}",
        DatePrecision.DAY: f"{date.day} {date:%B %Y}",
        DatePrecision.MINUTE: f"{date:%Y-%m-%d %H:%M}",
        DatePrecision.SECOND: f"{date:%Y-%m-%d %H:%M:%S}",
    }[DatePrecision(utterance.date_precision)]


def _thread(utterance: Utterance) -> list[int]:
    """Return the keys of the thread's utterances in order."""
    rows = Utterance.objects.of_thread(utterance.document.thread_id).in_order()
    return list(rows.values_list("pk", flat=True))


def _occurrences(utterance: Utterance, words: str) -> Iterator[Span]:
    """Yield where the post holds the words that readers see; nothing for no words."""
    text = utterance.document.text
    pattern = f"(?:{LINE_END.pattern})".join(map(re.escape, words.split("\n")))
    for found in re.finditer(pattern, text[utterance.start : utterance.end]) if words else ():
        yield Span(utterance.start + found.start(), utterance.start + found.end())


def _hidden(utterance: Utterance) -> list[Hidden]:
    rows = utterance.document.redactions.all()
    return [Hidden(row.span, row.get_kind_display()) for row in rows]


def _named(utterance: Utterance | None) -> SafeString | str:
    if utterance is None:
        return gettext("unknown")
    words = excerpt(utterance.document.text, utterance.span, _hidden(utterance), length=90)
    return format_html("{} ({})", admin_link(utterance, words), forum_link(utterance))
