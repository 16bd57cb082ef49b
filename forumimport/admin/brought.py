"""Lists of what runs brought and could not bring: those a run's own page is too short for."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.admin.changelist import CorpusAdmin, admin_link, forum_link
from corpus.admin.numbers import number
from forumimport.admin.displays import OF_RUN, called
from forumimport.models import Duplicate, ImportedDocument, ImportProblem
from forumimport.runs import open_to


class OfRun(admin.SimpleListFilter):
    """Narrows a list to the run that its address names, and offers no other: there are too many."""

    title = _("import run")
    parameter_name = OF_RUN

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        named = request.GET.get(OF_RUN)
        if named is None:
            return []
        run = open_to(request.user).filter(pk=number(named)).first()
        return [(named, called(run) if run else _("none"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        named = self.value()
        return queryset if named is None else queryset.filter(run=number(named))


class OfRunsAdmin(CorpusAdmin):
    """Rows of runs that are open to the user, to be read by whoever imports."""

    ordering = ["pk"]
    list_display_links: Any = None
    list_select_related = ["run"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("forumimport.import_threads") or super().has_view_permission(
            request, obj
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of runs open to the user: they name files and quote from them."""
        return super().get_queryset(request).filter(run__in=open_to(request.user).values("pk"))

    def view_on_site(self, obj: Any) -> None:
        return None

    @admin.display(description=_("import run"), ordering="run")
    def in_run(self, row: Any) -> SafeString | str:
        return admin_link(row.run, called(row.run))


@admin.register(ImportProblem)
class ImportProblemAdmin(OfRunsAdmin):
    list_display = ["origin", "locator", "kind", "reason", "in_run"]
    list_display_links = ["origin"]
    list_filter = [OfRun, "kind"]
    search_fields = ["origin", "reason"]
    ordering = ["-pk"]


class ReachedFromRun(OfRunsAdmin):
    """A list that a run's page leads to; the index of the admin does not name it."""

    list_filter = [OfRun]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(ImportedDocument)
class ImportedDocumentAdmin(ReachedFromRun):
    collection = "document__thread__collection"
    list_display = ["in_thread", "origin", "locator", "in_run", "forum"]
    search_fields = ["document__thread__title", "document__origin"]
    list_select_related = ["run", "document__thread"]
    fields = ["run", "document"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportedDocument]:
        return super().get_queryset(request).defer("document__text")

    @admin.display(description=_("thread"), ordering="document__thread")
    def in_thread(self, row: Any) -> SafeString | str:
        return admin_link(row.document.thread)

    @admin.display(description=_("origin"))
    def origin(self, row: Any) -> SafeString | str:
        return admin_link(row.document, row.document.origin)

    @admin.display(description=_("place in the file"))
    def locator(self, row: Any) -> str:
        return str(row.document.locator)

    @admin.display(description=_("forum"))
    def forum(self, obj: Any) -> SafeString | str:
        return forum_link(obj.document.thread)


@admin.register(Duplicate)
class DuplicateAdmin(ReachedFromRun):
    """Both documents are in collections open to the user."""

    collection = "document__thread__collection"
    list_display = ["said_by", "said_before", "alike", "in_run"]
    list_select_related = ["run", "document__thread", "earlier__thread"]
    ordering = ["-likeness", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Duplicate]:
        rows = super().get_queryset(request).defer("document__text", "earlier__text")
        return access.open_to(request.user, rows, "earlier__thread__collection")

    @admin.display(description=_("thread"))
    def said_by(self, row: Any) -> SafeString | str:
        return admin_link(row.document.thread)

    @admin.display(description=_("the earlier thread"))
    def said_before(self, row: Any) -> SafeString | str:
        return admin_link(row.earlier.thread)

    @admin.display(description=_("likeness"), ordering="likeness")
    def alike(self, row: Any) -> str:
        return f"{round(100 * row.likeness)}\N{NO-BREAK SPACE}%"
