"""Codes of whole posts whose post has other boundaries now: listed, and settled by a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from corpus.annotation.coding import changed
from corpus.errors import AnnotationRefused
from corpus.models import Annotation, Layer, Utterance
from corpus.models.annotation import AnnotationQuerySet


def to_review(layers: QuerySet[Layer]) -> AnnotationQuerySet:
    """Return the annotations of whole posts that no longer are exactly one post."""
    rows = Annotation.objects.cut().filter(layer__in=layers)
    return rows.select_related("layer__thread", "code", "document").defer("document__text")


def posts_under(annotation: Annotation) -> list[Utterance]:
    """Return the posts that hold characters of what was coded, in order."""
    rows = Utterance.objects.filter(
        document=annotation.document_id, start__lt=annotation.end, end__gt=annotation.start
    )
    return list(rows.order_by("start"))


def settle(annotation: Annotation, posts: Iterable[Utterance]) -> Sequence[Annotation]:
    """State of which of today's posts the code is said: one, several, or none.

    The annotation goes on the first, the others get copies; with none it is deleted. The one
    change of annotations that curation causes, and a person makes it.
    """
    chosen = list(posts)
    allowed = {post.pk for post in posts_under(annotation)}
    if any(post.pk not in allowed for post in chosen):
        raise AnnotationRefused(_("Choose among the posts that hold the coded words."), "bad-span")
    with transaction.atomic():
        row = Annotation.objects.select_for_update().get(pk=annotation.pk)
        settled = [_placed(row, post) for post in chosen]
        if row.pk not in {one.pk for one in settled}:
            row.delete()
        changed(annotation.layer.thread_id)
    return settled


def _placed(annotation: Annotation, post: Utterance) -> Annotation:
    """Return the annotation of exactly this post with the code: there already, moved or made."""
    known = Annotation.objects.filter(
        layer=annotation.layer_id,
        document=post.document_id,
        start=post.start,
        end=post.end,
        code=annotation.code_id,
    ).first()
    if known is not None:
        return known
    if Annotation.objects.cut().filter(pk=annotation.pk).exists():
        annotation.start, annotation.end = post.start, post.end
        annotation.revision += 1
        annotation.save()
        return annotation
    return Annotation.objects.create(
        layer_id=annotation.layer_id,
        document_id=post.document_id,
        start=post.start,
        end=post.end,
        code_id=annotation.code_id,
        scope=annotation.scope,
        note=annotation.note,
        unsure=annotation.unsure,
    )
