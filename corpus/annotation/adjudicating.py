"""The gold layer: what an adjudicator makes of the annotators' layers, and who decided what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from corpus.annotation.coding import Coding, annotate, change, copied, delete
from corpus.annotation.people import name_of
from corpus.errors import AnnotationRefused
from corpus.models import Annotation, CodebookVersion, Decision, Layer, Thread


def gold_layer(thread: Thread, version: CodebookVersion, *, user: Any = None) -> Layer:
    """Return the gold layer of a thread; whoever begins it is its author."""
    layer, _new = Layer.objects.get_or_create(
        thread=thread,
        version=version,
        kind=Layer.Kind.GOLD,
        defaults={"author": user, "author_name": name_of(user)},
    )
    return layer


def take(annotation: Annotation, *, user: Any, note: str = "") -> Decision:
    """Take an annotator's annotation over as it is."""
    return _decide(_alike(annotation), _as_is(annotation), user=user, note=note)


def merge(annotations: Sequence[Annotation], *, user: Any, note: str = "") -> Decision:
    """Make one of several with the same code: from the first character to the last."""
    if len({(one.code_id, one.document_id, one.layer.thread_id) for one in annotations}) != 1:
        raise AnnotationRefused(
            _("Only annotations of the same text with the same code can be merged.")
        )
    first = min(annotations, key=lambda one: one.span)
    wanted = Coding(
        first.code_id,
        first.document_id,
        first.start,
        max(one.end for one in annotations),
        "\n".join(one.note for one in annotations if one.note),
        all(one.unsure for one in annotations),
    )
    kind = Decision.Kind.MERGED if len(annotations) > 1 else Decision.Kind.TAKEN
    return _decide(annotations, wanted, user=user, note=note, kind=kind)


def decide(
    seen: Sequence[Annotation], layer: Layer, wanted: Coding, *, user: Any, note: str = ""
) -> Decision:
    """Decide anew, having seen the annotations; ``layer`` is the gold layer."""
    with transaction.atomic():
        made = annotate(layer, wanted)
        return _record(layer, made, seen, (Decision.Kind.ANEW, user, note))


def revise(annotation: Annotation, wanted: Coding, *, revision: int, user: Any) -> Annotation:
    """Change an annotation of the gold layer; what it was and became is kept."""
    with transaction.atomic():
        before = _told(annotation)
        made = change(annotation, wanted, revision=revision)
        decision = _record(made.layer, made, [], (Decision.Kind.ANEW, user, ""))
        decision.seen = [before]
        decision.save(update_fields=["seen"])
    return made


def reject(annotation: Annotation, *, user: Any, note: str = "") -> Decision:
    """Decide that an annotation does not stand; its copy in the gold layer goes."""
    with transaction.atomic():
        gold = gold_layer(annotation.layer.thread, annotation.layer.version, user=user)
        same = gold.annotations.filter(
            document=annotation.document_id,
            start=annotation.start,
            end=annotation.end,
            code=annotation.code_id,
        )
        for copy in same:
            delete(copy)
        return _record(gold, None, _alike(annotation), (Decision.Kind.REJECTED, user, note))


def take_back(annotation: Annotation, *, user: Any, note: str = "") -> Decision:
    """Take an annotation out of the gold layer again; that, too, is kept."""
    with transaction.atomic():
        layer = annotation.layer
        if layer.kind != Layer.Kind.GOLD:
            raise AnnotationRefused(_("This annotation is not in the gold layer."))
        decision = _record(layer, None, [annotation], (Decision.Kind.REJECTED, user, note))
        delete(annotation)
    return decision


def take_agreed(thread: Thread, version: CodebookVersion, *, user: Any) -> int:
    """Take over what all annotators said alike and nobody decided on yet; return how much."""
    layers = Layer.objects.filter(thread=thread, version=version, kind=Layer.Kind.ANNOTATOR)
    coders = layers.count()
    if coders < 2:
        raise AnnotationRefused(_("Fewer than two annotators coded this thread."))
    said: dict[tuple[int, int, int, int], list[Annotation]] = {}
    rows = Annotation.objects.filter(layer__in=layers).select_related("layer__thread", "code")
    for row in rows.order_by("layer"):
        said.setdefault((row.document_id, row.start, row.end, row.code_id), []).append(row)
    with transaction.atomic():
        gold = gold_layer(thread, version, user=user)
        decided = decided_on(gold)
        alike = [
            same
            for same in said.values()
            if len(same) == coders and not any(one.pk in decided for one in same)
        ]
        for same in alike:
            _decide(same, _as_is(same[0]), user=user)
    return len(alike)


def decided_on(gold: Layer) -> set[int]:
    """Return the keys of the annotations that decisions of a gold layer were about."""
    decisions = gold.decisions.values_list("seen", flat=True)
    return {seen["annotation"] for decision in decisions for seen in decision}


def _alike(annotation: Annotation) -> list[Annotation]:
    """Return it with what the other annotators said alike: they are decided on together."""
    rows = Annotation.objects.filter(
        layer__thread=annotation.layer.thread_id,
        layer__version=annotation.layer.version_id,
        layer__kind=Layer.Kind.ANNOTATOR,
        document=annotation.document_id,
        start=annotation.start,
        end=annotation.end,
        code=annotation.code_id,
    )
    return list(rows.select_related("layer__thread", "layer__version", "code").order_by("layer"))


def _as_is(annotation: Annotation) -> Coding:
    return Coding(
        annotation.code_id,
        annotation.document_id,
        annotation.start,
        annotation.end,
        annotation.note,
        annotation.unsure,
    )


def _decide(
    seen: Sequence[Annotation],
    wanted: Coding,
    *,
    user: Any,
    note: str = "",
    kind: str = Decision.Kind.TAKEN,
) -> Decision:
    layer = seen[0].layer
    with transaction.atomic():
        gold = gold_layer(layer.thread, layer.version, user=user)
        kept = gold.annotations.filter(
            document=wanted.document, start=wanted.start, end=wanted.end, code=wanted.code
        ).first()
        # A post whose boundaries moved since it was coded can be taken over all the same.
        made = kept or _stored(gold, seen[0], wanted)
        return _record(gold, made, seen, (kind, user, note))


def _stored(gold: Layer, like: Annotation, wanted: Coding) -> Annotation:
    if (wanted.start, wanted.end) != (like.start, like.end) or gold.released:
        return annotate(gold, wanted)
    return copied(like, gold, note=wanted.note, unsure=wanted.unsure)


def _record(
    layer: Layer,
    made: Annotation | None,
    seen: Sequence[Annotation],
    decided: tuple[str, Any, str],
) -> Decision:
    kind, user, note = decided
    return Decision.objects.create(
        layer=layer,
        annotation=made,
        kind=kind,
        seen=[_told(annotation) for annotation in seen],
        made=_told(made) if made else {},
        note=note,
        user=user,
        user_name=name_of(user),
    )


def _told(annotation: Annotation) -> dict[str, Any]:
    return {
        "annotation": annotation.pk,
        "author": annotation.layer.author_name,
        "code": annotation.code.name,
        "document": annotation.document_id,
        "start": annotation.start,
        "end": annotation.end,
    }
