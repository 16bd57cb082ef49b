"""Where the words of a span stand again: in the post that they were copied from, and its copies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db.models import Q

from corpus.models import Quotation, SourceDocument
from corpus.spans import Span

Place = tuple[SourceDocument, Span]
#: What may stand between two words of a copy: it has lines, and marks of quotation, of its own.
_BETWEEN = re.compile(r"[\s>]+")


def elsewhere(document: SourceDocument, span: Span) -> Iterator[Place]:
    """Yield the original of the words where a quotation holds them, and all copies of either."""
    originals = list(_originals(document, span))
    yield from originals
    for place in [(document, span), *originals]:
        yield from _copies(*place)


def _originals(document: SourceDocument, span: Span) -> Iterator[Place]:
    rows = Quotation.objects.filter(_overlaps("", span), utterance__document=document)
    for row in rows.exclude(source=None).select_related("source__document"):
        assert row.source is not None
        assert row.source_start is not None
        assert row.source_end is not None
        words = _pattern(document.text, _common(span, row.span))
        original = row.source.document
        for found in words.finditer(original.text, row.source_start, row.source_end):
            yield original, Span(*found.span())


def _copies(document: SourceDocument, span: Span) -> Iterator[Place]:
    rows = Quotation.objects.filter(_overlaps("source_", span), source__document=document)
    for row in rows.select_related("utterance__document"):
        assert row.source_start is not None
        assert row.source_end is not None
        words = _pattern(document.text, _common(span, Span(row.source_start, row.source_end)))
        copy = row.utterance.document
        for found in words.finditer(copy.text, row.start, row.end):
            yield copy, Span(*found.span())


def _pattern(text: str, span: Span) -> re.Pattern[str]:
    """Match the words of the span; where it cuts a word, within a word, too."""
    words = list(filter(None, _BETWEEN.split(span.of(text))))
    begins, ends = (
        "" if re.fullmatch(r"\w\w", text[max(0, at - 1) : at + 1]) else bound
        for at, bound in ((span.start, r"(?<!\w)"), (span.end, r"(?!\w)"))
    )
    pattern = rf"{begins}{_BETWEEN.pattern.join(map(re.escape, words))}{ends}" if words else r"(?!)"
    return re.compile(pattern, re.IGNORECASE)


def _overlaps(prefix: str, span: Span) -> Q:
    return Q(**{f"{prefix}start__lt": span.end, f"{prefix}end__gt": span.start})


def _common(one: Span, other: Span) -> Span:
    return Span(max(one.start, other.start), min(one.end, other.end))
