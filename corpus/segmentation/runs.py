"""Copies as parts of posts: what each copies where, joined where one goes on with the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.segmentation import marks
from corpus.segmentation.copies import Copy
from corpus.segmentation.document import Document
from corpus.spans import Span

#: Words a quotation may leave out between two paragraphs; a link that was dropped has fewer.
SKIPPED = 12


@dataclass(frozen=True, slots=True)
class Source:
    """The part of one earlier utterance that is copied."""

    utterance: int
    span: Span
    words: range


@dataclass(frozen=True, slots=True)
class Part:
    """A copy, its utterance, and what it copies there."""

    copy: Copy
    utterance: int
    span: Span
    words: range
    source: Source | None

    def goes_on_with(self, other: Part) -> bool:
        """Whether one quotation holds both: the same source in its order, no words between.

        What is quoted behind ">" ends where the marks change.
        """
        if self.copy.marked or other.copy.marked or self.source is None or other.source is None:
            return False
        same = (self.utterance, self.source.utterance) == (other.utterance, other.source.utterance)
        skipped = other.source.words.start - self.source.words.stop
        return same and 0 <= skipped <= SKIPPED and self.words.stop == other.words.start


@dataclass(frozen=True, slots=True)
class Run:
    """The parts of what may be one quotation."""

    parts: tuple[Part, ...]
    source: Source | None

    @property
    def utterance(self) -> int:
        return self.parts[0].utterance

    @property
    def marked(self) -> bool:
        """Whether it stands behind ">"."""
        return self.parts[0].copy.marked

    @property
    def lines(self) -> range:
        return range(self.parts[0].copy.lines.start, self.parts[-1].copy.lines.stop)

    @property
    def span(self) -> Span:
        return Span(self.parts[0].span.start, self.parts[-1].span.end)

    @property
    def words(self) -> range:
        return range(self.parts[0].words.start, self.parts[-1].words.stop)


def _run(parts: Sequence[Part]) -> Run:
    first, last = parts[0].source, parts[-1].source
    if first is None or last is None:
        return Run(tuple(parts), None)
    words = range(first.words.start, last.words.stop)
    source = Source(first.utterance, Span(first.span.start, last.span.end), words)
    return Run(tuple(parts), source)


def find(document: Document, copies: Sequence[Copy], utterances: Sequence[Span]) -> Iterator[Run]:
    """Runs of copies of earlier utterances, in order.

    An unmarked copy of words of its own utterance is left out; a marked one has no source.
    """
    placed = _Placing(document, utterances)
    run: list[Part] = []
    for part in filter(None, map(placed.part, copies)):
        if run and not run[-1].goes_on_with(part):
            yield _run(run)
            run = []
        run.append(part)
    if run:
        yield _run(run)


class _Placing:
    """Finds the utterances in which copies and their originals stand."""

    def __init__(self, document: Document, utterances: Sequence[Span]) -> None:
        self.document, self.utterances = document, utterances
        self.starts = [span.start for span in utterances]

    def part(self, copy: Copy) -> Part | None:
        span = self.document.joined(copy.lines)
        utterance = self._home(span.start)
        source = self._source(copy)
        if source is not None and source.utterance >= utterance:
            source = None
        if source is None and not copy.marked:
            return None
        return Part(copy, utterance, span, self.document.words_of(copy.lines), source)

    def _home(self, at: int) -> int:
        return bisect_right(self.starts, at) - 1

    def _source(self, copy: Copy) -> Source | None:
        """The original as far as it lies in the utterance where it begins, if it begins in one."""
        if copy.original is None:
            return None
        words = self.document.words
        home = self._home(words.starts[copy.original.words.start])
        if home < 0:
            return None
        stop = min(copy.original.words.stop, words.between(self.utterances[home]).stop)
        chosen = range(copy.original.words.start, stop)
        if not chosen:  # It begins in what is no one's words.
            return None
        return Source(home, self._with_signs(copy, chosen, self.utterances[home]), chosen)

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
