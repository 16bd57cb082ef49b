"""Other places where the same words stand: offered for the same code, never applied by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q

from corpus.models import Annotation, Quotation, Redaction, SourceDocument
from corpus.spans import Span

#: As many as a person looks through.
_OFFERED = 50
#: Shorter words stand everywhere: "no" coded as refusal says nothing about the next "no".
_PHRASE = 4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place for the same code; ``quoted`` if it stands there as a quotation or its original."""

    document: int
    span: Span
    quoted: bool


def suggestions(annotation: Annotation) -> list[Suggestion]:
    """Return places in the thread with the words of an annotated passage, quotations first.

    Nothing that is coded so already, and no redacted words.
    """
    texts = dict(
        SourceDocument.objects.filter(thread=annotation.layer.thread_id)
        .order_by("order")
        .values_list("pk", "text")
    )
    words = annotation.span.of(texts[annotation.document_id])
    hidden = _spans(Redaction.objects.filter(document__in=texts))
    here = annotation.span
    if any(span.overlaps(here) for span in hidden.get(annotation.document_id, ())):
        return []
    known = _spans(annotation.layer.annotations.filter(code=annotation.code_id))

    def free(place: Suggestion) -> bool:
        taken = [*known.get(place.document, ()), *hidden.get(place.document, ())]
        return not any(span.overlaps(place.span) for span in taken)

    places = [*_quoted(annotation, words, texts), *_repeated(words, texts)]
    found: dict[tuple[int, Span], Suggestion] = {}
    for place in filter(free, places):
        found.setdefault((place.document, place.span), place)
    return list(islice(found.values(), _OFFERED))


def _quoted(annotation: Annotation, words: str, texts: dict[int, str]) -> Iterator[Suggestion]:
    """Yield where quotations repeat the passage, and where its original stands."""
    start, end, document = annotation.start, annotation.end, annotation.document_id
    touching = Quotation.objects.filter(
        Q(source__document=document, source_start__lt=end, source_end__gt=start)
        | Q(utterance__document=document, start__lt=end, end__gt=start, source__isnull=False)
    ).values_list(
        "utterance__document", "start", "end", "source__document", "source_start", "source_end"
    )
    for copy, copy_start, copy_end, original, original_start, original_end in touching:
        assert original_start is not None  # A quotation with a source says where.
        assert original_end is not None
        yield from _within(copy, texts.get(copy, ""), (copy_start, copy_end), words)
        yield from _within(original, texts.get(original, ""), (original_start, original_end), words)


def _within(document: int, text: str, place: tuple[int, int], words: str) -> Iterator[Suggestion]:
    """Yield the words in a stretch of text, however its lines are broken or marked."""
    pattern = r"[\s>]+".join(map(re.escape, words.split()))
    for match in re.compile(pattern).finditer(text, *place) if pattern else ():
        yield Suggestion(document, Span(*match.span()), quoted=True)


def _repeated(words: str, texts: dict[int, str]) -> Iterator[Suggestion]:
    """Yield exact repeats of the phrase, as whole words."""
    if len(words) < _PHRASE:
        return
    pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
    for document, text in texts.items():
        for match in islice(pattern.finditer(text), 10 * _OFFERED):
            yield Suggestion(document, Span(*match.span()), quoted=False)


def _spans(rows: Iterable[Annotation | Redaction]) -> dict[int, list[Span]]:
    spans: dict[int, list[Span]] = {}
    for row in rows:
        spans.setdefault(row.document_id, []).append(row.span)
    return spans
