from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from corpus.admin.changelist import CorpusAdmin, admin_link
from forumimport.models import ImportProblem
from forumimport.runs import open_to


@admin.register(ImportProblem)
class ImportProblemAdmin(CorpusAdmin):
    list_display = ["origin", "locator", "kind", "reason", "in_run"]
    list_filter = ["kind"]
    search_fields = ["origin", "reason"]
    list_select_related = ["run"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("forumimport.import_threads") or super().has_view_permission(
            request, obj
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportProblem]:
        """Return the problems of runs open to the user: they name files and quote from them."""
        return super().get_queryset(request).filter(run__in=open_to(request.user).values("pk"))

    def view_on_site(self, obj: Any) -> None:
        return None

    @admin.display(description=_("import run"), ordering="run")
    def in_run(self, problem: Any) -> SafeString | str:
        return admin_link(problem.run)
