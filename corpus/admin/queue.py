"""The queue as a page: what most needs a look, and how far each collection is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from corpus import access, queue
from corpus.admin.changelist import BoundedPaginator
from corpus.admin.policy import own_sources_only
from corpus.conf import unsure_below
from corpus.curation import reviews
from corpus.models import Thread

_ROWS = 50


@method_decorator(own_sources_only, name="page")
class Queue:
    """The queue in one admin site."""

    #: What can be done with all threads shown, as :mod:`corpus.admin.bulk` says.
    bulk: Collection[Any] = ()

    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def urls(self) -> list[URLPattern]:
        return [path("queue/", self.site.admin_view(self.page), name="corpus_thread_queue")]

    def page(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(access.CURATE):
            raise PermissionDenied
        reviews.complete()
        chosen = narrowed(request)
        pages = BoundedPaginator(queue.threads(request.user, chosen), _ROWS)
        return TemplateResponse(
            request,
            "admin/corpus/thread/queue.html",
            {
                **self.site.each_context(request),
                "title": _("Queue"),
                "opts": Thread._meta,
                "rows": pages.get_page(request.GET.get("page")),
                "count": pages.count,
                "filters": [_shown(one, request.user, chosen) for one in queue.FILTERS.values()],
                "words": chosen.get("q", ""),
                "chosen": chosen,
                "progress": queue.progress(request.user),
                "unsure_below": unsure_below(),
                "bulk": self.bulk,
                "may_curate_many": request.user.has_perm(access.CURATE_MANY),
            },
        )


def narrowed(request: HttpRequest) -> dict[str, str]:
    """Return what the address narrows the queue by."""
    names = [*queue.FILTERS, "q"]
    return {name: value for name in names if (value := request.GET.get(name, "").strip())}


def _shown(one: queue.Filter, user: Any, chosen: dict[str, str]) -> dict[str, Any]:
    value = chosen.get(one.name, "")
    return {"name": one.name, "title": one.title, "choices": one.choices(user), "value": value}
