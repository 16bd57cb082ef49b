from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from corpus.admin.changelist import CorpusAdmin, admin_link, shown_text
from corpus.hiding import hidden_from_curators
from corpus.models import SourceDocument
from corpus.spans import Span


@admin.register(SourceDocument)
class SourceDocumentAdmin(CorpusAdmin):
    """The text as received, to be read only: every statement about it points into it."""

    collection = "thread__collection"
    list_display = ["origin", "locator", "in_thread", "format", "encoding", "characters"]
    # Not format and encoding: their choices would be looked for in every row.
    list_filter = ["encoding_basis"]
    search_fields = ["origin", "=sha256"]
    fields = [
        "in_thread",
        "origin",
        "locator",
        "format",
        ("encoding", "encoding_basis"),
        "characters",
        "sha256",
        "words",
    ]
    readonly_fields = ["in_thread", "words"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceDocument]:
        return super().get_queryset(request).select_related("thread").defer("text")

    @admin.display(description=_("thread"), ordering="thread")
    def in_thread(self, document: Any) -> SafeString | str:
        return admin_link(document.thread)

    @admin.display(description=_("text"))
    def words(self, document: Any) -> SafeString:
        hidden = hidden_from_curators(document)
        return shown_text(document.text, Span(0, document.characters), hidden)
