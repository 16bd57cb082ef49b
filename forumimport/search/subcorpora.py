"""Saving a query as a subcorpus, and the list of those that a visitor may use."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corpus.errors import CorpusError
from corpus.search import subcorpora
from forumimport.search.asked import Asked


def listed(request: HttpRequest) -> HttpResponse:
    """Show the visitor's subcorpora and those that others share."""
    rows = [
        {"row": row, "own": row.owner_id == request.user.pk, "query": f"subcorpus:{row.name}"}
        for row in subcorpora.usable(request.user)
    ]
    return render(request, "forumimport/subcorpora.html", {"rows": rows})


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
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    subcorpora.delete(request.user, pk)
    return redirect("forumimport:subcorpora")
