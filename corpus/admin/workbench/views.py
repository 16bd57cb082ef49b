"""The workbench's answers: pages, and for its script the stretches that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from corpus import access
from corpus.addresses import address_of
from corpus.admin.numbers import number
from corpus.admin.policy import own_sources_only
from corpus.admin.workbench import dialogs, quoting, steps
from corpus.admin.workbench.sheet import Sheet, Stretch
from corpus.admin.workbench.steps import Step
from corpus.curation import reviews
from corpus.curation.history import History
from corpus.errors import OperationRefused
from corpus.models import CurationEvent, Speaker, Thread, Utterance

#: Every step by the name in its address.
STEPS: dict[str, type[Step]] = {
    step.name: step
    for step in (
        steps.Accept,
        steps.AcceptAll,
        steps.AcceptQuotation,
        steps.Begin,
        steps.DropQuotation,
        steps.End,
        steps.GiveBack,
        steps.Merge,
        steps.Redo,
        steps.Resolve,
        steps.ShowAgain,
        steps.Split,
        steps.Undo,
        dialogs.Date,
        dialogs.FlagPlace,
        dialogs.MarkAsBoilerplate,
        quoting.Quote,
        dialogs.Redact,
        dialogs.Reply,
        quoting.Requote,
        dialogs.Retitle,
        dialogs.Speaker,
        dialogs.SplitOff,
    )
}
#: Sent by the page's script, which redraws what changed by itself.
_PARTIAL = "X-Corpus-Partial"
#: Speakers that are proposed while one is typed.
_SPEAKERS = 20


@method_decorator(own_sources_only, name="page")
@method_decorator(own_sources_only, name="step")
class Workbench:
    """The workbench in one admin site."""

    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def urls(self) -> list[URLPattern]:
        wrap = self.site.admin_view
        return [
            path("<int:pk>/workbench/", wrap(self.page), name="corpus_thread_workbench"),
            path(
                "<int:pk>/workbench/speakers/",
                wrap(self.speakers),
                name="corpus_thread_workbench_speakers",
            ),
            path(
                "<int:pk>/workbench/<slug:name>/",
                wrap(self.step),
                name="corpus_thread_workbench_step",
            ),
        ]

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a page of the thread: number ``page``, or the one with the post ``at``.

        ``number`` leads to the post that is counted so, or the last; ``unsure`` leads to the
        first boundary that is unsure.
        """
        thread = thread_for(request, pk)
        reviews.complete()
        reviews.see(thread)
        if "unsure" in request.GET and (first := Sheet(thread).first_unsure()):
            return HttpResponseRedirect(_address(thread, first))
        if "number" in request.GET and (order := Sheet(thread).order):
            place = min(max(1, number(request.GET["number"])), len(order))
            return HttpResponseRedirect(_address(thread, order[place - 1]))
        at = number(request.GET.get("at"))
        sheet = Sheet.at(thread, at) if at >= 0 else Sheet(thread, _page(request.GET))
        return self._page(request, sheet)

    def speakers(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Propose speakers of the collection by a part of the name that is shown of them."""
        thread = thread_for(request, pk)
        part = request.GET.get("q", "").strip()
        posts = Utterance.objects.filter(speaker=OuterRef("pk"))
        rows = Speaker.objects.filter(Exists(posts), collection=thread.collection_id)
        if part:
            shown = Q(pseudonym="", handle__icontains=part) | Q(pseudonym__icontains=part)
            rows = rows.filter(shown)
        return JsonResponse({"names": [row.name for row in rows.order_by("handle")[:_SPEAKERS]]})

    def step(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Ask what a step needs to know (GET), or take it (POST)."""
        thread = thread_for(request, pk)
        kind = STEPS.get(name)
        if kind is None:
            raise Http404("There is no such step.")
        if not access.may(request.user, kind.permission, thread):
            raise PermissionDenied
        if request.method != "POST":
            return self._ask(
                request, thread, kind(thread, request.user, initial=request.GET.dict())
            )
        given = request.GET.copy()
        given.update(request.POST)
        seen = _seen(given)
        sheet = Sheet(thread, _page(given))
        # Made before the step: it reads the rows as the curator has them before their eyes.
        form, before = kind(thread, request.user, given), sheet.stretches
        try:
            if not form.is_valid():
                raise OperationRefused(_errors(form))
            event = form.operation().execute(request.user, version=seen)
        except OperationRefused as refusal:
            thread.refresh_from_db()
            if thread.version != seen:  # Whatever was refused: others were at work.
                return self._outrun(request, thread, form, seen)
            return self._refused(request, sheet, form, str(refusal))
        thread.refresh_from_db()
        return self._done(request, event, before, Sheet(thread, sheet.page))

    # Answers

    def _done(
        self, request: HttpRequest, event: CurationEvent, before: Sequence[Stretch], sheet: Sheet
    ) -> HttpResponse:
        if _PARTIAL not in request.headers:
            messages.success(request, event.summary)
            return self._back(request, sheet)
        drawn = changed(before, sheet, _may(request, sheet.thread))
        return JsonResponse(self._state(sheet) | drawn | {"said": event.summary})

    def _refused(self, request: HttpRequest, sheet: Sheet, form: Step, why: str) -> HttpResponse:
        if _PARTIAL in request.headers:
            return JsonResponse({"said": why, **self._state(sheet)}, status=422)
        if form.asks:
            if form.is_valid():
                form.add_error(None, why)
            return self._ask(request, sheet.thread, form, status=422)
        messages.error(request, why)
        return self._back(request, sheet)

    def _outrun(self, request: HttpRequest, thread: Thread, form: Step, seen: int) -> HttpResponse:
        """Show what others did meanwhile; what was typed stays, to be sent again."""
        sheet = Sheet(thread, _page(form.data))
        told = _meanwhile(thread, seen)
        if _PARTIAL in request.headers:
            drawn = _drawn(sheet, sheet.stretches, _may(request, thread))
            return JsonResponse({"said": told, "all": drawn, **self._state(sheet)}, status=409)
        messages.warning(request, told)
        if form.asks:
            return self._ask(request, thread, form, status=409)
        response = self._page(request, sheet)
        response.status_code = 409
        return response

    def _state(self, sheet: Sheet) -> dict[str, Any]:
        after, earlier = sheet.elsewhere(after=True), sheet.elsewhere(after=False)
        return {
            "version": sheet.thread.version,
            "title": sheet.thread.title,
            "next": _address(sheet.thread, after) if after else "",
            "previous": _address(sheet.thread, earlier) if earlier else "",
        }

    def _page(self, request: HttpRequest, sheet: Sheet) -> HttpResponse:
        thread = sheet.thread
        return TemplateResponse(
            request,
            "admin/corpus/thread/workbench.html",
            {
                **self.site.each_context(request),
                **self._state(sheet),
                "title": thread.title,
                "subtitle": _("Workbench"),
                "thread": thread,
                "sheet": sheet,
                "forum": address_of(thread),
                **_may(request, thread),
                "opts": Thread._meta,
                "seen": request.POST.get("seen_version", ""),
            },
        )

    def _ask(
        self, request: HttpRequest, thread: Thread, form: Step, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "thread": thread, "page": _page(form.data or request.GET)}
        if _PARTIAL in request.headers:
            return TemplateResponse(
                request, "admin/corpus/thread/workbench_form.html", context, status=status
            )
        context |= {**self.site.each_context(request), "title": form.title, "opts": Thread._meta}
        return TemplateResponse(
            request, "admin/corpus/thread/workbench_step.html", context, status=status
        )

    def _back(self, request: HttpRequest, sheet: Sheet) -> HttpResponse:
        """Lead back to where the curator was."""
        address = reverse("admin:corpus_thread_workbench", args=[sheet.thread.pk])
        post = number(request.GET.get("post") or request.POST.get("post"))
        anchor = f"#u{post}" if post in sheet.position else ""
        return HttpResponseRedirect(f"{address}?page={sheet.page}{anchor}")


def thread_for(request: HttpRequest, pk: int) -> Thread:
    """Return the thread if the user may curate it.

    Raises:
        Http404: there is none, or its collection is closed to the user, who sees no trace of it.
        PermissionDenied: the user is no curator.
    """
    if not request.user.has_perm(access.CURATE):
        raise PermissionDenied
    threads = Thread.objects.select_related("collection")
    return get_object_or_404(access.open_to(request.user, threads, "collection"), pk=pk)


def _may(request: HttpRequest, thread: Thread) -> dict[str, bool]:
    """Return what not every curator may, as templates ask it."""
    asked = {"may_split": access.CURATE_MANY, "may_redact": access.REDACT}
    return {name: access.may(request.user, needs, thread) for name, needs in asked.items()}


def changed(before: Sequence[Stretch], sheet: Sheet, may: Mapping[str, bool]) -> dict[str, Any]:
    """Return what to take from a page and what to put on it, after which stretch."""
    now = sheet.stretches
    known = {row.key: row for row in before}
    kept = {row.key for row in now}
    fresh = [row for row in now if known.get(row.key) != row]
    return {"gone": [row.key for row in before if row.key not in kept], **_drawn(sheet, fresh, may)}


def _drawn(sheet: Sheet, rows: Sequence[Stretch], may: Mapping[str, bool]) -> dict[str, Any]:
    context = {"thread": sheet.thread, "sheet": sheet, **may}
    template = "admin/corpus/thread/workbench_stretch.html"
    return {
        "order": [row.key for row in sheet.stretches],
        "drawn": {row.key: render_to_string(template, context | {"row": row}) for row in rows},
    }


def _meanwhile(thread: Thread, seen: int) -> str:
    """Say what others did after the version that was seen."""
    events = [event for event in History(thread).events.values() if event.version > seen]
    lines = [f"{event.user or _('a program')}: {event.summary}" for event in events[-3:]]
    return _(
        "Someone else changed this thread meanwhile (%(steps)s). You see it now as it is, and what "
        "you typed is kept: look again, then repeat your step."
    ) % {"steps": "; ".join(lines) or "–"}  # fmt: skip


def _errors(form: Step) -> str:
    return " ".join(str(message) for found in form.errors.values() for message in found)


def _address(thread: Thread, post: int) -> str:
    address = reverse("admin:corpus_thread_workbench", args=[thread.pk])
    return f"{address}?at={post}#u{post}"


def _seen(given: Any) -> int:
    """Return the version that the step was decided on; -1, which there is not, if none is said."""
    return number(given.get("seen_version"))


def _page(given: Any) -> int:
    return number(given.get("page"), otherwise=1)
