"""From the evidence at each place to a confidence and a decision.

This is the one module that decides. Headers, where a document has them, decide alone; otherwise
the trained model says of every gap how probable it is that a post starts there, all over the
document, and what the document is like says from which probability on that counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.segmentation import blocks, gaps, model, severed
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
#: From which probability on a place is a boundary, by what the document is like, as chosen on
#: threads kept aside from training. Where longer gaps tell posts apart, a cut at an ordinary gap
#: must be rather sure, unless posts hide behind ordinary gaps here. Where nothing tells them apart,
#: about half of the F1 reached, as one more cut that is right with this probability neither raises
#: nor lowers F1. The second of a pair holds where quotations stand behind ">".
GAPPED = 0.80
HIDING, HIDING_MARKED = 0.36, 0.50
PLAIN, PLAIN_MARKED = 0.34, 0.30
#: Posts hide behind ordinary gaps if one place there has the probability ``CERTAIN``, or if so many
#: in relation to the longer gaps have the probability ``SURE``.
CERTAIN, SURE, HIDDEN = 0.95, 0.60, 0.2
#: Share of copies of earlier posts that open a post after an ordinary gap in such documents, if the
#: open post holds no copy yet; the model, which knows of one place at a time, says less.
ONSET = 0.37
#: By how much odds rise at most where more of those open posts than the model expects.
MOST_RAISED = 2.5
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
    places = model.current().places(document, found)
    wide = [gaps.longer(block.gap, document.paragraph_gap) for block in found]
    bare = _Bare(found, places, wide)
    decided = bare.decided()
    for at, probability in severed.boundaries(document, copies, found, bare.probabilities, decided):
        cue = _cue(found[at], wide[at], places[at - 1])
        yield Boundary(found[at].lines.start, cue, round(probability, 3))


class _Bare:
    """A document without headers: every block but the first may open a post."""

    def __init__(
        self, found: Sequence[Block], places: Sequence[Place], wide: Sequence[bool]
    ) -> None:
        self.blocks, self.wide = found, wide
        self.probabilities = [1.0, *(place.probability for place in places)]
        marked = any(block.depth for block in found)
        hiding = _hiding(places, wide)
        self.hiding = hiding and not marked
        if hiding:
            self.decision = HIDING_MARKED if marked else HIDING
        elif any(wide):
            self.decision = GAPPED
        else:
            self.decision = PLAIN_MARKED if marked else PLAIN

    def decided(self) -> list[tuple[int, float]]:
        """The blocks that open posts, and how probable that is."""
        chosen = self._chosen()
        onsets = [at for at, _ in chosen if self.probabilities[at] < self.decision]
        if not onsets:
            return chosen
        self._raise(onsets)
        return self._chosen()

    def _chosen(self) -> list[tuple[int, float]]:
        chosen: list[tuple[int, float]] = []
        quotes = self.blocks[0].copied > 0
        for at, probability in enumerate(self.probabilities[1:], start=1):
            above, block = self.blocks[at - 1 : at + 1]
            if self.hiding and not (self.wide[at] or quotes) and _onset(above, block):
                probability = max(probability, ONSET)
            if probability >= self.decision:
                quotes = False
                chosen.append((at, probability))
            quotes = quotes or block.copied > 0
        return chosen

    def _raise(self, onsets: Sequence[int]) -> None:
        """Raise all odds at ordinary gaps: of the copies ``onsets`` the model expected fewer.

        So many posts hide here that the other places are likelier to open one as well.
        """
        expected = sum(self.probabilities[at] for at in onsets)
        factor = min(MOST_RAISED, (len(onsets) + 1) / (expected + 1))
        self.probabilities = [
            one if wide else factor * one / (1 - one + factor * one)
            for one, wide in zip(self.probabilities, self.wide, strict=True)
        ]


def _headed(document: Document) -> Iterator[Boundary]:
    if 0 not in document.headers:
        yield Boundary(0, Cue.FIRST, 1.0)
    for line in sorted(document.headers):
        yield Boundary(line, Cue.HEADER, HEADER)


def _hiding(places: Sequence[Place], wide: Sequence[bool]) -> bool:
    """Whether longer gaps tell posts apart, but surely not all of them."""
    ordinary = [place.probability for place, long in zip(places, wide[1:], strict=True) if not long]
    sure = sum(probability >= SURE for probability in ordinary)
    enough = sure >= max(1.0, HIDDEN * sum(wide)) or max(ordinary, default=0.0) >= CERTAIN
    return any(wide) and enough


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
