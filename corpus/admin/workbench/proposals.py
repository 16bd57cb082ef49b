"""Where copied words stood first, looked for in the posts before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.models import SourceDocument, Utterance
from corpus.segmentation import words
from corpus.segmentation.originals import Originals
from corpus.spans import Span


@dataclass(frozen=True, slots=True)
class Proposal:
    """An earlier post and the part of it that the words copy."""

    utterance: Utterance
    span: Span


def originals(utterance: Utterance, span: Span) -> Iterator[Proposal]:
    """Yield where the words of ``span`` may have been copied from, the likeliest first.

    First the words as they are, the earliest place first; else the nearest copy.
    """
    wanted = " ".join(span.of(utterance.document.text).split()).strip("> ")
    documents = SourceDocument.objects.filter(thread=utterance.document.thread_id)
    found = False
    for document in documents.filter(order__lte=utterance.document.order).order_by("order"):
        limit = span.start if document.pk == utterance.document_id else document.characters
        for place in _verbatim(document.text[:limit], wanted):
            if proposal := _proposal(document, place, utterance):
                found = True
                yield proposal
    if not found:
        nearest = _nearest(utterance.document.text[: span.end], span)
        if nearest and (proposal := _proposal(utterance.document, nearest, utterance)):
            yield proposal


def _verbatim(text: str, wanted: str) -> Iterator[Span]:
    """Yield where the words stand, however the white space between them runs."""
    first = wanted.split(" ", 1)[0]
    at = text.find(first) if first else -1
    while at >= 0:
        end = _end(text, at, wanted)
        if end:
            yield Span(at, end)
        at = text.find(first, at + 1)


def _end(text: str, at: int, wanted: str) -> int:
    """Return where ``wanted`` ends if it begins at ``at``, else 0."""
    for word in wanted.split(" "):
        while at < len(text) and text[at].isspace():
            at += 1
        if not text.startswith(word, at):
            return 0
        at += len(word)
    return at


def _nearest(text: str, span: Span) -> Span | None:
    found = words.find(text)
    index = Originals(found, first=0)
    later = found.between(span)
    index.add(range(later.start))
    original = index.find(later)
    return found.span(original.words) if original else None


def _proposal(document: SourceDocument, place: Span, utterance: Utterance) -> Proposal | None:
    source = (
        Utterance.objects.filter(document=document, start__lte=place.start, end__gt=place.start)
        .exclude(pk=utterance.pk)
        .first()
    )
    if source is None:
        return None
    return Proposal(source, Span(place.start, min(place.end, source.end)))
