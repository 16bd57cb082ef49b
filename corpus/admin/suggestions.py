"""Personal details found in a thread or a collection, to be hidden or left as a curator decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corpus import access, proposing
from corpus.admin.numbers import number
from corpus.admin.policy import own_sources_only
from corpus.admin.workbench.views import thread_for
from corpus.curation import DismissSpan, Operation, RedactSpan, together
from corpus.errors import OperationRefused
from corpus.models import Collection, Redaction, Thread
from corpus.personal import Detail
from corpus.proposing import Found, Suggestion

#: Suggestions on the page of one thread; the next ones come when these are dealt with.
_SHOWN = 300


@method_decorator(own_sources_only, name="page")
class Suggestions:
    """The page of a thread, in one admin site."""

    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:pk>/suggestions/",
                self.site.admin_view(self.page),
                name="corpus_thread_suggestions",
            )
        ]

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Offer what was found (GET), hide or leave what was chosen (POST)."""
        thread = thread_for(request, pk)
        if not access.may(request.user, access.REDACT, thread):
            raise PermissionDenied
        found = list(islice(proposing.in_thread(thread), _SHOWN + 1))
        shown = Found(thread, found[:_SHOWN], len(found) > _SHOWN)
        if request.method == "POST":
            _decide(request, [shown])
            address = reverse("admin:corpus_thread_suggestions", args=[thread.pk])
            return HttpResponseRedirect(address)
        return TemplateResponse(
            request,
            "admin/corpus/thread/suggestions.html",
            {
                **self.site.each_context(request),
                "title": _("Personal details"),
                "opts": Thread._meta,
                "thread": thread,
                "found": [shown] if shown.rows else [],
                "rows": shown.rows,
                "more": shown.more,
            },
        )


@method_decorator(own_sources_only, name="page")
class CollectionSuggestions:
    """The page of a collection: its threads, some at a time."""

    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:pk>/suggestions/",
                self.site.admin_view(self.page),
                name="corpus_collection_suggestions",
            )
        ]

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Offer what was found behind the thread ``after`` (GET), hide or leave it (POST)."""
        if not (request.user.has_perm(access.CURATE) and request.user.has_perm(access.REDACT)):
            raise PermissionDenied
        collection = get_object_or_404(access.collections(request.user), pk=pk)
        kind = request.GET.get("kind", "")
        after = max(0, number(request.GET.get("after")))
        look = proposing.in_collection(collection, after=after, kind=kind)
        if request.method == "POST":
            _decide(request, look.threads)
            return HttpResponseRedirect(request.get_full_path())
        return TemplateResponse(
            request,
            "admin/corpus/collection/suggestions.html",
            {
                **self.site.each_context(request),
                "title": _("Personal details: %(collection)s") % {"collection": collection},
                "opts": Collection._meta,
                "collection": collection,
                "look": look,
                "found": look.threads,
                "kind": kind,
                "kinds": [(one.value, Redaction.Kind(one.value).label) for one in Detail],
                "begun": after,
            },
        )


def _decide(request: HttpRequest, found: Iterable[Found]) -> None:
    """Hide or leave what was chosen, or all that was shown, thread by thread."""
    shown, chosen = set(request.POST.getlist("shown")), set(request.POST.getlist("chosen"))
    wanted = shown if "all" in request.POST.get("do", "") else chosen
    hide = not request.POST.get("do", "").startswith("leave")
    done = 0
    for one in found:
        rows = [row for row in one.rows if row.key in wanted]
        seen = number(request.POST.get(f"seen_version_{one.thread.pk}"))
        done += _carried_out(request, [_operation(row, hide=hide) for row in rows], seen)
    if hide:
        told = ngettext("%(n)s place hidden.", "%(n)s places hidden.", done)
    else:
        told = ngettext("%(n)s place left as it is.", "%(n)s places left as they are.", done)
    messages.success(request, told % {"n": done})


def _operation(row: Suggestion, *, hide: bool) -> Operation:
    span = row.finding.span
    if hide:
        return RedactSpan(row.document, span.start, span.end, row.finding.kind)
    return DismissSpan(row.document, span.start, span.end)


def _carried_out(request: HttpRequest, operations: Sequence[Operation], version: Any) -> int:
    """Carry out the steps of one thread, all or none; return how many were."""
    try:
        with together():
            for operation in operations:
                version = operation.execute(request.user, version=version).version
    except OperationRefused as refusal:
        messages.error(request, str(refusal))
        return 0
    return len(operations)
