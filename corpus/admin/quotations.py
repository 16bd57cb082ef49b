from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corpus.admin.changelist import (
    CuratedAdmin,
    ExcerptList,
    admin_link,
    excerpt_of,
    forum_link,
)
from corpus.admin.execution import execute_all
from corpus.curation import ConfirmQuotation, RemoveQuotation
from corpus.models import Quotation


class QuotedList(ExcerptList):
    text = "utterance__document__text"


@admin.register(Quotation)
class QuotationAdmin(CuratedAdmin):
    collection = "utterance__document__thread__collection"
    list_display = [
        "words",
        "in_thread",
        "extent",
        "marked",
        "similarity",
        "confidence",
        "state",
        "quoting",
        "quoted",
    ]
    list_filter = ["extent", "marked", "basis", "state"]
    search_fields = ["utterance__document__thread__title"]
    search_help_text = _("Title of the thread.")
    fields = [
        "in_thread",
        "words",
        ("quoting", "quoted"),
        ("extent", "marked"),
        ("similarity", "confidence"),
        ("basis", "state"),
    ]
    readonly_fields = [
        "in_thread",
        "words",
        "quoting",
        "quoted",
        "extent",
        "marked",
        "similarity",
        "confidence",
        "basis",
        "state",
    ]
    actions = ["confirm", "remove"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quotation]:
        return (
            super()
            .get_queryset(request)
            .select_related("utterance__document__thread", "source")
            .defer("utterance__document__text")
            .prefetch_related("utterance__document__redactions")
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ExcerptList]:
        return QuotedList

    @admin.display(description=_("words"))
    def words(self, quotation: Any) -> SafeString | str:
        document = quotation.utterance.document
        line = excerpt_of(quotation.head, quotation.start, quotation.end, document.redactions.all())
        return admin_link(quotation.utterance, line)

    @admin.display(description=_("thread"))
    def in_thread(self, quotation: Any) -> SafeString | str:
        return admin_link(quotation.utterance.document.thread)

    @admin.display(description=_("quoting post"))
    def quoting(self, quotation: Any) -> SafeString | str:
        return forum_link(quotation.utterance)

    @admin.display(description=_("quoted post"))
    def quoted(self, quotation: Any) -> SafeString | str:
        return forum_link(quotation.source) if quotation.source else gettext("unknown")

    @admin.action(description=_("Confirm as recovered"), permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Quotation]) -> None:
        execute_all(request, [ConfirmQuotation(quotation) for quotation in queryset])

    @admin.action(description=_("Remove: the words are the post's own"), permissions=["change"])
    def remove(self, request: HttpRequest, queryset: QuerySet[Quotation]) -> None:
        execute_all(request, [RemoveQuotation(quotation) for quotation in queryset])
