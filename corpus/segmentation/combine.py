"""From the evidence at each place to a confidence and a decision.

This is the one module that decides. Headers, where a document has them, decide alone; otherwise
the trained model says of every gap how probable it is that a post starts there, all over the
document, and what the document is like says from which probability on that counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.segmentation import blocks, gaps, model
from corpus.segmentation.blocks import Block
from corpus.segmentation.copies import Copy
from corpus.segmentation.document import Document
from corpus.segmentation.model import Place
from corpus.segmentation.structure import Cue


@dataclass(frozen=True, slots=True)
class Boundary:
    """An utterance starts with ``line``."""

    line: int
    cue: Cue
    confidence: float


#: Share of headers that opened a post in the training threads: none of 12,714 was wrong.
HEADER = 0.999
#: From which probability on a place is a boundary, by what the document is like. Where longer gaps
#: tell posts apart, a cut at an ordinary gap must be rather sure, until one is so sure that posts
#: hide behind ordinary gaps here. Where nothing tells them apart, about half of the F1 reached, as
#: one more cut that is right with this probability neither raises nor lowers F1.
GAPPED, HIDING, PLAIN, MARKED = 0.60, 0.36, 0.34, 0.34
#: From which probability on one ordinary gap shows that posts hide behind such gaps.
SURE = 0.80
#: Share of copies of earlier posts that open a post after an ordinary gap in such documents, if the
#: open post holds no copy yet; the model, which knows of one place at a time, says less.
ONSET = 0.37
#: Words that speak this clearly for a post are what the decision is put down to.
OPENING = 0.0


def boundaries(document: Document, copies: Sequence[Copy]) -> Iterator[Boundary]:
    """Where utterances start, in order; the first line always opens one."""
    if not document.lines:
        return
    if document.headers:
        yield from _headed(document)
        return
    yield Boundary(0, Cue.FIRST, 1.0)
    found = blocks.find(document, copies)
    places = model.shipped().places(document, found)
    wide = [gaps.longer(block.gap, document.paragraph_gap) for block in found]
    marked = any(block.depth for block in found)
    hiding = _hiding(places, wide)
    decision = MARKED if marked else HIDING if hiding else GAPPED if any(wide) else PLAIN
    quotes = found[0].copied > 0
    for above, block, long, place in zip(found, found[1:], wide[1:], places, strict=False):
        probability = place.probability
        if hiding and not (marked or long or quotes) and _onset(above, block):
            probability = max(probability, ONSET)
        if probability >= decision:
            quotes = False
            yield Boundary(block.lines.start, _cue(block, long, place), round(probability, 3))
        quotes = quotes or block.copied > 0


def _headed(document: Document) -> Iterator[Boundary]:
    if 0 not in document.headers:
        yield Boundary(0, Cue.FIRST, 1.0)
    for line in sorted(document.headers):
        yield Boundary(line, Cue.HEADER, HEADER)


def _hiding(places: Sequence[Place], wide: Sequence[bool]) -> bool:
    """Whether longer gaps tell posts apart, but surely not all of them."""
    return any(wide) and any(
        place.probability >= SURE for place, long in zip(places, wide[1:], strict=True) if not long
    )


def _onset(above: Block, block: Block) -> bool:
    """Whether a copy begins here that no words lead up to."""
    return block.copy_first and block.source >= 0 and not above.copied and above.last not in ":,"


def _cue(block: Block, long: bool, place: Place) -> Cue:
    """The strongest of what speaks for the place, in the order in which people would see it."""
    if long:
        return Cue.GAP
    if block.depth or block.attribution:
        return Cue.MARKED
    if block.copy_first:
        return Cue.QUOTATION
    return Cue.OPENING if place.wording > OPENING else Cue.LAYOUT
