"""Pages for those who use annotations: passages by code, distribution, moved boundaries."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from corpus.addresses import address_of
from corpus.admin.annotation.pages import number, told
from corpus.annotation.permissions import collections_of
from corpus.annotation.reviewing import posts_under, settle, to_review
from corpus.annotation.using import Use, distributions, together, uses
from corpus.hiding import redacted_in
from corpus.models import Annotation, Code, Codebook, Layer, Role, Scope, SourceDocument, Utterance
from corpus.rendering import excerpt, reading_text
from corpus.spans import Span

_PAGE = 100
#: Characters shown before and after a passage.
_CONTEXT = 50
#: Speakers, threads and years that are told of each code.
_TOLD = 12


def watched_layers(request: HttpRequest) -> Any:
    """Return the layers of the collections that the user coordinates or adjudicates."""
    watched = collections_of(request.user, Role.COORDINATE, Role.ADJUDICATE)
    return Layer.objects.filter(thread__collection__in=watched)


def passages_page(admin: Any, request: HttpRequest, codebook: Codebook) -> HttpResponse:
    """List what is coded, by code, each with the way to its post."""
    layers, kind = _kind(request, codebook)
    wanted = request.GET.get("code", "")
    found = [
        use
        for use in uses(codebook, layers)
        if not wanted or wanted in (str(use.code.identity), str(use.annotation.code.identity))
    ]
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    return admin.page(
        request,
        "passages",
        {
            "title": _("Passages"),
            "codebook": codebook,
            "codes": [code for _depth, code in codebook.latest.tree()],
            "wanted": wanted,
            "kind": kind,
            "page": page,
            "passages": _shown(list(page)),
        },
    )


def use_page(admin: Any, request: HttpRequest, codebook: Codebook) -> HttpResponse:
    """Show with whom, where and when codes stand, and beside which others."""
    layers, kind = _kind(request, codebook)
    found = list(uses(codebook, layers))
    told_of = distributions(found)
    beside = together(found)
    codes = list(told_of)
    return admin.page(
        request,
        "use",
        {
            "title": _("Distribution"),
            "codebook": codebook,
            "kind": kind,
            "rows": [
                {
                    "code": code,
                    "count": one.count,
                    "authored": one.count - one.quoted,
                    "quoted": one.quoted,
                    "speakers": one.speakers.most_common(_TOLD),
                    "threads": one.threads.most_common(_TOLD),
                    "years": sorted(one.years.items())[:_TOLD],
                }
                for code, one in told_of.items()
            ],
            "codes": codes,
            "beside": _table(codes, beside),
        },
    )


def review_page(admin: Any, request: HttpRequest, codebook: Codebook) -> HttpResponse:
    """List codes of whole posts whose boundaries moved, and let each be settled."""
    layers = watched_layers(request).filter(version__codebook=codebook)
    if request.method == "POST":
        return _settle(request, codebook, layers)
    rows = list(islice(to_review(layers).in_order(), _PAGE))
    words = words_of(rows)
    return admin.page(
        request,
        "review",
        {
            "title": _("Moved boundaries"),
            "codebook": codebook,
            "rows": [(row, words[row.pk], _candidates(row)) for row in rows],
        },
    )


def _settle(request: HttpRequest, codebook: Codebook, layers: Any) -> HttpResponse:
    row = get_object_or_404(
        Annotation.objects.select_related("layer__thread"),
        pk=number(request.POST.get("annotation", "")),
        layer__in=layers,
    )
    judges = collections_of(request.user, Role.COORDINATE, Role.ADJUDICATE)
    if not judges.filter(pk=row.layer.thread.collection_id).exists():
        raise PermissionDenied
    chosen = list(filter(None, map(number, request.POST.getlist("post"))))
    with told(request, _("Settled.")):
        settle(row, Utterance.objects.filter(pk__in=chosen).order_by("start"))
    return HttpResponseRedirect(reverse("admin:corpus_annotation_review", args=[codebook.pk]))


def _kind(request: HttpRequest, codebook: Codebook) -> tuple[Any, str]:
    """Return the layers to look at: gold where there is any, unless the annotators' are asked."""
    layers = watched_layers(request).filter(version__codebook=codebook)
    kind = request.GET.get("layers", "")
    if kind not in Layer.Kind.values:
        gold = layers.filter(kind=Layer.Kind.GOLD, annotations__isnull=False).exists()
        kind = Layer.Kind.GOLD if gold else Layer.Kind.ANNOTATOR
    return layers.filter(kind=kind), str(kind)


def _table(
    codes: list[Code], beside: Counter[tuple[Code, Code]]
) -> list[tuple[Code, list[tuple[int, int, bool]]]]:
    most = max((n for (one, other), n in beside.items() if one != other), default=1)
    return [
        (
            one,
            [(beside[one, other], -(-5 * beside[one, other] // most), one == other)
             for other in codes],
        )
        for one in codes
    ]  # fmt: skip


def _shown(found: list[Use]) -> list[dict[str, Any]]:
    rows = [use.annotation for use in found]
    words, around = words_of(rows), _around(rows)
    return [
        {
            "use": use,
            "words": words[use.annotation.pk],
            "around": around[use.annotation.pk],
            "post": address_of(use.post) if use.post else "",
            "layer": reverse("admin:corpus_annotation_coding", args=[use.annotation.layer_id])
            + f"#annotation-{use.annotation.guid}",
        }
        for use in found
    ]


def words_of(rows: list[Annotation]) -> dict[int, str]:
    """Return the beginnings of what is coded, as readers may see it."""
    documents = {row.document_id for row in rows}
    texts = dict(SourceDocument.objects.filter(pk__in=documents).values_list("pk", "text"))
    hidden = redacted_in(documents)
    return {
        row.pk: _("whole thread")
        if row.scope == Scope.THREAD
        else excerpt(texts[row.document_id], row.span, hidden.get(row.document_id, ()), length=160)
        for row in rows
    }


def _around(rows: list[Annotation]) -> dict[int, tuple[str, str]]:
    """Return what stands before and after each coded passage, as readers may see it."""
    documents = {row.document_id for row in rows}
    texts = dict(SourceDocument.objects.filter(pk__in=documents).values_list("pk", "text"))
    hidden = redacted_in(documents)

    def read(row: Annotation, start: int, end: int) -> str:
        if row.scope != Scope.SPAN or start >= end:
            return ""
        redactions = hidden.get(row.document_id, ())
        return " ".join(reading_text(texts[row.document_id], Span(start, end), redactions).split())

    return {
        row.pk: (
            read(row, max(0, row.start - _CONTEXT), row.start),
            read(row, row.end, min(row.end + _CONTEXT, len(texts[row.document_id]))),
        )
        for row in rows
    }


def _candidates(row: Annotation) -> list[tuple[Utterance, str]]:
    hidden = redacted_in([row.document_id]).get(row.document_id, ())
    return [
        (post, excerpt(row.document.text, post.span, hidden, length=90))
        for post in posts_under(row)
    ]


PAGES = [
    ("passages/", passages_page, "passages"),
    ("use/", use_page, "use"),
    ("review/", review_page, "review"),
]
