"""Pages of an upload: the form, what would be imported, and the import as it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.admin.policy import own_sources_only
from corpus.models import Thread
from forumimport import background, importer, looking, report, uploads
from forumimport.admin.displays import OPEN, address, progress_address
from forumimport.admin.upload import UploadForm
from forumimport.models import ImportRun
from forumimport.progress import Progress
from forumimport.runs import may_go_on


class UploadingPages:
    """Mixed into the run's admin."""

    has_add_permission: Callable[[HttpRequest], bool]
    get_queryset: Callable[[HttpRequest], QuerySet[ImportRun]]
    page: Callable[[HttpRequest, str, dict[str, Any]], HttpResponse]

    def uploading_urls(self, wrap: Callable[..., Any]) -> list[URLPattern]:
        name = "forumimport_importrun"
        return [
            path(f"<int:pk>/{step}/", wrap(_policy(view)), name=f"{name}_{step}")
            for step, view in (("preview", self.preview_view), ("progress", self.progress_view))
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Take an upload in, and lead to what would be imported."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
        if request.method == "POST" and form.is_valid():
            try:
                run = _staged(request, form)
            except uploads.NoRoom as error:
                form.add_error(None, str(error))
            else:
                page = reverse("admin:forumimport_importrun_preview", args=[run.pk])
                return HttpResponseRedirect(page)
        return self.page(request, "upload", {"title": _("Import threads"), "form": form})

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what an upload would bring; have it imported, or let it go, on confirmation."""
        run = self._uploaded(request, pk)
        if run.state not in OPEN or not run.staged.exists():
            return HttpResponseRedirect(_page_of(run))
        if request.method == "POST":
            if "confirm" in request.POST:
                return self._begin(request, run)
            return self._let_go(request, run)
        seen = looking.look(run)
        met = [one.entry.thread for one in (*seen.outcomes, *seen.known) if one.entry.thread]
        known = Thread.objects.filter(pk__in=met)
        told = set(access.open_to(request.user, known, "collection").values_list("pk", flat=True))
        context = {
            "title": _("What would be imported"),
            "run": run,
            "collection": importer.collection_of(run),
            "seen": seen,
            "told": told,
        }
        return self.page(request, "preview", context)

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how far an import is; cancel it or go on with it. Asked for a part, only that."""
        run = self._uploaded(request, pk)
        if request.method == "POST":
            return self._step(request, run)
        shown = Progress.of(run)
        waiting = run.staged.exists()
        over = not shown.active and not (shown.resumable and waiting)
        if over and "part" not in request.GET:
            return HttpResponseRedirect(address(run))
        context = {
            "title": _title(run),
            "run": run,
            "progress": shown,
            "resumable": shown.resumable and waiting,
            "own_page": address(run),
        }
        name = "progress_part" if "part" in request.GET else "progress"
        return self.page(request, name, context)

    def _step(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        if "cancel" in request.POST:
            if not background.cancel(run):
                messages.warning(request, _("There was nothing to cancel any more."))
            return HttpResponseRedirect(_page_of(run))
        if "discard" in request.POST:
            return self._let_go(request, run)
        return self._begin(request, run)

    def _begin(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        # It was asked at the upload; who may what can have changed since.
        if not may_go_on(request.user, run):
            raise PermissionDenied
        if not background.ask(run):
            messages.warning(request, _("This upload was dealt with already."))
            return HttpResponseRedirect(_page_of(run))
        run.refresh_from_db()
        if run.state == ImportRun.State.FINISHED:
            tell = messages.warning if run.failed else messages.success
            told = report.last_line(report.tally(run))
            tell(request, told.replace("listed above", "listed below"))
        return HttpResponseRedirect(_page_of(run))

    def _let_go(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        if Progress.of(run).active or (run.state in OPEN and not background.cancel(run)):
            messages.warning(request, _("This upload was dealt with already."))
            return HttpResponseRedirect(_page_of(run))
        if not run.threads:
            messages.info(request, _("Nothing was imported."))
        uploads.let_go(run.staged.all())
        return HttpResponseRedirect(reverse("admin:forumimport_importrun_changelist"))

    def _uploaded(self, request: HttpRequest, pk: int) -> ImportRun:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)


def _policy(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    return own_sources_only(view)


def _staged(request: HttpRequest, form: UploadForm) -> ImportRun:
    """Return a run that waits for its confirmation, with what was uploaded."""
    uploads.let_go_stale()
    given = form.files_given()
    with transaction.atomic():
        run = importer.start_run(
            form.stated() | {"paths": [name for name, _pieces in given]},
            user=request.user,
            state=ImportRun.State.PREVIEW,
        )
        uploads.keep(run, given)
    return run


def _page_of(run: ImportRun) -> str:
    return progress_address(run) if Progress.of(run).active else address(run)


def _title(run: ImportRun) -> str:
    if run.state == ImportRun.State.WITHDRAWING:
        return _("Withdrawal of the import of %(started)s") % {"started": _moment(run)}
    return _("Import of %(started)s") % {"started": _moment(run)}


def _moment(run: ImportRun) -> str:
    return date_format(localtime(run.started), "DATETIME_FORMAT")
