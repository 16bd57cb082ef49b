"""From the evidence at each place to a confidence and a decision.

This is the one module that decides. Headers, where a document has them, decide alone. Otherwise the
trained model says of every gap how probable it is that a post starts there. Where longer gaps tell
all posts apart, the sure places are boundaries; elsewhere all are decided together (``decoding``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.segmentation import blocks, decoding, model, severed
from corpus.segmentation.blocks import Blocks
from corpus.segmentation.copies import Copy
from corpus.segmentation.document import Document
from corpus.segmentation.model import Judged
from corpus.segmentation.structure import Cue


@dataclass(frozen=True, slots=True)
class Boundary:
    """An utterance starts with ``line``."""

    line: int
    cue: Cue
    confidence: float


#: Share of headers that opened a post in the training threads: none of 12,714 was wrong.
HEADER = 0.999
#: From which probability on a place is a boundary where longer gaps tell posts apart.
GAPPED = 0.90
#: What a post that is exactly right is worth next to a boundary, and from which probability on a
#: boundary is rather worth setting, elsewhere; like all of these as chosen on threads kept aside
#: from training. More for whole posts finds a few more of them for many more wrong boundaries.
WHOLE, NEEDED = 0.6, 0.4
#: Posts hide behind ordinary gaps if one place there has the probability ``certain``, or so many in
#: relation to the longer gaps (``hidden``) have ``SURE``, but at least ``HABIT``: in a document of
#: few paragraphs one place tells nothing.
SURE, HABIT = 0.60, 2


@dataclass(frozen=True, slots=True)
class Hiding:
    """From where on posts hide behind ordinary gaps, as ``SURE`` says."""

    certain: float
    hidden: float


#: Where quotations stand behind ">", longer gaps are less of a habit.
PLAIN, MARKED = Hiding(0.985, 0.25), Hiding(0.95, 0.2)
#: Share of copies of earlier posts that open a post after an ordinary gap where posts hide, if the
#: open post holds no copy yet. The model says less of them in long posts.
ONSET = 0.37
#: By how much odds rise at most where more of those open posts than the model expects.
MOST_RAISED = 2.5
#: Words that speak this clearly for a post are what the decision is put down to.
OPENING = 0.0


def boundaries(
    documents: Sequence[Document], copies: Sequence[Sequence[Copy]]
) -> list[list[Boundary]]:
    """Where utterances of each of the documents start, in order; the first line always opens one.

    ``copies`` are those found in each. Documents make no difference to each other.
    """
    found = [list(_headed(document)) if document.headers else [] for document in documents]
    open_ones = [
        n for n, document in enumerate(documents) if document.lines and not document.headers
    ]
    parts = [blocks.find(documents[n], copies[n]) for n in open_ones]
    judged = model.current().judged(parts) if parts else []
    for n, part, said in zip(open_ones, parts, judged, strict=True):
        found[n] = [Boundary(0, Cue.FIRST, 1.0), *_judged(part, copies[n], said)]
    return found


def _judged(found: Blocks, copies: Sequence[Copy], judged: Judged) -> Iterator[Boundary]:
    """Those behind the first, of a document without headers."""
    probabilities, decided = _decided(found, judged.probabilities)
    for at, probability in severed.boundaries(found, copies, probabilities, decided):
        cue = _cue(found, at, judged.wording[at - 1])
        yield Boundary(found.lines[at].start, cue, round(probability, 3))


def _decided(found: Blocks, places: Sequence[float]) -> tuple[list[float], list[tuple[int, float]]]:
    """The probability of every block to open a post, and those that do, with theirs.

    ``places`` are the probabilities of all blocks but the first.
    """
    marked, wide = any(found.depths), found.wide
    probabilities = [1.0, *places]
    hiding = _hiding(places, wide, MARKED if marked else PLAIN)
    if any(wide) and not hiding:
        sure = [(at, one) for at, one in enumerate(probabilities) if at and one >= GAPPED]
        return probabilities, sure
    if hiding and not marked:
        probabilities = _raised(found, probabilities)
    return probabilities, [(at, probabilities[at]) for at in _chosen(probabilities)]


def _chosen(probabilities: Sequence[float]) -> list[int]:
    """The blocks but the first that open posts."""
    return decoding.chosen(probabilities, whole=WHOLE, needed=NEEDED)[1:]


def _raised(found: Blocks, probabilities: list[float]) -> list[float]:
    """The probabilities with those of copies, and with all at ordinary gaps raised if more copies
    open posts than the model expects.

    So many posts hide here that the other places are likelier to open one as well.
    """
    raised = _with_onsets(found, probabilities)
    onsets = [at for at in _chosen(raised) if raised[at] > probabilities[at]]
    if not onsets:
        return raised
    expected = sum(probabilities[at] for at in onsets)
    factor = min(MOST_RAISED, (len(onsets) + 1) / (expected + 1))
    likelier = [
        one if long else factor * one / (1 - one + factor * one)
        for one, long in zip(probabilities, found.wide, strict=True)
    ]
    return _with_onsets(found, likelier)


def _with_onsets(found: Blocks, probabilities: Sequence[float]) -> list[float]:
    """The probabilities, those of the first copy of each open post not below ``ONSET``."""
    raised = list(probabilities)
    opened = set(_chosen(probabilities))
    copied = found.copied.share
    quotes = copied[0] > 0
    for at in range(1, len(found)):
        if at in opened:
            quotes = False
        elif not (found.wide[at] or quotes) and _onset(found, at):
            raised[at] = max(raised[at], ONSET)
        quotes = quotes or copied[at] > 0
    return raised


def _headed(document: Document) -> Iterator[Boundary]:
    if 0 not in document.headers:
        yield Boundary(0, Cue.FIRST, 1.0)
    for line in sorted(document.headers):
        yield Boundary(line, Cue.HEADER, HEADER)


def _hiding(places: Sequence[float], wide: Sequence[bool], habit: Hiding) -> bool:
    """Whether longer gaps tell posts apart, but surely not all of them."""
    ordinary = [one for one, long in zip(places, wide[1:], strict=True) if not long]
    sure = sum(one >= SURE for one in ordinary)
    enough = sure >= max(HABIT, habit.hidden * sum(wide))
    return any(wide) and (enough or max(ordinary, default=0.0) >= habit.certain)


def _onset(found: Blocks, at: int) -> bool:
    """Whether a copy begins with the block that no words lead up to."""
    copied = found.copied
    if not copied.first[at] or copied.sources[at] < 0 or copied.share[at - 1]:
        return False
    return found.texts[at - 1][-1] not in ":,"


def _cue(found: Blocks, at: int, wording: float) -> Cue:
    """The strongest of what speaks for the place, in the order in which people would see it."""
    if found.wide[at]:
        return Cue.GAP
    if found.depths[at] or found.attributions[at]:
        return Cue.MARKED
    if found.copied.first[at]:
        return Cue.QUOTATION
    return Cue.OPENING if wording > OPENING else Cue.LAYOUT
