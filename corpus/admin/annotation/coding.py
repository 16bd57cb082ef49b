"""The page on which a thread is coded."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from corpus.admin.annotation.endpoints import row
from corpus.annotation import guidelines
from corpus.annotation.palette import RESERVED_KEYS
from corpus.annotation.permissions import layers_seen_by, layers_written_by
from corpus.annotation.transcript import posts_of
from corpus.models import Assignment, Code, Layer


def shown_layer(request: HttpRequest, key: int) -> Layer:
    """Return a layer that the user may read, or no such page."""
    seen = layers_seen_by(request.user).select_related("thread", "version__codebook")
    layer = seen.filter(pk=key).first()
    if layer is None:
        raise Http404
    return layer


def context(request: HttpRequest, layer: Layer) -> dict[str, Any]:
    """Return what the page shows, and under ``coding`` what its script needs."""
    assignment = Assignment.objects.filter(layer=layer).first()
    finished = assignment is not None and assignment.state == Assignment.State.FINISHED
    writable = layers_written_by(request.user).filter(pk=layer.pk).exists()
    own = assignment is not None and layer.author_id == request.user.pk
    codes = list(layer.version.tree())
    return {
        "title": layer.thread.title,
        "layer": layer,
        "assignment": assignment,
        "finished": finished,
        "may_finish": writable and own and not layer.released,
        "posts": list(posts_of(layer.thread)),
        "codes": [(range(depth), code) for depth, code in codes],
        "guidelines": guidelines.html(layer.version.guidelines),
        "coding": {
            "annotations": [row(one) for one in layer.annotations.in_order()],
            "codes": [_code(code) for _depth, code in codes],
            "version": layer.version_id,
            "layer": layer.pk,
            "user": request.user.pk,
            "readonly": layer.released or finished or not writable,
            "address": reverse("admin:corpus_annotation_rows", args=[layer.pk]),
            "reserved": sorted(RESERVED_KEYS),
            "words": _words(),
        },
    }


def _code(code: Code) -> dict[str, Any]:
    return {
        "pk": code.pk,
        "name": code.name,
        "key": code.key,
        "scope": code.scope,
        "style": f"{code.colour}-{code.line}",
        "retired": code.retired,
    }


def _words() -> dict[str, str]:
    """Return the sentences of the script; ``{name}`` is filled in there."""
    return {
        "saved": _("All changes are saved."),
        "saving": _("Saving…"),
        "waiting": _(
            "No connection: {n} change(s) wait in this browser and are sent when it returns."
        ),
        "loggedOut": _(
            "You are logged out: {n} change(s) wait in this browser. Log in again in another "
            "window, then press “Try again”."
        ),
        "full": _("This browser cannot keep waiting changes: do not close the page."),
        "refused": _("Not saved: {error}"),
        "selectFirst": _("Select words first, then press the key of “{code}”."),
        "coded": _("“{code}”: {words}"),
        "deleted": _("Deleted “{code}”."),
        "changed": _("Changed “{code}”."),
        "noneLeft": _("Every post is coded."),
        "progress": _("{n} of {all} posts coded"),
        "found": _("{at} of {n} found"),
        "nothing": _("Nothing found"),
        "wholePost": _("whole post"),
        "wholeThread": _("whole thread"),
        "unsure": _("unsure"),
        "noted": _("note"),
        "quoted": _("quoted in post {post}: {words}"),
        "again": _("again in post {post}: {words}"),
        "apply": _("Code this too"),
        "editing": _("New ends for “{code}”: press Enter to set them, Escape to leave them."),
        "selected": _("Selected: {words}"),
        "readonly": _("These annotations are to be read only."),
    }
