from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from corpus.admin.changelist import CorpusAdmin, admin_link, forum_link
from corpus.models import Thread
from forumimport import duplicates, importer, indexing, preview, projection, report
from forumimport.admin.upload import UploadForm
from forumimport.importer import Created, Outcome
from forumimport.models import ImportRun, StagedFile
from forumimport.readers import Source
from forumimport.report import Tally

#: Posts and threads that a preview or a run's page lists: enough to judge by, and quick.
_SHOWN = 300
#: An upload that nobody confirmed is let go after this time.
_KEPT = timedelta(days=1)


#: States in which staged files may still be imported.
_OPEN = (ImportRun.State.PREVIEW, ImportRun.State.RUNNING)


@admin.register(ImportRun)
class ImportRunAdmin(CorpusAdmin):
    """Imports in two steps: what is uploaded waits, unstored, until its preview is confirmed."""

    list_display = ["started", "state", "threads", "posts", "skipped", "failed", "user"]
    list_filter = ["state", "started"]
    list_select_related = ["user"]
    fields = [
        "state",
        ("started", "finished"),
        ("threads", "posts", "skipped", "failed"),
        "user",
        "version",
        "arguments",
        "staged_list",
        "problem_list",
        "thread_list",
    ]
    readonly_fields = ["started", "staged_list", "problem_list", "thread_list"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("forumimport.import_threads")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request) or super().has_view_permission(request, obj)

    def view_on_site(self, obj: Any) -> None:
        return None

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/preview/",
                wrap(self.preview_view),
                name="forumimport_importrun_preview",
            ),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Take an upload in, and show what would be imported."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            run = self._stage(request, form)
            return HttpResponseRedirect(
                reverse("admin:forumimport_importrun_preview", args=[run.pk])
            )
        return self._page(request, "upload", {"title": _("Import threads"), "form": form})

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what an upload would bring; import it or let it go on confirmation."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        run = get_object_or_404(ImportRun, pk=pk)
        if run.state not in _OPEN or not run.staged.exists():
            return HttpResponseRedirect(_address(run))
        if request.method == "POST":
            return self._decide(request, run)
        outcomes = list(_outcomes(run, None))
        return self._page(
            request,
            "preview",
            {
                "title": _("What would be imported"),
                "run": run,
                "outcomes": [_previewed(outcome) for outcome in outcomes],
                "importable": any(isinstance(outcome, Created) for outcome in outcomes),
            },
        )

    @admin.display(description=_("waiting files"))
    def staged_list(self, run: Any) -> SafeString | str:
        """Lead back to what was not imported to the end."""
        names = list(run.staged.order_by("pk").values_list("name", flat=True)[:_SHOWN])
        if not names or run.state not in _OPEN:
            return "–"
        address = reverse("admin:forumimport_importrun_preview", args=[run.pk])
        return format_html('{} (<a href="{}">{}</a>)', ", ".join(names), address, _("go on"))

    @admin.display(description=_("threads"))
    def thread_list(self, run: Any) -> SafeString | str:
        threads = Thread.objects.filter(documents__imported__run=run).distinct().order_by("pk")
        return format_html_join(
            "",
            "<div>{} ({})</div>",
            ((admin_link(thread), forum_link(thread)) for thread in threads[:_SHOWN]),
        ) or "–"  # fmt: skip

    @admin.display(description=_("problems"))
    def problem_list(self, run: Any) -> SafeString | str:
        return format_html_join(
            "",
            "<div>{}: {}</div>",
            (
                (problem.get_kind_display(), problem.reason)
                for problem in run.problems.order_by("pk")[:_SHOWN]
            ),
        ) or "–"  # fmt: skip

    def _stage(self, request: HttpRequest, form: UploadForm) -> ImportRun:
        stale = timezone.now() - _KEPT
        StagedFile.objects.filter(run__started__lt=stale).delete()
        ImportRun.objects.filter(state=ImportRun.State.PREVIEW, started__lt=stale).delete()
        arguments = {
            name: form.cleaned_data[name] for name in ("collection", "format", "encoding", "hold")
        }
        sources = form.sources
        with transaction.atomic():
            run = importer.start_run(
                arguments | {"paths": [source.origin for source in sources]},
                user=request.user,
                state=ImportRun.State.PREVIEW,
            )
            StagedFile.objects.bulk_create(
                StagedFile(run=run, name=source.origin[:255], content=source.content)
                for source in sources
            )
        return run

    def _decide(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        confirmed = "confirm" in request.POST
        if not _taken(run, confirmed):
            messages.warning(request, _("This upload was dealt with already."))
            return HttpResponseRedirect(_address(run))
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
        return HttpResponseRedirect(_address(run))

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
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
        (Source(file.name, bytes(file.content)) for file in run.staged.order_by("pk").iterator()),
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
        shown |= {"posts": posts[:_SHOWN], "more": max(0, len(posts) - _SHOWN)}
    return shown


def _address(run: ImportRun) -> str:
    return reverse("admin:forumimport_importrun_change", args=[run.pk])
