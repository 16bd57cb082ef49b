"""What of a document's text nobody is shown there: redacted words, and what another thread has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus.models import Boilerplate, PseudonymKey, Redaction, SourceDocument
from corpus.rendering import Hidden, Redactions
from corpus.spans import Span


def hidden_in(document: SourceDocument) -> list[Hidden]:
    """Return the spans that stand as placeholders wherever the document itself is shown."""
    redactions = (Hidden(row.span, row.get_kind_display()) for row in document.redactions.all())
    return [*redactions, *(Hidden(row.span, row.get_kind_display()) for row in elsewhere(document))]


def redacted_in(documents: Iterable[int]) -> dict[int, Redactions]:
    """Return what is redacted in documents, by document; those without are left out."""
    hidden: dict[int, list[Hidden]] = {}
    for row in Redaction.objects.filter(document__in=list(documents)):
        hidden.setdefault(row.document_id, []).append(Hidden(row.span, row.get_kind_display()))
    return {document: Redactions(rows) for document, rows in hidden.items()}


def hidden_from_curators(document: SourceDocument) -> list[Hidden]:
    """Return these spans and the header lines where pseudonyms are shown: they say whose these
    are."""
    return [*hidden_in(document), *_headers(document)]


def _headers(document: SourceDocument) -> list[Hidden]:
    if not PseudonymKey.objects.filter(collection=document.thread.collection_id, on=True).exists():
        return []
    rows = document.boilerplate.all()
    headers = (row for row in rows if row.kind == Boilerplate.Kind.HEADER)
    return [Hidden(row.span, row.get_kind_display()) for row in headers]


def elsewhere(document: SourceDocument) -> list[Boilerplate]:
    """Return the stretches of the document that belong to another thread."""
    rows = document.boilerplate.all()
    return [row for row in rows if row.kind == Boilerplate.Kind.ELSEWHERE]


def is_elsewhere(document: SourceDocument, span: Span) -> bool:
    """Tell whether any of these words belong to another thread."""
    return document.boilerplate.filter(
        kind=Boilerplate.Kind.ELSEWHERE, start__lt=span.end, end__gt=span.start
    ).exists()


def redacted(thread: int) -> Iterator[tuple[Redaction, str]]:
    """Yield the redactions of a thread, and of those that it was parted from, with the words."""
    for document in SourceDocument.objects.kin_of(thread).order_by("pk"):
        for row in document.redactions.filter(purged=False):
            yield row, row.span.of(document.text)
