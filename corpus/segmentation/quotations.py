"""Copies become quotations once it is known where posts start and end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.segmentation import attributions, marks, signs
from corpus.segmentation.copies import Copy
from corpus.segmentation.document import Document
from corpus.segmentation.structure import RecoveredQuotation
from corpus.spans import Span

#: Share of such quotations that the training threads (all but the dialect "header") have too, span
#: for span and with this source post. Behind ">":
MARKED, UNRESOLVED = 0.94, 0.81
#: Unmarked, by likeness: nothing differs, the same words, some words differ. The threads' forums
#: do not know of every copy a writer made by hand, so the true shares are higher.
VERBATIM, SIMILAR, EDITED = 0.85, 0.49, 0.26
#: Words a quotation may leave out between two paragraphs; a link that was dropped has fewer.
SKIPPED = 12
#: Share of digits and signs from which on a copy amid an utterance is program code or a log.
SIGNS = 0.09
#: Similarity of a copy with the same words but other signs or capitals.
SAME_WORDS = 0.99
#: Highest similarity of what is not verbatim.
ALMOST = 0.9999


@dataclass(frozen=True, slots=True)
class _Source:
    """The part of one earlier utterance that is copied."""

    utterance: int
    span: Span
    words: range


@dataclass(frozen=True, slots=True)
class _Part:
    """A copy, its utterance, and what it copies there."""

    copy: Copy
    utterance: int
    span: Span
    words: range
    source: _Source | None

    def goes_on_with(self, other: _Part) -> bool:
        """Whether one quotation holds both: the same source in its order, no words between.

        What is quoted behind ">" ends where the marks change.
        """
        if self.copy.marked or other.copy.marked or self.source is None or other.source is None:
            return False
        same = (self.utterance, self.source.utterance) == (other.utterance, other.source.utterance)
        skipped = other.source.words.start - self.source.words.stop
        return same and 0 <= skipped <= SKIPPED and self.words.stop == other.words.start


def find(
    document: Document, copies: Sequence[Copy], utterances: Sequence[Span]
) -> Iterator[RecoveredQuotation]:
    """Copies of earlier utterances, joined where one goes on with the other; in order.

    An unmarked copy of words of its own utterance is no quotation; a marked one has no source.
    """
    return _Finder(document, utterances).run(copies)


@dataclass(slots=True)
class _Finder:
    document: Document
    utterances: Sequence[Span]
    starts: list[int] = field(init=False)
    #: By utterance: the words it quotes, and the first and last of its own.
    quoted: dict[int, list[range]] = field(default_factory=dict)
    authored: dict[int, range] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.starts = [span.start for span in self.utterances]

    def run(self, copies: Sequence[Copy]) -> Iterator[RecoveredQuotation]:
        run: list[_Part] = []
        for part in filter(None, map(self._part, copies)):
            if run and not run[-1].goes_on_with(part):
                yield from self._quotation(run)
                run = []
            run.append(part)
        if run:
            yield from self._quotation(run)

    def _part(self, copy: Copy) -> _Part | None:
        span = self.document.joined(copy.lines)
        utterance = self._home(span.start)
        source = self._source(copy)
        if source is not None and source.utterance >= utterance:
            source = None
        if source is None and not copy.marked:
            return None
        return _Part(copy, utterance, span, self.document.words_of(copy.lines), source)

    def _home(self, at: int) -> int:
        return bisect_right(self.starts, at) - 1

    def _source(self, copy: Copy) -> _Source | None:
        """The original as far as it lies in the utterance where it begins."""
        if copy.original is None:
            return None
        words = self.document.words
        home = self._home(words.starts[copy.original.words.start])
        if home < 0:
            return None
        stop = min(copy.original.words.stop, words.between(self.utterances[home]).stop)
        chosen = range(copy.original.words.start, stop)
        return _Source(home, self._with_signs(copy, chosen, self.utterances[home]), chosen)

    def _with_signs(self, copy: Copy, chosen: range, home: Span) -> Span:
        """The ``chosen`` words of ``home`` with the signs around them that the copy has as well.

        The copy "(so they say)." of "(so they say). And" is copied with its brackets.
        """
        text, words = self.document.text, self.document.words
        span, later = words.span(chosen), self.document.words_of(copy.lines)
        first = self.document.lines[copy.lines.start].span
        lead = marks.stripped(text[first.start : words.starts[later.start]])
        tail = text[words.ends[later.stop - 1] : self.document.lines[copy.lines.stop - 1].span.end]
        start, end = span.start - len(lead), span.end + len(tail)
        if start < home.start or not text.startswith(lead, start):
            start = span.start
        if end > home.end or not text.startswith(tail, span.end):
            end = span.end
        return Span(start, end)

    def _quotation(self, run: Sequence[_Part]) -> Iterator[RecoveredQuotation]:
        first, last = run[0], run[-1]
        span = Span(first.span.start, last.span.end)
        head = self._head(first)
        marked = first.copy.marked or head is not None
        words = range(first.words.start, last.words.stop)
        if not marked and not self._answered(run, span, words):
            return
        self.quoted.setdefault(first.utterance, []).append(words)
        source = similarity = None
        if first.source and last.source:
            source = Span(first.source.span.start, last.source.span.end)
            similarity = self._similarity(run)
        yield RecoveredQuotation(
            utterance=first.utterance,
            span=span,
            source=source,
            source_utterance=first.source.utterance if first.source else None,
            similarity=similarity,
            marked=marked,
            whole=self._whole(run),
            confidence=_confidence(similarity, marked),
            attributed=attributions.name(head) if head else "",
        )

    def _head(self, first: _Part) -> str | None:
        """The line right above that says whose words these are."""
        line = first.copy.lines.start
        if line == 0 or self.document.lines[line].blanks:
            return None
        above = marks.stripped(self.document.lines[line - 1].span.of(self.document.text))
        return above if attributions.recognised(above) else None

    def _answered(self, run: Sequence[_Part], span: Span, words: range) -> bool:
        """Whether an unmarked copy is likely to be quoted: it opens the utterance, or words follow.

        An end that recurs is a signature (33 % of such copies are quotations in the training
        threads). Below an utterance's own words it quotes word for word: of the other copies there
        29 % are quotations, and of logs and program code 36 %.
        """
        utterance = self.utterances[self._home(span.start)]
        if span.start == utterance.start:
            return True
        if span.end == utterance.end:
            return False
        if self._follows_quotation(words.start, run[0].utterance):
            return True
        return self._similarity(run) >= SAME_WORDS and not self._technical(run)

    def _technical(self, run: Sequence[_Part]) -> bool:
        """Whether this is a part of program code or a log: so is the line above or below."""
        lines = range(run[0].copy.lines.start, run[-1].copy.lines.stop)
        around = [line for line in (lines.start - 1, lines.stop) if line < len(self.document.lines)]
        return self._signs(lines) >= SIGNS and any(
            self._signs(range(line, line + 1)) >= SIGNS for line in around
        )

    def _signs(self, lines: range) -> float:
        return signs.share(self.document.joined(lines).of(self.document.text))

    def _follows_quotation(self, word: int, utterance: int) -> bool:
        return any(quoted.stop == word for quoted in self.quoted.get(utterance, [])[-1:])

    def _similarity(self, run: Sequence[_Part]) -> float:
        """Share of common words, weighted by length; 1.0 only if not a sign differs."""
        alikes = [self._alike(part) for part in run]
        skipped = sum(
            later.source.words.start - earlier.source.words.stop
            for earlier, later in pairwise(run)
            if earlier.source and later.source
        )
        if skipped == 0 and min(alikes) == 1.0:
            return 1.0
        total = sum(len(part.words) for part in run)
        alike = sum(one * len(part.words) for one, part in zip(alikes, run, strict=True))
        return min(round(alike / (total + skipped / 2), 4), ALMOST)

    def _alike(self, part: _Part) -> float:
        if part.source is None or part.copy.original is None:
            return 0.0
        if self._plain(part.copy) == _folded(part.source.span.of(self.document.text)):
            return 1.0
        common = part.copy.original.share * len(part.words)
        shared = 2 * common / (len(part.words) + len(part.copy.original.words))
        return min(shared, SAME_WORDS)

    def _plain(self, copy: Copy) -> str:
        """The words of a copy without marks."""
        text, lines = self.document.text, self.document.lines
        plain = (lines[line].span.of(text) for line in copy.lines)
        return _folded(" ".join(map(marks.stripped, plain) if copy.marked else plain))

    def _whole(self, run: Sequence[_Part]) -> bool:
        first, last = run[0].source, run[-1].source
        if first is None or last is None:
            return False
        own = self._own(first.utterance)
        return first.words.start <= own.start and own.stop <= last.words.stop

    def _own(self, utterance: int) -> range:
        """An utterance's words without the quotations at its beginning and its end."""
        if utterance not in self.authored:
            words = self.document.words.between(self.utterances[utterance])
            start, stop = words.start, words.stop
            quoted = self.quoted.get(utterance, [])
            for quotation in quoted:
                start = quotation.stop if quotation.start == start else start
            for quotation in reversed(quoted):
                stop = quotation.start if quotation.stop == stop > start else stop
            self.authored[utterance] = range(start, stop) if start < stop else words
        return self.authored[utterance]


def _confidence(similarity: float | None, marked: bool) -> float:
    if marked:
        return UNRESOLVED if similarity is None else MARKED
    if similarity is None or similarity < SAME_WORDS:
        return EDITED
    return VERBATIM if similarity == 1.0 else SIMILAR


def _folded(text: str) -> str:
    return " ".join(text.split())
