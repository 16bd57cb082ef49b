from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.admin.changelist import CuratedAdmin, admin_link
from corpus.admin.execution import execute_all
from corpus.curation import LiftRedaction, PurgeRedaction
from corpus.models import Redaction


@admin.register(Redaction)
class RedactionAdmin(CuratedAdmin):
    """Where words are hidden; never which."""

    collection = "document__thread__collection"
    list_display = ["__str__", "kind", "purged", "in_thread"]
    list_filter = ["kind", "purged"]
    search_fields = ["document__thread__title"]
    search_help_text = _("Title of the thread.")
    fields = ["in_thread", "kind", ("start", "end")]
    readonly_fields = ["in_thread", "kind", "start", "end"]
    actions = ["lift", "purge"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Redaction]:
        rows = super().get_queryset(request).select_related("document__thread")
        return rows.defer("document__text")

    @admin.display(description=_("thread"))
    def in_thread(self, redaction: Any) -> SafeString | str:
        return admin_link(redaction.document.thread)

    def has_purge_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(access.PURGE))

    @admin.action(description=_("Purge the words for good …"), permissions=["purge"])
    def purge(self, request: HttpRequest, queryset: QuerySet[Redaction]) -> HttpResponse | None:
        """Ask first: this cannot be undone."""
        rows = list(queryset)
        if "confirmed" in request.POST:
            execute_all(request, [PurgeRedaction(redaction) for redaction in rows])
            return None
        context = {**self.admin_site.each_context(request), "opts": self.opts, "rows": rows}
        context["title"] = _("Purge for good")
        return TemplateResponse(request, "admin/corpus/redaction/purge.html", context)

    def has_redact_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(access.REDACT))

    @admin.action(description=_("Show the words again"), permissions=["redact"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Redaction]) -> None:
        execute_all(request, [LiftRedaction(redaction) for redaction in queryset])
