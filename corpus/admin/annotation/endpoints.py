"""The JSON endpoints of the coding page.

All below ``admin/corpus/assignment/layer/<layer>/``; for staff with the layer's session and CSRF
token (header ``X-CSRFToken``). Offsets are code points of the source document, half-open.

``GET annotations/``
    ``{"version": 3, "annotations": [row, …]}``; a row is ``{"guid", "document", "start", "end",
    "code", "scope", "note", "unsure", "revision"}``.
``POST annotations/``
    ``{"version", "guid", "document", "start", "end", "code", "note"?, "unsure"?}`` → 201 and the
    row. The same ``guid`` again answers with the row that is there.
``PATCH annotations/<guid>/``
    The same fields and ``"revision"`` as seen → 200 and the row.
``DELETE annotations/<guid>/?version=3``
    → 204; so too if it is gone already.
``GET annotations/<guid>/suggestions/``
    ``{"suggestions": [{"document", "start", "end", "quoted"}, …]}``

Refusals are ``{"error": sentence, "reason": word}``: 400 ``bad-request``, ``bad-span``,
``unknown-code``, ``retired-code``; 404 ``not-found`` (no such layer for this user); 409
``stale-version``, ``conflict``, ``locked``.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corpus.annotation.adjudicating import decide, revise, take_back
from corpus.annotation.coding import Coding, annotate, change, delete
from corpus.annotation.permissions import layers_seen_by, layers_written_by
from corpus.annotation.suggesting import suggestions
from corpus.errors import AnnotationRefused
from corpus.models import Annotation, Layer

_STATUS = {"stale-version": 409, "conflict": 409, "locked": 409, "not-found": 404}
#: The body of one annotation, with a long note.
_BODY = 100_000

View = Callable[..., HttpResponse]


def row(annotation: Annotation) -> dict[str, Any]:
    return {
        "guid": str(annotation.guid),
        "document": annotation.document_id,
        "start": annotation.start,
        "end": annotation.end,
        "code": annotation.code_id,
        "scope": annotation.scope,
        "note": annotation.note,
        "unsure": annotation.unsure,
        "revision": annotation.revision,
    }


def answering(view: View) -> View:
    """Answer refusals as JSON, and keep answers out of caches."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(*args, **kwargs)
        except AnnotationRefused as refusal:
            status = _STATUS.get(refusal.reason, 400)
            response = JsonResponse(
                {"error": str(refusal), "reason": refusal.reason}, status=status
            )
        response["Cache-Control"] = "no-store"
        return response

    return answer


@answering
def layer_rows(request: HttpRequest, layer: int) -> HttpResponse:
    return _rows(request, layer)


@answering
def layer_row(request: HttpRequest, layer: int, guid: uuid.UUID) -> HttpResponse:
    return _one(request, layer, guid)


@answering
def suggested(request: HttpRequest, layer: int, guid: uuid.UUID) -> HttpResponse:
    found = _found(_layer(request, layer), guid)
    places = [
        {
            "document": place.document,
            "start": place.span.start,
            "end": place.span.end,
            "quoted": place.quoted,
        }
        for place in suggestions(found)
    ]
    return JsonResponse({"suggestions": places})


@require_http_methods(["GET", "POST"])
def _rows(request: HttpRequest, key: int) -> HttpResponse:
    if request.method == "GET":
        layer = _layer(request, key)
        rows = [row(one) for one in layer.annotations.in_order()]
        return JsonResponse({"version": layer.version_id, "annotations": rows})
    layer = _layer(request, key, write=True)
    body = _body(request)
    wanted = _coding(body)
    if layer.kind == Layer.Kind.GOLD:
        _version(layer, body)
        made = decide([], layer, wanted, user=request.user).annotation
        assert made is not None
    else:
        made = annotate(layer, wanted, version=_whole(body, "version"))
    return JsonResponse(row(made), status=201)


@require_http_methods(["PATCH", "DELETE"])
def _one(request: HttpRequest, key: int, guid: uuid.UUID) -> HttpResponse:
    layer = _layer(request, key, write=True)
    if request.method == "DELETE":
        gone = layer.annotations.filter(guid=guid).first()
        version = _whole(dict(request.GET.items()), "version")
        if gone is not None and layer.kind == Layer.Kind.GOLD:
            take_back(gone, user=request.user)
        elif gone is not None:
            delete(gone, version=version)
        return HttpResponse(status=204)
    body, found = _body(request), _found(layer, guid)
    wanted, revision = _coding(body), _whole(body, "revision")
    if layer.kind == Layer.Kind.GOLD:
        _version(layer, body)
        return JsonResponse(row(revise(found, wanted, revision=revision, user=request.user)))
    version = _whole(body, "version")
    return JsonResponse(row(change(found, wanted, revision=revision, version=version)))


def _layer(request: HttpRequest, key: int, *, write: bool = False) -> Layer:
    seen = layers_written_by(request.user) if write else layers_seen_by(request.user)
    layer = seen.select_related("version", "thread").filter(pk=key).first()
    if layer is None:
        raise AnnotationRefused(_("There is no such layer, or it is not yours."), "not-found")
    return layer


def _found(layer: Layer, guid: uuid.UUID) -> Annotation:
    found = layer.annotations.select_related("layer").filter(guid=guid).first()
    if found is None:
        raise AnnotationRefused(_("The annotation was deleted; reload the page."), "not-found")
    return found


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        if len(request.body) > _BODY:
            raise ValueError
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise _malformed() from None
    if not isinstance(body, dict):
        raise _malformed()
    return body


def _coding(body: dict[str, Any]) -> Coding:
    note, unsure = body.get("note", ""), body.get("unsure", False)
    try:
        guid = uuid.UUID(body["guid"]) if body.get("guid") else None
    except (ValueError, AttributeError, TypeError):
        raise _malformed() from None
    if not isinstance(note, str) or "\0" in note or not isinstance(unsure, bool):
        raise _malformed()
    return Coding(
        _whole(body, "code"),
        _whole(body, "document"),
        _whole(body, "start"),
        _whole(body, "end"),
        note,
        unsure,
        guid,
    )


def _whole(body: dict[str, Any], name: str) -> int:
    """Return a whole number of the request that a database can hold."""
    value = body.get(name)
    try:
        if isinstance(value, bool | float):
            raise ValueError
        number = int(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise _malformed() from None
    return max(-1, min(number, 2**31 - 1))


def _version(layer: Layer, body: dict[str, Any]) -> None:
    if _whole(body, "version") != layer.version_id:
        raise AnnotationRefused(
            _("The thread is now coded with %s; reload the page.") % layer.version, "stale-version"
        )


def _malformed() -> AnnotationRefused:
    return AnnotationRefused(
        _("The request is no annotation: see corpus.admin.annotation.endpoints."), "bad-request"
    )
