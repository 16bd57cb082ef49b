"""Quotations between posts that are known: what the source marks, and the copies it does not.

The same search as in bare text, over the posts' own lines: boilerplate between them is neither
looked up nor an original, and a quotation that the source marks is looked up as a whole.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import add

from corpus.segmentation import (
    addressing,
    attributions,
    copies,
    gaps,
    lines,
    marks,
    quotations,
    tags,
    words,
)
from corpus.segmentation.document import Document
from corpus.segmentation.likeness import ALMOST, SAME_WORDS
from corpus.segmentation.lines import Line
from corpus.segmentation.originals import Original, Originals
from corpus.segmentation.structure import RecoveredQuotation, RecoveredUtterance, Structure
from corpus.segmentation.words import SHINGLE
from corpus.spans import Span

#: A quotation of fewer words than a shingle is looked for in the post that the source names, among
#: so many of its words.
_LOOKED_AT = 20_000


def resolved(text: str, structure: Structure) -> Structure:
    """Return the structure with its quotations traced, and with unmarked copies as quotations.

    A quotation of a post that is named is looked for in that post only. Where the source is silent
    about what a post answers, it answers the post that its first traced quotation is from, else the
    latest one of whom it addresses by name.
    """
    if len(structure.utterances) < 2:
        return structure
    read = _document(text, structure)
    spans = [utterance.span for utterance in structure.utterances]
    found = list(quotations.find(read, copies.find(read), spans))
    quoted = tuple(_merged(structure.quotations, found, read, spans))
    return replace(
        structure,
        quotations=quoted,
        utterances=tuple(
            addressing.answering(text, list(_answering(structure.utterances, quoted)), quoted)
        ),
    )


def _document(text: str, structure: Structure) -> Document:
    """The posts as a document without title or headers; ``depths`` tell what the source marks."""
    marked: dict[int, list[Span]] = {}
    for quotation in structure.quotations:
        marked.setdefault(quotation.utterance, []).append(quotation.span)
    body: list[Line] = []
    depths: list[int] = []
    by_name: dict[str, list[range]] = {}
    begins: set[int] = set()
    for number, utterance in enumerate(structure.utterances):
        first = len(body)
        for part, quoted in _parts(utterance.span, marked.get(number, ())):
            for line in tags.parted(text, _lines(text, part, quoted)):
                body.append(line)
                depths.append(1 if quoted else marks.depth(line.span.of(text)))
        begins.add(first)
        if first < len(body):
            body[first] = Line(body[first].span, gaps.BELOW_HEADER)
        if utterance.speaker:
            by_name.setdefault(utterance.speaker.casefold(), []).append(range(first, len(body)))
    attributed = [attributions.recognised(line.span.of(text)) for line in body]
    tagged = tags.depths(text, body, begins, attributed)
    body = tags.glued(body, tagged)
    found = words.find(text)
    return Document(
        text=text,
        title=None,
        lines=body,
        paragraph_gap=1,
        words=found,
        words_in=[found.between(line.span) for line in body],
        depths=list(map(add, depths, tagged)),
        attributions=attributed,
        headers={},
        furniture=[],
        posts_by_name=by_name,
    )


def _parts(span: Span, quoted: Sequence[Span]) -> Iterator[tuple[Span, bool]]:
    """The span cut into what the source marks as quoted (True) and the rest."""
    at = span.start
    for quotation in sorted(quoted):
        if at < quotation.start:
            yield Span(at, quotation.start), False
        yield quotation, True
        at = quotation.end
    if at < span.end:
        yield Span(at, span.end), False


def _lines(text: str, part: Span, quoted: bool) -> Iterator[Line]:
    """The filled lines of a part, which stands apart from those before it and, quoted, as one."""
    for number, line in enumerate(lines.filled(text, part)):
        if number == 0:
            yield line if line.blanks else Line(line.span, 1)
        else:
            yield Line(line.span, 0) if quoted else line


def _merged(
    given: Sequence[RecoveredQuotation],
    found: Sequence[RecoveredQuotation],
    read: Document,
    spans: Sequence[Span],
) -> Iterator[RecoveredQuotation]:
    """What the source marks, traced as far as may be, and copies elsewhere; in order."""
    starts = [quotation.span.start for quotation in found]
    taken: set[int] = set()
    named = _Named(read, spans)
    merged: list[RecoveredQuotation] = []
    for quotation in given:
        trace = None
        for at in range(max(0, bisect_left(starts, quotation.span.start) - 1), len(found)):
            if found[at].span.start >= quotation.span.end:
                break
            if found[at].span.overlaps(quotation.span):
                taken.add(at)
                trace = trace or _trace(quotation, found[at])
        merged.append(trace or named.traced(quotation))
    merged += (quotation for at, quotation in enumerate(found) if at not in taken)
    yield from sorted(merged, key=lambda quotation: quotation.span)


def _trace(given: RecoveredQuotation, found: RecoveredQuotation) -> RecoveredQuotation | None:
    """The given quotation with the original of the found one, unless the source names another."""
    if given.source is not None:
        return given
    if found.source is None or given.of:
        return None
    if given.source_utterance not in (None, found.source_utterance):
        return None
    return replace(
        given,
        source=found.source,
        source_utterance=found.source_utterance,
        similarity=found.similarity,
        whole=found.whole,
    )


class _Named:
    """Looks a quotation up in the very post that the source names."""

    def __init__(self, read: Document, spans: Sequence[Span]) -> None:
        self.read = read
        self.spans = spans
        self.originals: dict[int, Originals] = {}

    def traced(self, given: RecoveredQuotation) -> RecoveredQuotation:
        """Return the given quotation with its original in the named post, if it is there."""
        named = given.source_utterance
        if named is None or given.source is not None or named >= given.utterance:
            return given
        words = self.read.words
        chosen, within = words.between(given.span), words.between(self.spans[named])
        original = self._original(named, chosen, within)
        if original is None:
            return given
        span = words.span(original.words)
        same = span.of(self.read.text).split() == given.span.of(self.read.text).split()
        return replace(
            given,
            source=span,
            similarity=1.0 if same else min(original.share, SAME_WORDS, ALMOST),
            whole=original.words == within,
        )

    def _original(self, named: int, chosen: range, within: range) -> Original | None:
        words = self.read.words
        if not chosen or not within:
            return None
        if len(chosen) >= SHINGLE:
            if named not in self.originals:
                self.originals[named] = Originals(words, first=within.start)
                self.originals[named].add(within)
            return self.originals[named].find(chosen)
        last = min(within.stop, within.start + _LOOKED_AT + len(chosen) - 1)
        for at in words.places(chosen, range(within.start, last)):
            return Original(range(at, at + len(chosen)), 1.0)
        return None


def _answering(
    utterances: Sequence[RecoveredUtterance], quoted: Sequence[RecoveredQuotation]
) -> Iterator[RecoveredUtterance]:
    first: dict[int, RecoveredQuotation] = {}
    for quotation in quoted:
        if quotation.source_utterance is not None:
            first.setdefault(quotation.utterance, quotation)
    for number, utterance in enumerate(utterances):
        answer = first.get(number)
        if answer is None or utterance.reply_to is not None or utterance.answers:
            yield utterance
        else:
            yield replace(
                utterance,
                reply_to=answer.source_utterance,
                reply_basis="inferred",
                reply_confidence=answer.confidence,
            )
