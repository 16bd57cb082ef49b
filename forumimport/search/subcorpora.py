"""Saving a query as a subcorpus, and the list of those that a visitor may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corpus.errors import CorpusError
from corpus.models import Subcorpus
from corpus.search import subcorpora
from forumimport.search.asked import Asked
from forumimport.search.facets import FACETS
from forumimport.search.views import told_if_unavailable


@dataclass(frozen=True, slots=True)
class Saved:
    """A subcorpus as the list shows it to one visitor."""

    row: Subcorpus
    own: bool
    #: What was chosen beside the query, each facet with its values.
    chosen: list[tuple[str | Promise, str]]

    @property
    def query(self) -> str:
        return f"subcorpus:{self.row.name}"


@told_if_unavailable
def listed(request: HttpRequest) -> HttpResponse:
    """Show the visitor's subcorpora and those that others share."""
    rows = list(subcorpora.usable(request.user))
    names = _names(request, {field for row in rows for field in row.chosen})
    saved = [Saved(row, row.owner_id == request.user.pk, _chosen(row, names)) for row in rows]
    return render(
        request,
        "forumimport/subcorpora.html",
        {"rows": saved, "may_share": request.user.has_perm("corpus.share_subcorpus")},
    )


def _chosen(row: Subcorpus, names: dict[str, dict[Any, str]]) -> list[tuple[str | Promise, str]]:
    """Return what was chosen in words. A forum or thread that is gone, or that the visitor may
    not read, is not named, and finds nothing."""
    found = []
    for facet in FACETS:
        values = row.chosen.get(facet.field, ())
        known = names.get(facet.field)
        words = [
            _("one that is gone or not open to you")
            if known is not None and value not in known
            else facet.words(value, known[value] if known else "")
            for value in values
        ]
        if words:
            found.append((facet.title, ", ".join(words)))
    return found


def _names(request: HttpRequest, fields: set[str]) -> dict[str, dict[Any, str]]:
    """Return the names of the forums and threads that the visitor may read, by field."""
    named = [facet for facet in FACETS if facet.label and facet.field in fields]
    if not named:
        return {}
    asked = Asked(request)
    with asked.answerer.answer(asked.question) as answer:
        return {
            facet.field: {
                count.value: count.label for count in answer.counts(facet.field, facet.label)
            }
            for facet in named
        }


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save what a page of results asks; the form is on that page and sends its address along."""
    asked = Asked(request)
    name = request.POST.get("name", "").strip()
    shared = request.POST.get("shared") == "on"
    query = asked.text
    if asked.quotations and "in:" not in query:
        query = f"{query} in:all"
    try:
        subcorpora.save(request.user, name, query, asked.chosen, shared=shared)
    except CorpusError as error:
        messages.error(request, str(error))
        return redirect(reverse("forumimport:search") + asked.changed())
    messages.success(
        request,
        _("Saved. Write subcorpus:%(name)s in a query to search in it.") % {"name": name},
    )
    return redirect("forumimport:subcorpora")


@login_required
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename one of the visitor's own subcorpora, share it or share it no longer."""
    subcorpus = get_object_or_404(
        Subcorpus.objects.select_related("owner"), pk=pk, owner=request.user.pk
    )
    name = request.POST.get("name", subcorpus.name).strip()
    try:
        if name != subcorpus.name:
            subcorpora.rename(subcorpus, name)
        if "share" in request.POST:
            subcorpora.share(subcorpus, request.POST["share"] == "on", by=request.user)
    except CorpusError as error:
        messages.error(request, str(error))
    return redirect("forumimport:subcorpora")


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    subcorpora.delete(request.user, pk)
    return redirect("forumimport:subcorpora")
