"""The pages on which annotators' layers are held side by side and the gold layer is made."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from corpus.admin.annotation.analysis import words_of
from corpus.admin.annotation.pages import number, told
from corpus.annotation.adjudicating import (
    decided_on,
    gold_layer,
    merge,
    reject,
    take,
    take_agreed,
    take_back,
)
from corpus.annotation.assigning import release
from corpus.annotation.permissions import collections_of, may
from corpus.annotation.transcript import Post, posts_of
from corpus.errors import AnnotationRefused
from corpus.models import (
    Annotation,
    Codebook,
    CodebookVersion,
    Layer,
    Role,
    Scope,
    Thread,
)

_LISTED = 500


def list_page(admin: Any, request: HttpRequest, codebook: Codebook) -> HttpResponse:
    """List the threads that annotators coded, with how far the gold layer is."""
    judged = collections_of(request.user, Role.ADJUDICATE)
    annotators = Q(layers__kind=Layer.Kind.ANNOTATOR, layers__version__codebook=codebook)
    gold = Q(layers__kind=Layer.Kind.GOLD, layers__version__codebook=codebook)
    finished = annotators & Q(layers__assignment__state="finished")
    threads = (
        Thread.objects.filter(collection__in=judged)
        .annotate(
            coders=Count("layers", filter=annotators, distinct=True),
            finished=Count("layers", filter=finished, distinct=True),
            settled=Count("layers__annotations", filter=gold, distinct=True),
        )
        .filter(coders__gt=0)
        .order_by("pk")
    )
    context = {
        "title": _("Adjudication"),
        "codebook": codebook,
        "threads": threads[:_LISTED],
        "may": may(request.user, Role.ADJUDICATE),
    }
    return admin.page(request, "adjudication", context)


def thread_page(admin: Any, request: HttpRequest, codebook: Codebook, thread: int) -> HttpResponse:
    """Show what all said of a thread, post by post, and carry out what is decided."""
    row = get_object_or_404(Thread.objects.select_related("collection"), pk=thread)
    if not may(request.user, Role.ADJUDICATE, row.collection):
        raise PermissionDenied
    version = _version(codebook, row)
    if request.method == "POST":
        return _decide(request, codebook, row, version)
    layers = list(_layers(row, version).order_by("author_name", "pk"))
    gold = Layer.objects.filter(thread=row, version=version, kind=Layer.Kind.GOLD).first()
    said = list(
        Annotation.objects.filter(layer__in=[*layers, *([gold] if gold else [])])
        .select_related("code", "layer")
        .in_order()
    )
    decided = decided_on(gold) if gold else set()
    words = words_of(said)

    def side_by_side(found: list[Annotation]) -> list[dict[str, Any]]:
        return [
            proposal | {"words": words[proposal["one"].pk]}
            for proposal in _proposals(found, layers, decided)
        ]

    return admin.page(
        request,
        "adjudicate",
        {
            "title": _("Adjudicate “%s”") % row,
            "codebook": codebook,
            "thread": row,
            "version": version,
            "layers": layers,
            "gold": gold,
            "released": all(layer.released for layer in [*layers, *filter(None, [gold])]),
            "may_release": may(request.user, Role.COORDINATE, row.collection),
            "of_thread": side_by_side([one for one in said if one.scope == Scope.THREAD]),
            "posts": [(post, side_by_side(_of_post(said, post))) for post in posts_of(row)],
            "decisions": gold.decisions.order_by("-pk")[:_LISTED] if gold else [],
        },
    )


def _version(codebook: Codebook, thread: Thread) -> CodebookVersion:
    """Return the latest version that the thread was coded with."""
    version = codebook.versions.filter(layers__thread=thread).order_by("-number").first()
    if version is None:
        raise Http404
    return version


def _layers(thread: Thread, version: CodebookVersion) -> Any:
    return Layer.objects.filter(thread=thread, version=version, kind=Layer.Kind.ANNOTATOR)


def _of_post(said: list[Annotation], post: Post) -> list[Annotation]:
    """Return what begins in the post."""
    utterance = post.utterance
    return [
        one
        for one in said
        if one.scope != Scope.THREAD
        and one.document_id == utterance.document_id
        and utterance.start <= one.start < utterance.end
    ]


def _proposals(
    said: list[Annotation], layers: list[Layer], decided: set[int]
) -> list[dict[str, Any]]:
    """Return each span and code that anybody said, with who did and what was decided."""
    grouped: dict[tuple[int, int, int, int], list[Annotation]] = {}
    for one in said:
        grouped.setdefault((one.document_id, one.start, one.end, one.code_id), []).append(one)
    proposals = []
    for same in grouped.values():
        by_layer = {one.layer_id: one for one in same}
        gold = next((one for one in same if one.layer.kind == Layer.Kind.GOLD), None)
        others = [one for one in same if one is not gold]
        proposals.append(
            {
                "one": same[0],
                "by": [by_layer.get(layer.pk) for layer in layers],
                "gold": gold,
                "source": others[0] if others else None,
                "decided": gold is not None or any(one.pk in decided for one in others),
            }
        )
    return proposals


def _decide(
    request: HttpRequest, codebook: Codebook, thread: Thread, version: CodebookVersion
) -> HttpResponse:
    address = reverse("admin:corpus_annotation_adjudicate", args=[codebook.pk, thread.pk])
    with told(request):
        if "anew" in request.POST:
            layer = gold_layer(thread, version, user=request.user)
            address = reverse("admin:corpus_annotation_coding", args=[layer.pk])
        elif not _decide_on_thread(request, thread, version):
            _decide_on_place(request, thread, version)
    anchor = request.POST.get("anchor", "")
    return HttpResponseRedirect(f"{address}#post-{anchor}" if number(anchor) else address)


def _decide_on_thread(request: HttpRequest, thread: Thread, version: CodebookVersion) -> bool:
    """Do what is asked for the whole thread; tell whether anything is."""
    if "agreed" in request.POST:
        take_agreed(thread, version, user=request.user)
    elif "release" in request.POST:
        if not may(request.user, Role.COORDINATE, thread.collection):
            raise PermissionDenied
        release(Layer.objects.filter(thread=thread, version=version))
    else:
        return False
    return True


def _decide_on_place(request: HttpRequest, thread: Thread, version: CodebookVersion) -> None:
    post, user, note = request.POST, request.user, request.POST.get("note", "")[:2000]
    here = Annotation.objects.filter(layer__thread=thread, layer__version=version)
    here = here.select_related("layer__version", "layer__thread", "code")
    said = here.filter(layer__kind=Layer.Kind.ANNOTATOR)
    if "take" in post:
        take(_one(said, post["take"]), user=user, note=note)
    elif "reject" in post:
        reject(_one(said, post["reject"]), user=user, note=note)
    elif "back" in post:
        take_back(
            _one(here.filter(layer__kind=Layer.Kind.GOLD), post["back"]), user=user, note=note
        )
    elif "merge" in post:
        chosen = list(said.filter(pk__in=filter(None, map(number, post.getlist("chosen")))))
        if not chosen:
            raise AnnotationRefused(_("Choose what is to be merged."))
        merge(chosen, user=user, note=note)


def _one(rows: Any, key: str) -> Annotation:
    found: Annotation | None = rows.filter(pk=number(key)).first()
    if found is None:
        raise AnnotationRefused(_("This annotation is gone; look at the thread again."))
    return found


PAGES = [
    ("adjudication/", list_page, "adjudication"),
    ("adjudicate/<int:thread>/", thread_page, "adjudicate"),
]
