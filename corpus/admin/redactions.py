from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.admin.changelist import CuratedAdmin, admin_link
from corpus.admin.execution import execute_all
from corpus.curation import LiftRedaction
from corpus.models import Redaction


@admin.register(Redaction)
class RedactionAdmin(CuratedAdmin):
    """Where words are hidden; never which."""

    collection = "document__thread__collection"
    list_display = ["__str__", "kind", "in_thread"]
    list_filter = ["kind"]
    search_fields = ["document__thread__title"]
    search_help_text = _("Title of the thread.")
    fields = ["in_thread", "kind", ("start", "end")]
    readonly_fields = ["in_thread", "kind", "start", "end"]
    actions = ["lift"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Redaction]:
        rows = super().get_queryset(request).select_related("document__thread")
        return rows.defer("document__text")

    @admin.display(description=_("thread"))
    def in_thread(self, redaction: Any) -> SafeString | str:
        return admin_link(redaction.document.thread)

    def has_redact_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(access.REDACT))

    @admin.action(description=_("Show the words again"), permissions=["redact"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Redaction]) -> None:
        execute_all(request, [LiftRedaction(redaction) for redaction in queryset])
