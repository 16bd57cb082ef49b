from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from corpus.admin.changelist import CorpusAdmin
from forumimport import duplicates, importer, indexing, preview, projection, report, sources
from forumimport.admin.displays import OPEN, SHOWN, RunDisplays, address
from forumimport.admin.upload import UploadForm
from forumimport.admin.withdrawing import WithdrawingPages
from forumimport.importer import Created, Outcome
from forumimport.models import ImportRun, StagedFile
from forumimport.report import Tally
from forumimport.runs import may_fill, open_to

#: An upload that nobody confirmed is let go after this time.
_KEPT = timedelta(days=1)


@admin.register(ImportRun)
class ImportRunAdmin(RunDisplays, WithdrawingPages, CorpusAdmin):
    """Imports in two steps: what is uploaded waits, unstored, until its preview is confirmed."""

    list_display = [
        *("started", "state", "progress", "threads", "posts", "skipped", "failed", "user"),
    ]
    actions = ["stop"]
    list_filter = ["state", "started"]
    list_select_related = ["user"]
    fields = [
        "state",
        ("started", "finished"),
        ("threads", "posts", "quotations", "unsure"),
        ("skipped", "failed"),
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
            path(
                "<int:pk>/preview/",
                wrap(self.preview_view),
                name="forumimport_importrun_preview",
            ),
            *self.withdrawing_urls(wrap),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Take an upload in, and show what would be imported."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
        if request.method == "POST" and form.is_valid():
            run = self._stage(request, form)
            return HttpResponseRedirect(
                reverse("admin:forumimport_importrun_preview", args=[run.pk])
            )
        return self.page(request, "upload", {"title": _("Import threads"), "form": form})

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what an upload would bring; import it or let it go on confirmation."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        run = get_object_or_404(self.get_queryset(request), pk=pk)
        if run.state not in OPEN or not run.staged.exists():
            return HttpResponseRedirect(address(run))
        if request.method == "POST":
            return self._decide(request, run)
        outcomes = list(_outcomes(run, None))
        return self.page(
            request,
            "preview",
            {
                "title": _("What would be imported"),
                "run": run,
                "outcomes": [_previewed(outcome) for outcome in outcomes],
                "importable": any(isinstance(outcome, Created) for outcome in outcomes),
            },
        )

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        run = super().get_object(request, *args, **kwargs)
        if run is not None:
            run.reader = request.user
        return run

    def _stage(self, request: HttpRequest, form: UploadForm) -> ImportRun:
        stale = timezone.now() - _KEPT
        StagedFile.objects.filter(run__started__lt=stale).delete()
        ImportRun.objects.filter(state=ImportRun.State.PREVIEW, started__lt=stale).delete()
        arguments = {
            name: form.cleaned_data[name] for name in ("collection", "format", "encoding", "hold")
        }
        given = form.sources
        with transaction.atomic():
            run = importer.start_run(
                arguments | {"paths": [source.origin for source in given]},
                user=request.user,
                state=ImportRun.State.PREVIEW,
            )
            StagedFile.objects.bulk_create(
                StagedFile(run=run, name=source.origin[:255], content=source.content)
                for source in given
            )
        return run

    def _decide(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        confirmed = "confirm" in request.POST
        # It was asked at the upload; who may what can have changed since.
        if not may_fill(request.user, run.arguments["collection"]):
            raise PermissionDenied
        if not _taken(run, confirmed):
            messages.warning(request, _("This upload was dealt with already."))
            return HttpResponseRedirect(address(run))
        if not confirmed:
            run.staged.all().delete()
            messages.info(request, _("Nothing was imported."))
            return HttpResponseRedirect(reverse("admin:forumimport_importrun_changelist"))
        with indexing.postponed(), projection.counted_once():
            tally = Tally.of(report.entry(outcome) for outcome in _outcomes(run, run))
        duplicates.find(run)
        importer.finish(run)
        run.staged.all().delete()
        tell = messages.warning if tally.failed else messages.success
        tell(request, report.last_line(tally).replace("listed above", "listed below"))
        return HttpResponseRedirect(address(run))

    def page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(
            request,
            f"admin/forumimport/importrun/{name}.html",
            {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
            | context,
        )


def _taken(run: ImportRun, confirmed: bool) -> bool:
    """Take the run out of preview; only one of two simultaneous clicks does."""
    state = ImportRun.State.RUNNING if confirmed else ImportRun.State.CANCELLED
    # The state as it was seen: an import that broke off may be taken up again.
    taken = ImportRun.objects.filter(pk=run.pk, state=run.state, finished=None).update(state=state)
    run.refresh_from_db()
    return taken == 1


def _outcomes(run: ImportRun, into: ImportRun | None) -> Any:
    """Import the run's staged files ``into`` a run, or only look (None)."""
    arguments = run.arguments
    return importer.import_sources(
        (
            source
            for file in run.staged.order_by("pk").iterator()
            for source in sources.contained(file.name, bytes(file.content))
        ),
        collection=arguments["collection"],
        run=into,
        format=arguments["format"],
        encoding=arguments["encoding"] or None,
        hold=arguments["hold"],
    )


def _previewed(outcome: Outcome) -> dict[str, Any]:
    shown: dict[str, Any] = {"entry": report.entry(outcome)}
    if isinstance(outcome, Created):
        posts = list(preview.posts(outcome.draft))
        shown |= {"posts": posts[:SHOWN], "more": max(0, len(posts) - SHOWN)}
    return shown
