"""The page of results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corpus.search.answers import LACKING, Answer, Capability, Order, SearchUnavailable
from corpus.search.language import QueryError, fields
from corpus.search.scanning import MOST
from forumimport.search.asked import ORDERS, Asked
from forumimport.search.facets import FACETS, divisions, values
from forumimport.search.results import results

PAGE = 20
#: Pages that can be turned to one by one; further down a download serves better.
_LAST = 500
#: Fewer posts found than this, and another spelling is suggested.
_FEW = 3

#: What the page's help says beside the fields.
HELP = [
    ("frost beans", gettext_lazy("both words, in any of their forms")),
    ('"late frost"', gettext_lazy("exactly these words, in this order")),
    ('"frost"', gettext_lazy("exactly this word, not its other forms")),
    ("frost OR hail", gettext_lazy("one of the words, or both; AND, OR and NOT in capitals")),
    ("frost NOT beans", gettext_lazy("the first word without the second; also written -beans")),
    ("(frost OR hail) beans", gettext_lazy("brackets keep together")),
    ("gard*", gettext_lazy("words that begin so; “?” stands for one letter, as in gr?y")),
    ("colour~", gettext_lazy("words that differ by one letter; colour~2 by two")),
    ('"frost beans"~5', gettext_lazy("these words near each other, at most five others between")),
    (
        "after:2004 before:2005-06",
        gettext_lazy("from 2004 on, and until before June 2005; known dates only"),
    ),
    ("in:quotes frost", gettext_lazy("quoted words only; in:all for own words and quoted ones")),
]


View = Callable[[HttpRequest], HttpResponseBase]


def told_if_unavailable(view: View) -> View:
    """Say on a page of its own that the index cannot be read, where it cannot."""

    @wraps(view)
    def told(request: HttpRequest) -> HttpResponseBase:
        try:
            return view(request)
        except SearchUnavailable as error:
            context = base_context(Asked(request)) | {"unavailable": str(error)}
            return render(request, "forumimport/search.html", context, status=503)

    return told


@told_if_unavailable
def search(request: HttpRequest) -> HttpResponse:
    """Answer with posts, or say what is wrong with the query."""
    asked = Asked(request)
    context = base_context(asked)
    if not asked:
        return render(request, "forumimport/search.html", context)
    try:
        question = asked.question
    except QueryError as error:
        return render(request, "forumimport/search.html", context | {"error": error})
    with asked.answerer.answer(question) as answer:
        context |= _found(asked, answer)
    return render(request, "forumimport/search.html", context)


def base_context(asked: Asked) -> dict[str, Any]:
    """Return what every search page shows, whatever was found."""
    return {
        "asked": asked,
        "query": asked.text,
        "help": [*HELP, *((f.example, f.meaning) for f in fields.values())],
        "orders": [
            (order.value, words, order is asked.order)
            for order, words in ORDERS.items()
            if order is not Order.RELEVANCE or Capability.RANKING in asked.answerer.capabilities
        ],
        "address": asked.changed(),
    }


def labels_of(asked: Asked, answer: Answer) -> dict[str, dict[Any, str]]:
    """Return the names of chosen values, as far as posts that could be found tell them."""
    return {
        facet.field: {count.value: count.label for count in values(answer, asked, facet)}
        for facet in FACETS
        if facet.label and facet.field in asked.chosen
    }


def notes(asked: Asked, answer: Answer) -> list[str]:
    """Return what may be missing from this answer, and why."""
    capabilities = asked.answerer.capabilities
    found: list[str] = []
    if Capability.KINDRED not in capabilities and asked.text:
        found.append(str(LACKING[Capability.KINDRED]))
    if not answer.is_indexed:
        found.append(_("No post is indexed yet. Posts are found as soon as they are."))
    if asked.question.without:
        found.append(_("Some posts are still to be indexed; until then they are missing here."))
    if not answer.whole:
        found.append(str(LACKING[Capability.WHOLE]) % {"count": MOST})
    return found


def page_notes(asked: Asked, pages: int) -> list[str]:
    """Return what to say to who asks for a page that there is not."""
    number = asked.number("page", 1)
    if number <= pages:
        return []
    return [
        _("There is no page %(number)s; this is the last one that can be turned to.")
        % {"number": number}
    ]


def turning(asked: Asked, number: int, pages: int) -> dict[str, Any]:
    """Return which page this is, and the addresses of those that can be turned to from it."""
    return {
        "number": number,
        "pages": pages,
        "first": asked.changed(page=None) if number > 2 else "",
        "previous": asked.changed(page=number - 1) if number > 1 else "",
        "next": asked.changed(page=number + 1) if number < pages else "",
        "last": asked.changed(page=pages) if number < pages - 1 else "",
    }


def _found(asked: Asked, answer: Answer) -> dict[str, Any]:
    pages = max(1, min(-(-answer.total // PAGE), _LAST))
    number = asked.number("page", 1, most=pages)
    numbers: Sequence[int] = answer.first(asked.order, number * PAGE)
    suggestion = answer.suggestion(asked.text) if answer.total < _FEW and asked.text else None
    return {
        "total": answer.total,
        "results": results(answer, numbers[(number - 1) * PAGE :]),
        "divisions": list(divisions(answer, asked)),
        "chips": list(asked.chips(labels_of(asked, answer))),
        "notes": [*notes(asked, answer), *page_notes(asked, pages)],
        **turning(asked, number, pages),
        "suggestion": suggestion,
        "suggestion_address": asked.changed(q=suggestion) if suggestion else "",
    }
