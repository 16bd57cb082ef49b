"""What the pages of annotation have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from corpus.admin.changelist import CorpusAdmin
from corpus.admin.policy import own_sources_only
from corpus.annotation.permissions import may
from corpus.errors import CorpusError
from corpus.models import Collection, Role

View = Callable[..., HttpResponse]


class AnnotationPages(CorpusAdmin):
    """Admin pages for those who have a role in annotation, in whatever collection."""

    #: Roles whose holders find the model in the admin's index.
    roles: tuple[Role, ...] = (Role.COORDINATE,)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return any(may(request.user, role) for role in self.roles)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def view_on_site(self, obj: Any) -> None:
        return None

    def page_url(self, route: str, view: View, name: str) -> URLPattern:
        """Return the pattern of a page that only staff reach; the view checks the rest."""
        page = own_sources_only(self.admin_site.admin_view(view))
        return path(route, page, name=f"corpus_annotation_{name}")

    def page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(
            request,
            f"admin/corpus/annotation/{name}.html",
            {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
            | context,
        )


def require(request: HttpRequest, role: Role, collection: Collection | None = None) -> None:
    """Refuse the page to whoever lacks the role."""
    if not may(request.user, role, collection):
        raise PermissionDenied


def number(written: str) -> int | None:
    """Return a key from a request, if it is one that a database can hold."""
    whole = written.isascii() and written.isdigit() and len(written) < 10
    return int(written) if whole else None


@contextmanager
def told(request: HttpRequest, done: Any = "") -> Iterator[None]:
    """Tell the user what was done, or in one sentence why it could not be."""
    try:
        yield
    except CorpusError as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
