from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from corpus.admin.changelist import CuratedAdmin
from corpus.admin.execution import execute_all
from corpus.curation import UndoEvent
from corpus.models import CurationEvent


@admin.register(CurationEvent)
class CurationEventAdmin(CuratedAdmin):
    """The history of every thread; the rows before and after stay in the database."""

    collection = "thread__collection"
    list_display = ["summary", "thread", "version", "user", "created"]
    list_select_related = ["thread", "user"]
    list_filter = ["operation", "created"]
    search_fields = ["thread__title", "=user__username"]
    fields = ["thread", "version", "operation", "summary", "undoes", "user", "created"]
    readonly_fields = ["thread", "version", "operation", "summary", "undoes", "user", "created"]
    actions = ["undo"]

    @admin.action(description=_("Undo"), permissions=["change"])
    def undo(self, request: HttpRequest, queryset: QuerySet[CurationEvent]) -> None:
        # The latest first: earlier steps may be what they build on.
        execute_all(request, [UndoEvent(event) for event in queryset.order_by("-pk")])
