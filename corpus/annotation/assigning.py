"""Threads given to annotators, taken back, moved to another version, released."""

from __future__ import annotations

from collections.abc import Collection as Sized
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corpus.annotation.choosing import Share, shared_out
from corpus.annotation.coding import changed, codes_published
from corpus.annotation.editing import in_version
from corpus.annotation.people import name_of
from corpus.annotation.permissions import may
from corpus.errors import AnnotationRefused
from corpus.models import Annotation, Assignment, CodebookVersion, Layer, Role, Thread


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is to code with what, how shared; ``how`` says for the record how threads were chosen."""

    version: CodebookVersion
    annotators: Sequence[Any]
    share: Share = field(default_factory=Share)
    seed: int = 0
    how: str = ""


def assign(threads: Iterable[Thread], plan: Plan, *, user: Any = None) -> list[Assignment]:
    """Give threads to annotators; what an annotator has already is left as it is.

    Raises:
        AnnotationRefused: too few annotators, or one who may not annotate in the collection.
    """
    chosen = {thread.pk: thread for thread in threads}
    _check(list(chosen.values()), plan)
    people = {person.pk: person for person in plan.annotators}
    made = []
    with transaction.atomic():
        for given in shared_out(list(chosen), list(people), plan.share, seed=plan.seed):
            author = people[given.annotator]
            layer, new = Layer.objects.get_or_create(
                thread=chosen[given.thread],
                version=plan.version,
                kind=Layer.Kind.ANNOTATOR,
                author=author,
                defaults={"author_name": name_of(author)},
            )
            if new or not Assignment.objects.filter(layer=layer).exists():
                made.append(
                    Assignment.objects.create(
                        layer=layer, overlap=given.overlap, user=user, how=plan.how[:500]
                    )
                )
    return made


def withdraw(assignment: Assignment) -> None:
    """Take an assignment back that nothing was coded for."""
    with transaction.atomic():
        layer = Layer.objects.select_for_update().get(pk=assignment.layer_id)
        if layer.annotations.exists():
            raise AnnotationRefused(
                _("%s has coded in this thread already; the assignment stays.") % layer.author_name
            )
        layer.delete()


def adopt(layers: QuerySet[Layer], version: CodebookVersion) -> int:
    """Let layers go on with another version of their codebook; return how many did.

    Every annotation keeps its code, as it stands in that version.
    """
    moved = 0
    with transaction.atomic():
        for layer in layers.select_for_update().select_related("version"):
            if layer.version_id == version.pk or layer.released:
                continue
            if layer.version.codebook_id != version.codebook_id:
                raise AnnotationRefused(_("%s is another codebook.") % version)
            _check_free(layer, version)
            for annotation in layer.annotations.select_related("code"):
                code = in_version(annotation.code, version)
                Annotation.objects.filter(pk=annotation.pk).update(code=code)
            Layer.objects.filter(pk=layer.pk).update(version=version)
            changed(layer.thread_id)
            moved += 1
    return moved


def release(layers: QuerySet[Layer]) -> int:
    """Show layers to the other annotators of their threads; they are changed no more."""
    keys = list(layers.filter(released=False).values_list("pk", "thread"))
    with transaction.atomic():
        Layer.objects.filter(pk__in=[key for key, _thread in keys]).update(released=True)
        threads = {thread for _key, thread in keys}
        for thread in threads:
            changed(thread)
        codes_published.send(sender=Layer, threads=threads)
    return len(keys)


def _check(threads: Sized[Thread], plan: Plan) -> None:
    if not threads:
        raise AnnotationRefused(_("No thread was chosen."))
    needed = max(plan.share.each, plan.share.overlapping if plan.share.overlap else 1)
    if len(plan.annotators) < needed:
        raise AnnotationRefused(
            ngettext(
                "Choose at least %s annotator.", "Choose at least %s annotators.", needed
            ) % needed
        )  # fmt: skip
    if not any(not code.retired for code in plan.version.codes.all()):
        raise AnnotationRefused(_("%s has no codes yet.") % plan.version)
    collections = {thread.collection for thread in threads}
    for person in plan.annotators:
        for collection in collections:
            if not may(person, Role.ANNOTATE, collection):
                raise AnnotationRefused(
                    _("%(person)s may not annotate in “%(collection)s”.")
                    % {"person": person.get_username(), "collection": collection}
                )


def _check_free(layer: Layer, version: CodebookVersion) -> None:
    taken = Layer.objects.filter(
        thread=layer.thread_id, version=version, kind=layer.kind, author=layer.author_id
    )
    if layer.author_id is not None and taken.exists():
        raise AnnotationRefused(
            _("%(author)s codes “%(thread)s” with %(version)s already.")
            % {"author": layer.author_name, "thread": layer.thread, "version": version}
        )
