"""What always holds of the corpus, checked row by row (DESIGN, section 3: 1 to 4 and 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q, QuerySet

from corpus import hiding
from corpus.models import Annotation, Quotation, SourceDocument, Utterance
from corpus.models.documents import digest_of
from corpus.spans import Span, complement


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that does not hold: the number of the invariant, where, and what is wrong."""

    invariant: int
    where: str
    what: str


def violations(documents: QuerySet[SourceDocument] | None = None) -> Iterator[Violation]:
    """Yield what does not hold, document by document; memory is bounded by the largest one."""
    chosen = SourceDocument.objects.all() if documents is None else documents
    for document in chosen.order_by("pk").iterator(chunk_size=50):
        utterances = list(Utterance.objects.filter(document=document).order_by("start"))
        yield from _unchanged(document)
        yield from _ordered(document, utterances)
        yield from _complete(document, utterances)
        yield from _quoting(document)
        yield from _linking(document)
        yield from _coded(document)
        yield from _parted(document)


def _unchanged(document: SourceDocument) -> Iterator[Violation]:
    if digest_of(document.text) != document.text_sha256:
        yield _violation(1, document, "its text is not the text that was received")
    if len(document.text) != document.characters:
        yield _violation(1, document, "its text has another length than was received")


def _ordered(document: SourceDocument, utterances: list[Utterance]) -> Iterator[Violation]:
    end = 0
    for utterance in utterances:
        if utterance.start < end:
            yield _violation(2, document, f"utterance {utterance.pk} overlaps the one before it")
        if utterance.end > len(document.text):
            yield _violation(2, document, f"utterance {utterance.pk} ends behind the text")
        end = max(end, utterance.end)


def _complete(document: SourceDocument, utterances: Iterable[Utterance]) -> Iterator[Violation]:
    boilerplate = [row.span for row in document.boilerplate.all()]
    spans = sorted([*(utterance.span for utterance in utterances), *boilerplate])
    for first, second in pairwise(spans):
        if first.overlaps(second) and (first in boilerplate or second in boilerplate):
            yield _violation(
                3, document, f"characters {second.start}–{first.end} are counted twice"
            )
    for lost in complement(_merged(spans), document.text):
        yield _violation(3, document, f"characters {lost.start}–{lost.end} belong to nothing")


def _quoting(document: SourceDocument) -> Iterator[Violation]:
    quotations = Quotation.objects.filter(utterance__document=document)
    end = 0
    # Without the text, which every row would hold anew.
    rows = quotations.select_related("utterance", "source__document")
    for quotation in rows.defer("source__document__text").order_by("start").iterator(500):
        if quotation.start < end:
            yield _violation(4, document, f"quotation {quotation.pk} overlaps the one before it")
        end = max(end, quotation.end)
        if not quotation.utterance.span.contains(quotation.span):
            yield _violation(4, document, f"quotation {quotation.pk} leaves its utterance")
        source = quotation.source
        if source is None or quotation.source_start is None:
            continue
        if source.document.thread_id != document.thread_id:
            yield _violation(4, document, f"quotation {quotation.pk} quotes another thread")
        elif (source.document.order, quotation.source_start) >= (document.order, quotation.start):
            yield _violation(4, document, f"quotation {quotation.pk} quotes later words")
        elif not source.start <= quotation.source_start < source.end:
            yield _violation(
                4, document, f"quotation {quotation.pk} quotes words outside its source"
            )


def _linking(document: SourceDocument) -> Iterator[Violation]:
    for link in document.links.filter(end__gt=len(document.text)):
        yield _violation(2, document, f"link {link.pk} ends behind the text")


def _coded(document: SourceDocument) -> Iterator[Violation]:
    rows = Annotation.objects.filter(document=document).select_related("layer", "code")
    for row in rows.order_by("pk").iterator(500):
        if row.end > len(document.text):
            yield _violation(9, document, f"annotation {row.pk} ends behind the text")
        if row.layer.thread_id != document.thread_id:
            yield _violation(9, document, f"annotation {row.pk} is in a layer of another thread")
        if row.code.version_id != row.layer.version_id:
            yield _violation(9, document, f"annotation {row.pk} has a code of another version")


def _parted(document: SourceDocument) -> Iterator[Violation]:
    """Of a document in several threads, each part has its words alone and what is said of them."""
    elsewhere = [row.span for row in hiding.elsewhere(document)]
    if not elsewhere and not document.copies.exists():
        return
    stated = (document.redactions, document.flags, document.dismissals)
    for row in (row for rows in stated for row in rows.all()):
        if any(span.overlaps(row.span) for span in elsewhere):
            kind = row._meta.verbose_name
            yield _violation(3, document, f"{kind} {row.pk} is of words that another thread has")
    kin = SourceDocument.objects.filter(Q(pk=document.root_id) | Q(copy_of=document.root_id))
    own = sorted(span for part in kin.defer("text") for span in _own(part, document.text))
    for first, second in pairwise(own):
        if first.overlaps(second):
            yield _violation(
                3, document, f"characters {second.start}–{first.end} belong to two threads"
            )
    for lost in complement(_merged(own), document.text):
        yield _violation(3, document, f"characters {lost.start}–{lost.end} belong to no thread")


def _own(document: SourceDocument, text: str) -> Iterator[Span]:
    """Yield the words of the text that are the document's thread's."""
    return complement(sorted(row.span for row in hiding.elsewhere(document)), text)


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Join overlapping sorted spans."""
    current: Span | None = None
    for span in spans:
        if current is not None and span.start < current.end:
            current = Span(current.start, max(current.end, span.end))
            continue
        if current is not None:
            yield current
        current = span
    if current is not None:
        yield current


def _violation(invariant: int, document: SourceDocument, what: str) -> Violation:
    return Violation(invariant, f"source document {document.pk} ({document})", what)
