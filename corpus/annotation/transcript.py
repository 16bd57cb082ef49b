"""A thread as coders read it: posts in pieces that know their place in the source text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from corpus.addresses import address_of
from corpus.hiding import redacted_in
from corpus.models import Quotation, SourceDocument, Thread, Utterance
from corpus.rendering import Hidden, authored_spans, by_place, placeholder
from corpus.segmentation.lines import LINE_END
from corpus.spans import Span


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands on the page for a span of the source.

    ``exact`` pieces show their characters one to one; the others stand for theirs as a whole: a
    line end of several characters, or the placeholder of redacted words.
    """

    span: Span
    text: str
    exact: bool
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of the post's own, or a quotation with whose words it repeats."""

    pieces: list[Piece]
    quotation: bool
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    number: int
    utterance: Utterance
    address: str
    stretches: list[Stretch]


def pieces(text: str, span: Span, hidden: Iterable[Hidden] = ()) -> Iterator[Piece]:
    """Yield what is read of ``span``; joined, it is :func:`corpus.rendering.reading_text`.

    >>> [piece.text for piece in pieces("a\\r\\nAda", Span(0, 6), [Hidden(Span(3, 6), "name")])]
    ['a', '\\n', '[name]']
    """
    at = span.start
    for redaction in by_place(hidden).over(span):
        if at < redaction.span.start:
            yield from _lines(text, Span(at, redaction.span.start))
        start, end = max(at, redaction.span.start), min(redaction.span.end, span.end)
        yield Piece(Span(start, end), placeholder(redaction.kind), exact=False, hidden=True)
        at = end
    if at < span.end:
        yield from _lines(text, Span(at, span.end))


def posts_of(thread: Thread) -> Iterator[Post]:
    """Yield the thread's posts in order, in a handful of queries whatever their number."""
    rows = Utterance.objects.of_thread(thread.pk).in_order().select_related("speaker")
    numbers = {pk: number for number, pk in enumerate(rows.values_list("pk", flat=True), 1)}
    texts = dict(SourceDocument.objects.filter(thread=thread).values_list("pk", "text"))
    hidden = redacted_in(texts)
    quotations: dict[int, list[Quotation]] = {}
    for quotation in Quotation.objects.filter(utterance__document__in=texts).order_by("start"):
        quotations.setdefault(quotation.utterance_id, []).append(quotation)
    for utterance in rows:
        text, redactions = texts[utterance.document_id], hidden.get(utterance.document_id, ())
        quoted = {row.span: row for row in quotations.get(utterance.pk, [])}
        own = authored_spans(utterance.span, quoted)
        stretches = []
        for span in sorted([*quoted, *own]):
            words = span.trimmed(text)
            if words is None:
                continue
            source = quoted[span].source_id if span in quoted else None
            stretches.append(
                Stretch(
                    list(pieces(text, words, redactions)),
                    span in quoted,
                    _("post %s") % numbers[source] if source in numbers else "",
                )
            )
        yield Post(numbers[utterance.pk], utterance, address_of(utterance), stretches)


def _lines(text: str, span: Span) -> Iterator[Piece]:
    """Yield plain text, cut where a line end reads as another character than it is."""
    at = span.start
    for end in LINE_END.finditer(text, span.start, span.end):
        if end.group() == "\n":
            continue
        if at < end.start():
            yield Piece(Span(at, end.start()), text[at : end.start()], exact=True)
        yield Piece(Span(*end.span()), "\n", exact=False)
        at = end.end()
    if at < span.end:
        yield Piece(Span(at, span.end), text[at : span.end], exact=True)
