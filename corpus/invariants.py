"""What always holds of the corpus, checked row by row (DESIGN, section 3: 1 to 4 and 9).

And 10: who speaks in a thread is a speaker of its collection, which has its own pseudonyms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import F, Q, QuerySet

from corpus import hiding
from corpus.models import Annotation, Quotation, SourceDocument, Utterance
from corpus.models.documents import digest_of
from corpus.spans import Span, complement

#: A row's key and its span.
_Keyed = tuple[int, Span]


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
        rows = Utterance.objects.filter(document=document).order_by("start")
        utterances = [
            (pk, Span(start, end)) for pk, start, end in rows.values_list("pk", "start", "end")
        ]
        yield from _unchanged(document)
        yield from _ordered(document, utterances)
        yield from _complete(document, utterances)
        yield from _quoting(document)
        yield from _linking(document)
        yield from _coded(document)
        yield from _parted(document)
        yield from _spoken(document)


def _unchanged(document: SourceDocument) -> Iterator[Violation]:
    if digest_of(document.text) != document.text_sha256:
        yield _violation(1, document, "its text is not the text that was received")
    if len(document.text) != document.characters:
        yield _violation(1, document, "its text has another length than was received")


def _ordered(document: SourceDocument, utterances: Iterable[_Keyed]) -> Iterator[Violation]:
    end = 0
    for pk, span in utterances:
        if span.start < end:
            yield _violation(2, document, f"utterance {pk} overlaps the one before it")
        if span.end > len(document.text):
            yield _violation(2, document, f"utterance {pk} ends behind the text")
        end = max(end, span.end)


def _complete(document: SourceDocument, utterances: Iterable[_Keyed]) -> Iterator[Violation]:
    boilerplate = {row.span for row in document.boilerplate.all()}
    spans = sorted([*(span for _pk, span in utterances), *boilerplate])
    for first, second in pairwise(spans):
        if first.overlaps(second) and (first in boilerplate or second in boilerplate):
            yield _violation(
                3, document, f"characters {second.start}–{first.end} are counted twice"
            )
    for lost in complement(_merged(spans), document.text):
        yield _violation(3, document, f"characters {lost.start}–{lost.end} belong to nothing")


def _quoting(document: SourceDocument) -> Iterator[Violation]:
    # Columns, not rows: every row would hold the text anew, and threads have thousands.
    columns = (
        *("pk", "start", "end", "utterance__start", "utterance__end", "source_start"),
        *("source__start", "source__end", "source__document__order", "source__document__thread"),
    )
    rows = Quotation.objects.filter(utterance__document=document).order_by("start")
    last = 0
    for pk, start, end, first, after, copied, *source in rows.values_list(*columns).iterator():
        if start < last:
            yield _violation(4, document, f"quotation {pk} overlaps the one before it")
        last = max(last, end)
        if not first <= start < end <= after:
            yield _violation(4, document, f"quotation {pk} leaves its utterance")
        source_start, source_end, order, thread = source
        if thread is None or copied is None:
            continue
        if thread != document.thread_id:
            yield _violation(4, document, f"quotation {pk} quotes another thread")
        elif (order, copied) >= (document.order, start):
            yield _violation(4, document, f"quotation {pk} quotes later words")
        elif not source_start <= copied < source_end:
            yield _violation(4, document, f"quotation {pk} quotes words outside its source")


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


def _spoken(document: SourceDocument) -> Iterator[Violation]:
    strangers = Utterance.objects.filter(document=document, speaker__isnull=False).exclude(
        speaker__collection=F("document__thread__collection")
    )
    for pk in strangers.values_list("pk", flat=True):
        yield _violation(10, document, f"the speaker of utterance {pk} is another collection's")


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
