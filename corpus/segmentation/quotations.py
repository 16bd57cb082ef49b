"""Copies become quotations once it is known where posts start and end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.segmentation import attributions, evidence, likeness, marks, repeats, runs
from corpus.segmentation.copies import Copy
from corpus.segmentation.document import Document
from corpus.segmentation.evidence import Context, Habits
from corpus.segmentation.runs import Run
from corpus.segmentation.structure import RecoveredQuotation
from corpus.spans import Span

#: Share of the quotations behind ">", or introduced by name, that the training threads (all but
#: the dialect "header") have too, span for span and with this source post.
MARKED, UNRESOLVED = 0.94, 0.81
#: From which confidence on an unmarked copy is a quotation, as chosen on a part of the training
#: threads (0.4 to 0.55 reach the same F1, and this finds most). Their forums do not know of every
#: copy a writer made by hand: true shares are higher.
QUOTED = 0.4
#: Share of quotations among copies of a few words that end their post as their original ended its
#: own: most are signatures.
SIGNED, SIGNATURE = 0.33, 12


@dataclass(frozen=True, slots=True)
class Judged:
    """A run and how far it is trusted; ``row`` is empty where marks leave nothing to judge."""

    run: Run
    confidence: float
    row: Sequence[float]
    head: str | None
    whole: bool


def find(
    document: Document, copies: Sequence[Copy], utterances: Sequence[Span]
) -> Iterator[RecoveredQuotation]:
    """Copies of earlier utterances, joined where one goes on with the other; in order.

    An unmarked copy of words of its own utterance is no quotation; a marked one has no source.
    """
    for one in judged(document, copies, utterances):
        if not one.row or one.confidence >= QUOTED:
            yield _quotation(document, one)


def judged(
    document: Document, copies: Sequence[Copy], utterances: Sequence[Span]
) -> Iterator[Judged]:
    """Everything that could be a quotation, in order."""
    completed = repeats.completed(document, copies, utterances)
    found = list(runs.find(document, completed, utterances))
    heads = [_head(document, run) for run in found]
    plain = [head for run, head in zip(found, heads, strict=True) if not run.marked]
    habits = Habits(
        marked=len(found) - len(plain),
        introduced=len(plain) - plain.count(None),
        plain=plain.count(None),
    )
    judge = _Judge(document, utterances, habits)
    for run, head in zip(found, heads, strict=True):
        yield judge.judged(run, head)


def _head(document: Document, run: Run) -> str | None:
    """The line right above that says whose words these are."""
    line = run.lines.start
    if line == 0 or document.lines[line].blanks:
        return None
    above = marks.stripped(document.lines[line - 1].span.of(document.text))
    return above if attributions.recognised(above) else None


@dataclass(slots=True)
class _Judge:
    document: Document
    utterances: Sequence[Span]
    habits: Habits
    #: By utterance: what it copies, and the first and last of its own words.
    copied: dict[int, list[Run]] = field(default_factory=dict)
    authored: dict[int, range] = field(default_factory=dict)

    def judged(self, run: Run, head: str | None) -> Judged:
        found = self._judged(run, head)
        self.copied.setdefault(run.utterance, []).append(run)
        return found

    def _judged(self, run: Run, head: str | None) -> Judged:
        above = self.copied.get(run.utterance, [None])[-1]
        context = Context(above, self._own(run.source.utterance) if run.source else range(0))
        whole = context.whole(run)
        if run.marked or head is not None:
            confidence = UNRESOLVED if run.source is None else MARKED
            return Judged(run, confidence, (), head, whole)
        utterance = self.utterances[run.utterance]
        row = evidence.row(self.document, run, utterance, self.habits, context)
        confidence = evidence.weights(evidence.kind(len(run.words))).confidence(row)
        signing = run.span.end == utterance.end and len(run.words) <= SIGNATURE
        if signing and context.signed(run):
            confidence = min(confidence, SIGNED)
        return Judged(run, confidence, row, head, whole)

    def _own(self, utterance: int) -> range:
        """An utterance's words without the copies at its beginning and its end."""
        if utterance not in self.authored:
            words = self.document.words.between(self.utterances[utterance])
            start, stop = words.start, words.stop
            copied = [run.words for run in self.copied.get(utterance, [])]
            for copy in copied:
                start = copy.stop if copy.start == start else start
            for copy in reversed(copied):
                stop = copy.start if copy.stop == stop > start else stop
            self.authored[utterance] = range(start, stop) if start < stop else words
        return self.authored[utterance]


def _quotation(document: Document, one: Judged) -> RecoveredQuotation:
    run, source = one.run, one.run.source
    return RecoveredQuotation(
        utterance=run.utterance,
        span=run.span,
        source=source.span if source else None,
        source_utterance=source.utterance if source else None,
        similarity=likeness.of(document, run) if source else None,
        marked=not one.row,
        whole=one.whole,
        confidence=round(one.confidence, 3),
        attributed=attributions.name(one.head) if one.head else "",
    )
