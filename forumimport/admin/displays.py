"""What the page of an import run tells."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
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
#: How an address narrows a list to one run.
OF_RUN = "run__id__exact"
#: Characters of a file's name that tell a run from others.
_NAME = 60
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
        return _beginning(
            "<div>{} ({})</div>",
            [(admin_link(thread), forum_link(thread)) for thread in threads[: SHOWN + 1]],
            _all_of(run, "importeddocument", _("All documents of this import")),
        )

    @admin.display(description=_("problems"))
    def problem_list(self, run: Any) -> SafeString | str:
        """Name the first problems, each with its file and its place in it."""
        problems = run.problems.order_by("pk")
        return _beginning(
            "<div>{}: {}</div>",
            [(one.get_kind_display(), _where(one)) for one in problems[: SHOWN + 1]],
            _all_of(run, "importproblem", _("All problems of this import")),
        )

    @admin.display(description=_("duplicates"))
    def duplicate_list(self, run: Any) -> SafeString | str:
        """Lead to the threads of documents that say the same as an earlier one."""
        rows = duplicates.told(run, run.reader).order_by("-likeness", "pk")
        rows = rows.select_related("document__thread", "earlier__thread")
        return _beginning(
            "<div>{} = {} ({}&nbsp;%)</div>",
            [
                (
                    admin_link(row.document.thread),
                    admin_link(row.earlier.thread),
                    round(100 * row.likeness),
                )
                for row in rows[: SHOWN + 1]
            ],
            _all_of(run, "duplicate", _("All duplicates of this import")),
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
        return f"{min(100, 100 * run.read_bytes // run.total_bytes)}\N{NO-BREAK SPACE}%"

    @admin.display(description=_("import run"), ordering="pk")
    def called(self, run: Any) -> SafeString:
        """What tells it from others: its number, and what it takes from where to where."""
        return format_html("<bdi>{}</bdi>", called(run))

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
        if not is_left_to_it(run) and not withdrawing.hindrance(run):
            address = reverse("admin:forumimport_importrun_withdraw", args=[run.pk])
            links.append((address, _("Withdraw this import…")))
        return _lines('<div><a href="{}">{}</a></div>', links)


def is_left_to_it(run: ImportRun) -> bool:
    """Whether a run is being withdrawn, or is to be in a moment; one that no worker takes up can be
    withdrawn once more."""
    shown = Progress.of(run)
    return run.state == ImportRun.State.WITHDRAWING and shown.active and not shown.unattended


def address(run: ImportRun) -> str:
    """Return where the run's page is."""
    return reverse("admin:forumimport_importrun_change", args=[run.pk])


def progress_address(run: ImportRun) -> str:
    """Return where the run is shown as it goes on."""
    return reverse("admin:forumimport_importrun_progress", args=[run.pk])


def called(run: ImportRun) -> str:
    """Return the run's number, its first file, and its collection: "2 · a.txt and 3 more → Talk".

    To be told to those only to whom the run is open.
    """
    paths = run.arguments.get("paths") or []
    told = Truncator(PurePath(paths[0]).name or paths[0]).chars(_NAME) if paths else ""
    if len(paths) > 1:
        told = _("%(file)s and %(n)s more") % {"file": told, "n": len(paths) - 1}
    said = " → ".join(filter(None, [told, run.arguments.get("collection")]))
    return f"{run.pk} · {said}" if said else str(run.pk)


def _all_of(run: ImportRun, model: str, words: Any) -> SafeString:
    address = reverse(f"admin:forumimport_{model}_changelist", query={OF_RUN: run.pk})
    return format_html('<div><a href="{}">{}</a></div>', address, words)


def _beginning(shape: str, rows: list[tuple[Any, ...]], rest: SafeString) -> SafeString | str:
    """Return the first rows, and where there are more, the way to all of them."""
    told = _lines(shape, rows[:SHOWN])
    return told if len(rows) <= SHOWN else format_html("{}{}", told, rest)


def _where(problem: Any) -> str:
    return Failed(problem.origin, problem.reason, problem.locator).sentence


def _lines(shape: str, rows: Iterable[tuple[Any, ...]]) -> SafeString | str:
    return format_html_join("", shape, rows) or "–"
