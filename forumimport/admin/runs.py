from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern

from corpus.admin.changelist import CorpusAdmin
from forumimport.admin.displays import RunDisplays
from forumimport.admin.uploading import UploadingPages
from forumimport.admin.withdrawing import WithdrawingPages
from forumimport.models import ImportRun
from forumimport.runs import open_to


@admin.register(ImportRun)
class ImportRunAdmin(RunDisplays, UploadingPages, WithdrawingPages, CorpusAdmin):
    """Imports in two steps: what is uploaded waits, unstored, until its preview is confirmed."""

    list_display = [
        *("called", "phase", "progress", "posts", "failed", "started", "user"),
    ]
    actions = ["stop"]
    list_filter = ["state", "started"]
    list_select_related = ["user"]
    fields = [
        "phase",
        ("started", "finished"),
        ("threads", "posts", "quotations", "unsure"),
        ("grown", "added", "skipped", "left_out", "failed"),
        "kind_list",
        "user",
        "version",
        "arguments",
        "steps",
        "staged_list",
        "problem_list",
        "duplicate_list",
        "thread_list",
    ]
    readonly_fields = ["started", *RunDisplays.listed]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("forumimport.import_threads")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request) or super().has_view_permission(request, obj)

    def view_on_site(self, obj: Any) -> None:
        return None

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        return super().get_queryset(request).filter(pk__in=open_to(request.user).values("pk"))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            *self.uploading_urls(wrap),
            *self.withdrawing_urls(wrap),
            *super().get_urls(),
        ]

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        run = super().get_object(request, *args, **kwargs)
        if run is not None:
            run.reader = request.user
        return run

    def page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(
            request,
            f"admin/forumimport/importrun/{name}.html",
            {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
            | context,
        )
