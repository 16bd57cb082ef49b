"""What the page of an import run tells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from corpus import access
from corpus.admin.changelist import admin_link, forum_link
from corpus.models import Thread
from forumimport import background, duplicates, withdrawing
from forumimport.models import ImportRun
from forumimport.outcomes import Failed
from forumimport.progress import Progress

#: Posts and threads that a preview or a run's page lists: enough to judge by, and quick.
SHOWN = 300
#: States in which staged files may still be imported.
OPEN = (ImportRun.State.PREVIEW,)
_KINDS = {
    "encodings": _("encodings"),
    "formats": _("formats"),
    "languages": _("languages"),
}


class RunDisplays:
    """Mixed into the run's admin: lists of what it brought and what it could not."""

    listed: ClassVar[list[str]] = [
        *(
            "phase",
            "steps",
            "staged_list",
            "problem_list",
            "duplicate_list",
            "thread_list",
            "kind_list",
        )
    ]

    @admin.display(description=_("waiting files"))
    def staged_list(self, run: Any) -> SafeString | str:
        """Lead back to what was not imported to the end."""
        names = list(run.staged.order_by("pk").values_list("name", flat=True)[:SHOWN])
        if not names:
            return "–"
        page = "preview" if run.state in OPEN else "progress"
        address = reverse(f"admin:forumimport_importrun_{page}", args=[run.pk])
        return format_html('{} (<a href="{}">{}</a>)', ", ".join(names), address, _("go on"))

    @admin.display(description=_("threads"))
    def thread_list(self, run: Any) -> SafeString | str:
        rows = access.open_to(run.reader, Thread.objects.all(), "collection")
        threads = rows.filter(documents__imported__run=run).distinct().order_by("pk")
        return format_html_join(
            "",
            "<div>{} ({})</div>",
            ((admin_link(thread), forum_link(thread)) for thread in threads[:SHOWN]),
        ) or "–"  # fmt: skip

    @admin.display(description=_("problems"))
    def problem_list(self, run: Any) -> SafeString | str:
        """Name the first problems, each with its file and its place in it."""
        problems = run.problems.order_by("pk")
        told = [(one.get_kind_display(), _where(one)) for one in problems[:SHOWN]]
        left = problems.count() - len(told)
        if left:
            told.append((_("more"), _("%(n)s, all of them in the report.") % {"n": left}))
        return _lines("<div>{}: {}</div>", told)

    @admin.display(description=_("duplicates"))
    def duplicate_list(self, run: Any) -> SafeString | str:
        """Lead to the threads of documents that say the same as an earlier one."""
        rows = duplicates.told(run, run.reader).order_by("-likeness", "pk")
        rows = rows.select_related("document__thread", "earlier__thread")
        return _lines(
            "<div>{} = {} ({}&nbsp;%)</div>",
            (
                (
                    admin_link(row.document.thread),
                    admin_link(row.earlier.thread),
                    round(100 * row.likeness),
                )
                for row in rows[:SHOWN]
            ),
        )

    @admin.display(description=_("encodings, formats and languages"))
    def kind_list(self, run: Any) -> SafeString | str:
        return _lines(
            "<div>{}: {}</div>",
            (
                (_KINDS.get(kind, kind), ", ".join(f"{name} ({n})" for name, n in counted.items()))
                for kind, counted in run.kinds.items()
            ),
        )

    @admin.display(description=_("state"), ordering="state")
    def phase(self, run: Any) -> SafeString | str:
        """The state in words; while it goes on, a link to how far it is."""
        shown = Progress.of(run)
        if not shown.active:
            return str(shown.words)
        return format_html('<a href="{}">{}</a>', progress_address(run), shown.words)

    @admin.display(description=_("read"))
    def progress(self, run: Any) -> str:
        """How much of its files a run has read."""
        if not run.total_bytes:
            return "–"
        return f"{min(100, 100 * run.read_bytes // run.total_bytes)} %"

    @admin.action(description=_("Stop selected imports after their present batch"))
    def stop(self, request: HttpRequest, queryset: QuerySet[ImportRun]) -> None:
        if not request.user.has_perm("forumimport.import_threads"):
            raise PermissionDenied
        stopped = sum(background.cancel(run) for run in queryset if Progress.of(run).stoppable)
        messages.info(
            request,
            ngettext("%(n)s import stops.", "%(n)s imports stop.", stopped) % {"n": stopped},
        )

    @admin.display(description=_("what can be done"))
    def steps(self, run: Any) -> SafeString | str:
        links = [(reverse("admin:forumimport_importrun_report", args=[run.pk]), _("Report (JSON)"))]
        if not withdrawing.hindrance(run):
            address = reverse("admin:forumimport_importrun_withdraw", args=[run.pk])
            links.append((address, _("Withdraw this import…")))
        return _lines('<div><a href="{}">{}</a></div>', links)


def address(run: ImportRun) -> str:
    """Return where the run's page is."""
    return reverse("admin:forumimport_importrun_change", args=[run.pk])


def progress_address(run: ImportRun) -> str:
    """Return where the run is shown as it goes on."""
    return reverse("admin:forumimport_importrun_progress", args=[run.pk])


def _where(problem: Any) -> str:
    return Failed(problem.origin, problem.reason, problem.locator).sentence


def _lines(shape: str, rows: Iterable[tuple[Any, ...]]) -> SafeString | str:
    return format_html_join("", shape, rows) or "–"
