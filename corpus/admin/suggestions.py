"""Personal details found in a thread, to be chosen from and hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corpus import access, personal
from corpus.admin.numbers import number
from corpus.admin.policy import own_sources_only
from corpus.admin.workbench.views import thread_for
from corpus.curation import RedactSpan, together
from corpus.errors import OperationRefused
from corpus.models import Redaction, SourceDocument, Speaker, Thread
from corpus.rendering import Hidden, excerpt
from corpus.spans import Span

#: Suggestions on one page; the next ones come when these are dealt with.
_SHOWN = 300
#: Characters of context on either side.
_AROUND = 40


@dataclass(frozen=True)
class Suggestion:
    """A finding with the words around it, as far as they may be read."""

    document: SourceDocument
    finding: personal.Finding
    before: str
    words: str
    after: str
    kind: str

    @property
    def key(self) -> str:
        span = self.finding.span
        return f"{self.document.pk}:{span.start}:{span.end}"

    def operation(self) -> RedactSpan:
        span = self.finding.span
        return RedactSpan(self.document, span.start, span.end, self.finding.kind)


def suggestions(thread: Thread) -> Iterator[Suggestion]:
    """Yield what looks like a personal detail and is not hidden yet, in the thread's order."""
    handles = list(
        Speaker.objects.filter(collection=thread.collection_id).values_list("handle", flat=True)
    )
    for document in thread.documents.order_by("order"):
        hidden = [
            Hidden(row.span, row.get_kind_display())
            for row in Redaction.objects.filter(document=document)
        ]
        for finding in personal.find(document.text, handles):
            if not any(row.span.overlaps(finding.span) for row in hidden):
                yield _suggestion(document, finding, hidden)


def _suggestion(
    document: SourceDocument, finding: personal.Finding, hidden: list[Hidden]
) -> Suggestion:
    text, span = document.text, finding.span

    def read(start: int, end: int) -> str:
        length = 4 * _AROUND
        return excerpt(text, Span(start, end), hidden, length=length) if start < end else ""

    return Suggestion(
        document=document,
        finding=finding,
        before=read(max(0, span.start - _AROUND), span.start),
        words=read(span.start, span.end),
        after=read(span.end, min(len(text), span.end + _AROUND)),
        kind=str(Redaction.Kind(finding.kind.value).label),
    )


@method_decorator(own_sources_only, name="page")
class Suggestions:
    """The page in one admin site."""

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
        """Offer what was found (GET), hide what was chosen (POST)."""
        thread = thread_for(request, pk)
        if not access.may(request.user, access.REDACT, thread):
            raise PermissionDenied
        found = list(islice(suggestions(thread), _SHOWN + 1))
        if request.method == "POST":
            chosen = set(request.POST.getlist("chosen"))
            return self._hide(request, thread, [row for row in found if row.key in chosen])
        return TemplateResponse(
            request,
            "admin/corpus/thread/suggestions.html",
            {
                **self.site.each_context(request),
                "title": _("Personal details"),
                "opts": Thread._meta,
                "thread": thread,
                "rows": found[:_SHOWN],
                "more": len(found) > _SHOWN,
            },
        )

    def _hide(self, request: HttpRequest, thread: Thread, rows: list[Suggestion]) -> HttpResponse:
        version = number(request.POST.get("seen_version"))
        try:
            with together():
                for row in rows:
                    version = row.operation().execute(request.user, version=version).version
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
        else:
            done = ngettext("%(n)s place hidden.", "%(n)s places hidden.", len(rows))
            messages.success(request, done % {"n": len(rows)})
        return HttpResponseRedirect(reverse("admin:corpus_thread_suggestions", args=[thread.pk]))
