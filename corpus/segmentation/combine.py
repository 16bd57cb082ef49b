"""From the evidence at each place to a confidence and a decision.

This is the one module that weighs cues. It is a table of counts, read in one pass over the places;
whatever replaces it keeps ``boundaries(document, copies)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from corpus.segmentation import gaps, onsets
from corpus.segmentation.copies import Copy
from corpus.segmentation.document import Document
from corpus.segmentation.onsets import Onset
from corpus.segmentation.structure import Cue


@dataclass(frozen=True, slots=True)
class Boundary:
    """An utterance starts with ``line``."""

    line: int
    cue: Cue
    confidence: float


class Source(Enum):
    """Where the original of a quotation stands, seen from the onset."""

    #: In the post that is open: nobody quotes himself, so a boundary lies between.
    OPEN = "open"
    #: In a post before it, and the open post holds no quotation yet.
    EARLIER = "earlier"
    #: In a post before it, and the open post holds one: perhaps one more answer of the same reply.
    ANOTHER = "another"
    #: Nowhere in this text.
    NONE = "none"


#: Share of such places that open a post in the training threads (all but the dialect "header",
#: whose quotations follow a header line).
LONGER_GAP = 0.994
#: The same for the onset of an unmarked copy after a paragraph gap, in a text without ">".
UNMARKED = {Source.OPEN: 0.80, Source.EARLIER: 0.29, Source.ANOTHER: 0.21}
#: The same where other copies show that posts hide behind paragraph gaps in this document.
UNMARKED_HIDDEN = {Source.OPEN: 0.80, Source.EARLIER: 0.37, Source.ANOTHER: 0.27}
#: The same for the onset of a quotation behind ">" after a paragraph gap.
MARKED = {Source.OPEN: 0.94, Source.EARLIER: 0.40, Source.ANOTHER: 0.30, Source.NONE: 0.24}
#: The same where a line like "X wrote:" introduces it.
INTRODUCED = {Source.OPEN: 0.91, Source.EARLIER: 0.78, Source.ANOTHER: 0.51, Source.NONE: 0.78}

#: From here on a place is a boundary: about half of the F1 reached, where one more cut that is
#: right with this probability neither raises nor lowers F1.
DECISION = 0.35


def boundaries(document: Document, copies: Sequence[Copy]) -> Iterator[Boundary]:
    """Where utterances start, in order; the first line always opens one."""
    return _Decoder(document, copies).run() if document.lines else iter(())


class _Decoder:
    """Goes through the lines and remembers the post that is open and whether it quotes."""

    def __init__(self, document: Document, copies: Sequence[Copy]) -> None:
        self.document = document
        self.onsets = {onset.line: onset for onset in onsets.find(document, copies)}
        self.marked = any(copy.marked and copy.original for copy in copies)
        self.stretches = list(self._stretches())
        self.hidden = any(self._hides(onset) for onset in self.onsets.values())
        self.opened = 0
        self.quotes = False

    def run(self) -> Iterator[Boundary]:
        for line in range(len(self.document.lines)):
            if boundary := self._at(line):
                self.opened, self.quotes = line, False
                yield boundary
            if line in self.onsets:
                self.quotes = True

    def _at(self, line: int) -> Boundary | None:
        if line == 0:
            return Boundary(line, Cue.FIRST, 1.0)
        if gaps.longer(self.document.lines[line].blanks, self.document.paragraph_gap):
            return Boundary(line, Cue.GAP, LONGER_GAP)
        onset = self.onsets.get(line)
        confidence = self._confidence(onset) if onset else 0.0
        if onset is None or confidence < DECISION:
            return None
        return Boundary(line, Cue.MARKED if onset.copy.marked else Cue.QUOTATION, confidence)

    def _confidence(self, onset: Onset) -> float:
        if not self._stands_alone(onset):
            return 0.0
        if onset.copy.marked:
            return (INTRODUCED if onset.introduced else MARKED)[self._source(onset)]
        if self.marked or onset.introduced or self._closes(onset):
            return 0.0
        return (UNMARKED_HIDDEN if self.hidden else UNMARKED)[self._source(onset)]

    def _source(self, onset: Onset) -> Source:
        if onset.source_line is None:
            return Source.NONE
        if onset.source_line >= self.opened:
            return Source.OPEN
        return Source.ANOTHER if self.quotes else Source.EARLIER

    def _stands_alone(self, onset: Onset) -> bool:
        """Not on the next line, and not led up to: after ":" or "," 4 % of copies open a post."""
        lines, text = self.document.lines, self.document.text
        blanks = lines[onset.line].blanks
        return blanks > 0 and text[lines[onset.line - 1].span.end - 1] not in ":,"

    def _closes(self, onset: Onset) -> bool:
        """Whether nothing follows in the post, as after a signature: 14 % of such copies open."""
        lines, gap = self.document.lines, self.document.paragraph_gap
        return onset.stop == len(lines) or gaps.longer(lines[onset.stop].blanks, gap)

    def _hides(self, onset: Onset) -> bool:
        """Whether the original stands above with no longer gap between: a post starts unseen."""
        source = onset.source_line
        if onset.copy.marked or source is None or not self._stands_alone(onset):
            return False
        return self.stretches[source] == self.stretches[onset.line]

    def _stretches(self) -> Iterator[int]:
        """For every line, how many longer gaps are above it."""
        count = 0
        for line in self.document.lines:
            count += gaps.longer(line.blanks, self.document.paragraph_gap)
            yield count
