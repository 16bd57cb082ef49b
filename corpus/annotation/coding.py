"""Annotations: made, changed and deleted in a layer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from corpus.errors import AnnotationRefused
from corpus.models import Annotation, Assignment, Code, Layer, Scope, SourceDocument, Utterance
from corpus.spans import Span

#: Sent when a transaction that changed annotations is committed, with ``thread`` (its key).
annotations_changed = Signal()
#: Sent inside the transaction that changes what readers may find posts by, with ``threads``: keys
#: of threads with released layers.
codes_published = Signal()

#: A note is a remark, not a paper.
_NOTE = 10_000


@dataclass(frozen=True, slots=True)
class Coding:
    """What a coder says: these characters, this code. ``guid`` lets a request be repeated.

    Where the code is said of a thread, document and span are of no matter.
    """

    code: int
    document: int = 0
    start: int = 0
    end: int = 0
    note: str = ""
    unsure: bool = False
    guid: uuid.UUID | None = None


def annotate(
    layer: Layer, coding: Coding, *, version: int | None = None, moved: bool = False
) -> Annotation:
    """Store an annotation; the same request again returns the one that is there.

    Args:
        version: key of the codebook version that the coder saw.
        moved: allow a whole-post code where no post has these boundaries any more; it is then
            listed for review.

    Raises:
        AnnotationRefused: with the reason ``locked``, ``stale-version``, ``unknown-code``,
            ``retired-code`` or ``bad-span``.
    """
    with transaction.atomic():
        layer = _open(layer, version)
        if coding.guid is not None:
            known = layer.annotations.filter(guid=coding.guid).first()
            if known is not None:
                return known
            if Annotation.objects.filter(guid=coding.guid).exists():
                raise AnnotationRefused(_("The identifier is in use; take another."), "conflict")
        code = _code(layer, coding.code)
        document, span = _place(layer, coding, code, moved=moved)
        same = layer.annotations.filter(
            document=document, start=span.start, end=span.end, code=code
        ).first()
        if same is not None:
            return same
        made = Annotation.objects.create(
            guid=coding.guid or uuid.uuid4(),
            layer=layer,
            document=document,
            start=span.start,
            end=span.end,
            code=code,
            scope=code.scope,
            note=coding.note[:_NOTE],
            unsure=coding.unsure,
        )
        _follow(layer)
    return made


def change(
    annotation: Annotation, coding: Coding, *, revision: int, version: int | None = None
) -> Annotation:
    """Give an annotation another span, code, note or flag; ``revision`` is the one seen.

    A request that was carried out already is answered with what is there.

    Raises:
        AnnotationRefused: as :func:`annotate`; ``conflict`` if it was changed since, or if the
            same passage has the code already.
    """
    with transaction.atomic():
        layer = _open(annotation.layer, version)
        row = Annotation.objects.select_for_update().filter(pk=annotation.pk).first()
        if row is None:
            raise AnnotationRefused(_("The annotation was deleted; reload the page."), "not-found")
        wanted = _columns(layer, coding, row)
        if all(getattr(row, name) == value for name, value in wanted.items()):
            return row
        _check_change(row, wanted, revision)
        for name, value in wanted.items():
            setattr(row, name, value)
        row.revision += 1
        row.save()
        _follow(layer)
    return row


def delete(annotation: Annotation, *, version: int | None = None) -> None:
    """Take an annotation away."""
    with transaction.atomic():
        layer = _open(annotation.layer, version)
        annotation.delete()
        _follow(layer)


def copied(annotation: Annotation, layer: Layer, *, note: str, unsure: bool) -> Annotation:
    """Store the same span and code in another layer of the thread, wherever posts begin now."""
    with transaction.atomic():
        layer = _open(layer, annotation.layer.version_id)
        made, _new = Annotation.objects.get_or_create(
            layer=layer,
            document_id=annotation.document_id,
            start=annotation.start,
            end=annotation.end,
            code_id=annotation.code_id,
            defaults={"scope": annotation.scope, "note": note, "unsure": unsure},
        )
        _follow(layer)
    return made


def finish(assignment: Assignment, *, finished: bool = True) -> None:
    """State that an annotator is done with a thread, or is not after all."""
    from django.utils import timezone

    with transaction.atomic():
        layer = _open(assignment.layer, None, finished=True)
        begun = layer.annotations.exists()
        state = Assignment.State
        assignment.state = state.FINISHED if finished else state.BEGUN if begun else state.OPEN
        assignment.finished = timezone.now() if finished else None
        assignment.save(update_fields=["state", "finished"])


def changed(thread: int) -> None:
    """Tell those who follow annotations, once the transaction is committed."""
    transaction.on_commit(lambda: annotations_changed.send(sender=Annotation, thread=thread))


def _columns(layer: Layer, coding: Coding, row: Annotation) -> dict[str, Any]:
    """Return what an annotation is to be, checked."""
    code = _code(layer, coding.code, known=row.code_id)
    document, span = _place(layer, coding, code, known=row)
    return {
        "document_id": document.pk,
        "start": span.start,
        "end": span.end,
        "code_id": code.pk,
        "scope": code.scope,
        "note": coding.note[:_NOTE],
        "unsure": coding.unsure,
    }


def _check_change(row: Annotation, wanted: dict[str, Any], revision: int) -> None:
    if row.revision != revision:
        raise AnnotationRefused(
            _("The annotation was changed in another window; look at it again."), "conflict"
        )
    place = {name: wanted[name] for name in ("document_id", "start", "end", "code_id")}
    if row.layer.annotations.filter(**place).exclude(pk=row.pk).exists():
        code = Code.objects.get(pk=wanted["code_id"])
        raise AnnotationRefused(_("This passage has the code “%s” already.") % code, "conflict")


def _open(layer: Layer, version: int | None, *, finished: bool = False) -> Layer:
    """Return the layer, locked against others, if it may be changed."""
    layer = Layer.objects.select_for_update().get(pk=layer.pk)
    if layer.released:
        raise AnnotationRefused(
            _("These annotations are released and can no longer be changed."), "locked"
        )
    assignment = Assignment.objects.filter(layer=layer).first()
    if assignment and assignment.state == Assignment.State.FINISHED and not finished:
        raise AnnotationRefused(
            _("You stated that this thread is finished; take that back to go on."), "locked"
        )
    if version is not None and version != layer.version_id:
        raise AnnotationRefused(
            _("The thread is now coded with %s; reload the page.") % layer.version, "stale-version"
        )
    return layer


def _code(layer: Layer, key: int, *, known: int | None = None) -> Code:
    """Return a code to use; one that the annotation has already may be retired."""
    code = Code.objects.filter(pk=key).first()
    if code is None:
        raise AnnotationRefused(_("There is no such code; reload the page."), "unknown-code")
    if code.version_id != layer.version_id:
        raise AnnotationRefused(
            _("“%(code)s” is of %(other)s, but the thread is coded with %(version)s; reload the "
              "page.")
            % {"code": code, "other": code.version, "version": layer.version},
            "stale-version",
        )  # fmt: skip
    if code.retired and code.pk != known:
        raise AnnotationRefused(_("“%s” is retired; choose another code.") % code, "retired-code")
    return code


def _place(
    layer: Layer,
    coding: Coding,
    code: Code,
    *,
    known: Annotation | None = None,
    moved: bool = False,
) -> tuple[SourceDocument, Span]:
    documents = SourceDocument.objects.filter(thread=layer.thread_id)
    if code.scope == Scope.THREAD:
        first = documents.order_by("order").defer("text")[0]
        return first, Span(0, first.characters)
    document = documents.filter(pk=coding.document).first()
    if document is None:
        raise AnnotationRefused(
            _("Source document %s does not belong to the thread.") % coding.document, "bad-span"
        )
    if not 0 <= coding.start < coding.end <= document.characters:
        raise AnnotationRefused(
            _("Cannot code %(start)s–%(end)s: choose characters between 0 and %(characters)s.")
            % {"start": coding.start, "end": coding.end, "characters": document.characters},
            "bad-span",
        )
    span = Span(coding.start, coding.end)
    stays = known is not None and (known.document_id, known.span) == (document.pk, span)
    if code.scope == Scope.POST and not stays and not moved:
        _check_post(document, span)
    if not span.of(document.text).strip():
        raise AnnotationRefused(_("There are no words to code in this passage."), "bad-span")
    return document, span


def _check_post(document: SourceDocument, span: Span) -> None:
    posts = Utterance.objects.filter(document=document, start=span.start, end=span.end)
    if not posts.exists():
        raise AnnotationRefused(
            _("No post is %(start)s–%(end)s: its boundaries were moved; reload the page.")
            % {"start": span.start, "end": span.end},
            "bad-span",
        )


def _follow(layer: Layer) -> None:
    Assignment.objects.filter(layer=layer, state=Assignment.State.OPEN).update(
        state=Assignment.State.BEGUN
    )
    changed(layer.thread_id)
