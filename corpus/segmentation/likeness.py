"""How far a copy is like its original."""

from __future__ import annotations

from itertools import pairwise

from corpus.segmentation import marks
from corpus.segmentation.copies import Copy
from corpus.segmentation.document import Document
from corpus.segmentation.runs import Part, Run

#: Similarity of a copy with the same words but other signs or capitals.
SAME_WORDS = 0.99
#: Highest similarity of what is not verbatim.
ALMOST = 0.9999
#: White space within an original, beside as much as it has words, that is not told from one space.
_SPACED = 1_000


def of(document: Document, run: Run) -> float:
    """Share of common words, weighted by length; 1.0 only if not a sign differs."""
    alikes = [_alike(document, part) for part in run.parts]
    skipped = sum(
        later.source.words.start - earlier.source.words.stop
        for earlier, later in pairwise(run.parts)
        if earlier.source and later.source
    )
    if skipped == 0 and min(alikes) == 1.0:
        return 1.0
    total = sum(len(part.words) for part in run.parts)
    alike = sum(one * len(part.words) for one, part in zip(alikes, run.parts, strict=True))
    return min(round(alike / (total + skipped / 2), 4), ALMOST)


def _alike(document: Document, part: Part) -> float:
    if part.source is None or part.copy.original is None:
        return 0.0
    plain, source = _plain(document, part.copy), part.source.span
    # What is longer holds more than it quotes; or white space, thousands of which no copy keeps.
    short = source.end - source.start <= 2 * len(plain) + _SPACED
    if short and plain == _folded(source.of(document.text)):
        return 1.0
    common = part.copy.original.share * len(part.words)
    shared = 2 * common / (len(part.words) + len(part.copy.original.words))
    return min(shared, SAME_WORDS)


def _plain(document: Document, copy: Copy) -> str:
    """The words of a copy without marks."""
    plain = (document.lines[line].span.of(document.text) for line in copy.lines)
    return _folded(" ".join(map(marks.stripped, plain) if copy.marked else plain))


def _folded(text: str) -> str:
    return " ".join(text.split())
