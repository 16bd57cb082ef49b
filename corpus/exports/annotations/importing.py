"""Annotations from files into layers, with a report of what could not be anchored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from corpus.annotation.coding import Coding, annotate
from corpus.annotation.people import name_of
from corpus.annotation.permissions import may
from corpus.errors import AnnotationRefused
from corpus.exports.annotations.anchors import Anchor, anchored
from corpus.exports.annotations.exported import masked_text
from corpus.models import Annotation, Code, Codebook, CodebookVersion, Layer, Role, SourceDocument


@dataclass(slots=True)
class Report:
    """How many were stored and known already; what was not, by number in the file and why."""

    created: int = 0
    known: int = 0
    left: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Destination:
    """Into whose layers, with which codebook; and in whose name, who must be coordinator."""

    codebook: Codebook
    author: Any
    user: Any = None


def import_annotations(anchors: Iterable[Anchor], into: Destination) -> Report:
    """Store what a file says in the author's layers of the threads concerned.

    Importing the same file again changes nothing. What cannot be anchored, and why, is in the
    report; the rest is stored.
    """
    report = Report()
    version = into.codebook.latest
    codes = _Codes(version)
    documents: dict[str, tuple[SourceDocument, str] | None] = {}
    for anchor in anchors:
        if anchor.source not in documents:
            documents[anchor.source] = _document(anchor.source)
        try:
            with transaction.atomic():
                new = _stored(anchor, documents[anchor.source], codes, into)
        except AnnotationRefused as refusal:
            report.left.append((anchor.number, str(refusal)))
        else:
            report.created += new
            report.known += not new
    return report


class _Codes:
    """The codes of a version by identity, path and name."""

    def __init__(self, version: CodebookVersion) -> None:
        self.version = version
        codes = [code for _depth, code in version.tree()]
        self._known: dict[object, Code] = {code.name: code for code in codes}
        self._known |= {code.path: code for code in codes}
        self._known |= {code.identity: code for code in codes}

    def of(self, anchor: Anchor) -> Code:
        code = self._known.get(anchor.identity) or self._known.get(anchor.code)
        if code is None:
            raise AnnotationRefused(f"{self.version} has no code “{anchor.code}”.", "unknown-code")
        return code


def _document(source: str) -> tuple[SourceDocument, str] | None:
    digest, _mark, locator = source.removeprefix("urn:sha256:").partition("#")
    row = (
        SourceDocument.objects.filter(sha256=digest[:64], locator=locator)
        .select_related("thread__collection")
        .first()
    )
    return (row, masked_text(row).text) if row else None


def _coordinated(document: SourceDocument, user: Any) -> bool:
    """Tell whether the user may import annotations of the document.

    To whom may not it is as unknown as one that is not there: a refusal of its own would tell
    that it is, and in which collection.
    """
    return user is None or may(user, Role.COORDINATE, document.thread.collection)


def _stored(
    anchor: Anchor,
    found: tuple[SourceDocument, str] | None,
    codes: _Codes,
    into: Destination,
) -> bool:
    """Store one; tell whether it is new."""
    if found is None or not _coordinated(found[0], into.user):
        raise AnnotationRefused(f"No source document here is {anchor.source}.")
    document, text = found
    span = anchored(anchor, text)
    if span is None:
        raise AnnotationRefused(
            "Its words do not stand at its place, nor at one other place alone."
        )
    layer, _new = Layer.objects.get_or_create(
        thread=document.thread,
        version=codes.version,
        kind=Layer.Kind.ANNOTATOR,
        author=into.author,
        defaults={"author_name": name_of(into.author)},
    )
    others = Annotation.objects.exclude(layer=layer)
    taken = anchor.guid is not None and others.filter(guid=anchor.guid).exists()
    before = layer.annotations.count()
    annotate(
        layer,
        Coding(
            codes.of(anchor).pk,
            document.pk,
            span.start,
            span.end,
            anchor.note,
            anchor.unsure,
            None if taken else anchor.guid,
        ),
        moved=True,
    )
    return layer.annotations.count() > before
