"""A thread's history: every step with what it changed, to be undone, redone, filtered, exported."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from corpus import access
from corpus.admin.numbers import number
from corpus.admin.policy import own_sources_only
from corpus.admin.workbench.views import thread_for
from corpus.curation import revert
from corpus.curation.base import KINDS
from corpus.curation.history import History
from corpus.curation.telling import Telling, Told
from corpus.curation.undo import undo_seen
from corpus.errors import OperationRefused
from corpus.models import CurationEvent, Thread

_ROWS = 50
#: Changes of a step that its page shows.
_TOLD = 200


@dataclass(frozen=True)
class Entry:
    """An event as a line of the history. ``step`` tells a step from the undoing of one,
    ``place`` names the thread whose step it is, if another."""

    event: CurationEvent
    place: str
    who: str
    summary: str
    changes: list[Told]
    step: bool
    stands: bool
    blocked_by: list[int]
    final: bool


@method_decorator(own_sources_only, name="page")
class HistoryPages:
    """The histories in one admin site."""

    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def urls(self) -> list[URLPattern]:
        wrap = self.site.admin_view
        return [
            # In place of the admin's own page, which knows nothing of operations.
            path("<int:pk>/history/", wrap(self.page), name="corpus_thread_history"),
            path(
                "<int:pk>/history/undo/",
                wrap(require_POST(self.undo)),
                name="corpus_thread_history_undo",
            ),
            path(
                "<int:pk>/history/revert/",
                wrap(require_POST(self.revert)),
                name="corpus_thread_history_revert",
            ),
            path(
                "<int:pk>/history/export.<slug:form>",
                wrap(self.export),
                name="corpus_thread_history_export",
            ),
        ]

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        thread = thread_for(request, pk)
        history = History(thread)
        who = request.GET.get("who", "")
        chosen = _by(history, who)
        pages = Paginator(chosen[::-1], _ROWS)
        rows = pages.get_page(request.GET.get("page"))
        return TemplateResponse(
            request,
            "admin/corpus/thread/history.html",
            {
                **self.site.each_context(request),
                "title": _("History: %(thread)s") % {"thread": thread},
                "opts": Thread._meta,
                "thread": thread,
                "rows": rows,
                "entries": list(
                    _entries(history, [event.pk for event in rows], request.user, told=_TOLD + 1)
                ),
                "told": _TOLD,
                "curators": _curators(history),
                "who": who,
            },
        )

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo a step, or redo one that is undone."""
        thread = thread_for(request, pk)
        history = History(thread)
        step = history.events.get(number(request.POST.get("event")))
        if step is None or step.pk not in history.latest:
            raise Http404("The thread has no such step.")
        latest = history.latest[step.pk]
        return self._carried_out(
            request,
            thread,
            lambda: undo_seen(thread, latest, request.user, _seen(request)).summary,
        )

    def revert(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo all steps after a version."""
        thread = thread_for(request, pk)
        version = number(request.POST.get("version"))
        if version < 0:
            raise Http404("There is no such moment.")

        def reverted() -> str:
            done = revert(thread, version, request.user, seen=_seen(request))
            return ngettext("%(n)s step undone.", "%(n)s steps undone.", done) % {"n": done}

        return self._carried_out(request, thread, reverted)

    def export(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        """Hand out the whole history, the first step first, as JSON lines or CSV."""
        thread = thread_for(request, pk)
        history = History(thread)
        write = {"jsonl": _json_lines, "csv": _comma_separated}.get(form)
        if write is None:
            raise Http404("The history is exported as jsonl or csv.")
        events = [event.pk for event in _by(history, request.GET.get("who", ""))]
        kind = "text/csv" if form == "csv" else "application/jsonl"
        response = HttpResponse(
            write(_entries(history, events, request.user)), content_type=f"{kind}; charset=utf-8"
        )
        name = f"history-of-thread-{thread.pk}.{form}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _carried_out(self, request: HttpRequest, thread: Thread, carry_out: Any) -> HttpResponse:
        try:
            messages.success(request, carry_out())
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:corpus_thread_history", args=[thread.pk]))


def _seen(request: HttpRequest) -> int:
    return number(request.POST.get("seen_version"))


def _by(history: History, who: str) -> list[CurationEvent]:
    events = list(history.events.values())
    return [event for event in events if str(event.user_id or 0) == who] if who else events


def _curators(history: History) -> list[tuple[str, str]]:
    found = {(str(event.user_id or 0), _who(event)) for event in history.events.values()}
    return sorted(found, key=lambda one: one[1])


def _who(event: CurationEvent) -> str:
    return str(event.user) if event.user else _("a program")


def _entries(
    history: History, events: list[int], user: Any, *, told: int | None = None
) -> Iterator[Entry]:
    """Yield the events as lines: for a page with ``told`` changes of each at most, and what builds
    on them, else with all."""
    telling = Telling(history.thread, user)
    hidden = access.closed(user)
    changed = dict(CurationEvent.objects.filter(pk__in=events).values_list("pk", "changes"))
    for pk in events:
        event = history.events[pk]
        event.changes = changed[pk]
        step = pk in history.latest
        yield Entry(
            event=event,
            place=_place(event, history.thread, hidden),
            who=_who(event),
            summary=telling.summary(event),
            changes=list(islice(telling.of(changed[pk][:told]), told)),
            step=step,
            stands=pk in history.standing,
            blocked_by=[one.version for one in history.dependents(event)] if step and told else [],
            final=event.operation in KINDS and not KINDS[event.operation].undoable,
        )


def _place(event: CurationEvent, thread: Thread, hidden: list[int]) -> str:
    if event.thread_id == thread.pk:
        return ""
    if event.thread.collection_id in hidden:
        return _("thread %(key)s") % {"key": event.thread_id}
    return f"“{event.thread}”"


def _plain(entry: Entry) -> dict[str, Any]:
    undoes = entry.event.undoes_id
    return {
        "version": entry.event.version,
        "when": entry.event.created.isoformat(),
        "who": entry.who,
        "operation": entry.event.operation,
        "summary": entry.summary,
        "stands": entry.stands if entry.step else None,
        "event": entry.event.pk,
        "undoes": undoes,
        "changes": [asdict(told) for told in entry.changes],
    }


def _json_lines(entries: Iterator[Entry]) -> str:
    return "".join(f"{json.dumps(_plain(entry), ensure_ascii=False)}\n" for entry in entries)


def _comma_separated(entries: Iterator[Entry]) -> str:
    stream = io.StringIO()
    rows = csv.writer(stream)
    names = ["version", "when", "who", "operation", "summary", "stands", "event", "undoes"]
    rows.writerow([*names, "changes"])
    for entry in entries:
        plain = _plain(entry)
        changes = "; ".join(
            f"{told.row} {told.column}: {told.before} → {told.after}" for told in entry.changes
        )
        rows.writerow(map(_cell, [*(plain[name] for name in names), changes]))
    return stream.getvalue()


def _cell(value: Any) -> Any:
    """Keep spreadsheets from taking words for a formula."""
    risky = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{value}" if risky else value
