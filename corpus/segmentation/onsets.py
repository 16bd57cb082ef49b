"""Places where a quotation begins after words of someone's own: replies like to open with one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.segmentation import gaps, marks
from corpus.segmentation.copies import Copy
from corpus.segmentation.document import Document

#: Lines an introduction is wrapped over at most.
INTRODUCTION_LINES = 3


@dataclass(frozen=True, slots=True)
class Onset:
    """A run of copies: ``line`` would open the post, ``stop`` is the line after the run.

    ``line`` is that of the first copy, or that of "X wrote:" right above it; ``source_line`` the
    one where the original begins, None if the words do not occur earlier.
    """

    line: int
    stop: int
    copy: Copy
    source_line: int | None

    @property
    def introduced(self) -> bool:
        return self.line != self.copy.lines.start


def find(document: Document, copies: Sequence[Copy]) -> Iterator[Onset]:
    """One for every run of copies; after a longer gap a run of its own begins."""
    firsts = [line.span.start for line in document.lines]
    last = 0
    for run in _runs(document, copies):
        copy, source = run[0], None
        if copy.original:
            at = document.words.starts[copy.original.words.start]
            source = bisect_right(firsts, at) - 1
        line = _introduction(document, copy.lines.start, last)
        last = run[-1].lines.stop
        yield Onset(line, last, copy, source)


def _runs(document: Document, copies: Sequence[Copy]) -> Iterator[list[Copy]]:
    """Copies with no other line between them."""
    run: list[Copy] = []
    for copy in copies:
        start = copy.lines.start
        apart = gaps.longer(document.lines[start].blanks, document.paragraph_gap)
        if run and (apart or run[-1].lines.stop != start):
            yield run
            run = []
        run.append(copy)
    if run:
        yield run


def _introduction(document: Document, line: int, after: int) -> int:
    """Where the words "X wrote:" begin that stand directly above ``line``, else ``line``.

    They begin at ``after`` or below it and may be wrapped over a few lines.
    """
    first = line - 1
    if document.lines[line].blanks or first < after:
        return line
    if not marks.introduces(document.lines[first].span.of(document.text)):
        return line
    for above in range(first, max(after, line - INTRODUCTION_LINES) - 1, -1):
        if document.lines[above].blanks:
            return above
    return first
