"""From a text to its structure: copies are found, posts are cut, quotations and replies follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from corpus.segmentation import addressing, combine, copies, datelines, document, quotations, titles
from corpus.segmentation.combine import Boundary
from corpus.segmentation.copies import Copy
from corpus.segmentation.datelines import Order
from corpus.segmentation.document import Document
from corpus.segmentation.structure import (
    Boilerplate,
    RecoveredQuotation,
    RecoveredUtterance,
    Structure,
)
from corpus.spans import Span

#: Characters of texts that are recovered together at least, if there are as many.
_TOGETHER = 100_000


def recover(text: str) -> Structure:
    """Posts with cue and confidence, what they quote, and the title, all as spans of ``text``.

    >>> [post.span.of("Moles\\n\\nWhy?\\n\\n\\nWhy not.") for post in
    ...  recover("Moles\\n\\nWhy?\\n\\n\\nWhy not.").utterances]
    ['Why?', 'Why not.']
    """
    (structure,) = recover_each([text])
    return structure


def recover_each(texts: Iterable[str]) -> Iterator[Structure]:
    """The same of many texts, which takes less time than one by one.

    Some are read ahead: as many as have ``_TOGETHER`` characters.
    """
    together: list[str] = []
    characters = 0
    for text in texts:
        together.append(text)
        characters += len(text) + 1  # There may be very many empty ones.
        if characters >= _TOGETHER:
            yield from _recovered(together)
            together, characters = [], 0
    if together:
        yield from _recovered(together)


def _recovered(texts: Sequence[str]) -> Iterator[Structure]:
    documents = list(map(document.read, texts))
    copied = list(map(copies.find, documents))
    starts = combine.boundaries(documents, copied)
    return map(_structure, documents, copied, starts)


def _structure(read: Document, copied: Sequence[Copy], starts: Sequence[Boundary]) -> Structure:
    posts = list(_spans(read, starts))
    quoted = tuple(quotations.find(read, copied, posts))
    found = list(_utterances(read, starts, posts, quoted))
    return Structure(
        title=titles.folded(read.title.of(read.text)) if read.title else "",
        utterances=tuple(addressing.answering(read.text, found, quoted)),
        quotations=quoted,
        boilerplate=tuple(_boilerplate(read)),
    )


def spans(read: Document, copied: Sequence[Copy]) -> list[Span]:
    """The posts alone, without what they quote or what is said of them."""
    (starts,) = combine.boundaries([read], [copied])
    return list(_spans(read, starts))


def _spans(read: Document, starts: Sequence[Boundary]) -> Iterator[Span]:
    edges = [*(boundary.line for boundary in starts), len(read.lines)]
    for line, stop in pairwise(edges):
        yield read.joined(range(line, stop))


def _utterances(
    read: Document,
    starts: Sequence[Boundary],
    spans: Sequence[Span],
    quoted: Sequence[RecoveredQuotation],
) -> Iterator[RecoveredUtterance]:
    """An utterance replies to the source of its first quotation that has one."""
    first: dict[int, RecoveredQuotation] = {}
    for quotation in quoted:
        if quotation.source is not None:
            first.setdefault(quotation.utterance, quotation)
    order = datelines.order([header.date for header in read.headers.values() if header.date])
    for number, (boundary, span) in enumerate(zip(starts, spans, strict=True)):
        answer = first.get(number)
        yield RecoveredUtterance(
            span=span,
            cue=boundary.cue,
            confidence=boundary.confidence,
            reply_to=answer.source_utterance if answer else None,
            reply_confidence=answer.confidence if answer else None,
            **_said(read, boundary.line, order),
        )


def _said(read: Document, line: int, order: Order) -> dict[str, Any]:
    """What the header above ``line`` says of its post."""
    header = read.headers.get(line)
    if header is None:
        return {}
    date = header.date
    moment = date.at(order) if date else None
    return {
        "header": header.span,
        "speaker": header.name.of(read.text) if header.name else "",
        "date": moment,
        "date_text": date.text if date else "",
        "identifier": header.number,
        "date_precision": date.precision if date and moment else "",
    }


def _boilerplate(read: Document) -> Iterator[Boilerplate]:
    if read.title:
        yield Boilerplate(read.title, "title")
    yield from read.furniture
