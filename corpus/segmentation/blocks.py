"""Blocks: the lines between two gaps, and what of them is copied.

A block is a paragraph, or a whole short post. Posts start only where blocks do.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.segmentation import attributions, gaps
from corpus.segmentation.copies import Copy
from corpus.segmentation.document import Document

#: Lines an introduction is wrapped over at most.
INTRODUCTION_LINES = 3


@dataclass(slots=True)
class Copied:
    """What copies tell of blocks, as columns over them.

    ``share`` is how much of a block is copied, ``first`` and ``last`` tell whether its first and
    last lines are, ``sources`` from which block, or -1; the others, how often a later copy begins,
    goes on or ends with the block, and how often it is all copied.
    """

    share: list[float]
    first: list[bool]
    last: list[bool]
    sources: list[int]
    quoted_first: list[int]
    quoted_inner: list[int]
    quoted_last: list[int]
    quoted_whole: list[int]


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of ``document`` in order, as columns: entry n of each speaks of block n.

    ``texts`` are all of them, ``last_lines`` what stands on their last lines.
    ``gaps`` are the blank lines before them, and ``wide`` tells where these are more than before a
    paragraph; ``depths`` are how deep their first lines are quoted, and ``attributions`` tells
    which begin with whose words come next.
    """

    document: Document
    lines: list[range]
    texts: list[str]
    last_lines: list[str]
    words: list[range]
    gaps: list[int]
    wide: list[bool]
    depths: list[int]
    attributions: list[bool]
    copied: Copied

    def __len__(self) -> int:
        return len(self.lines)


def find(document: Document, copies: Sequence[Copy]) -> Blocks:
    """All blocks of a document in which ``copies`` were found."""
    edges = [n for n, line in enumerate(document.lines) if line.blanks or not n]
    ends = [*edges[1:], len(document.lines)] if edges else []
    chosen = list(map(range, edges, ends))
    firsts = [document.lines[first] for first in edges]
    lasts = [document.lines[end - 1].span for end in ends]
    texts = [
        document.text[line.span.start : last.end] for line, last in zip(firsts, lasts, strict=True)
    ]
    words_in = document.words_in
    words = [
        range(words_in[first].start, words_in[end - 1].stop)
        for first, end in zip(edges, ends, strict=True)
    ]
    return Blocks(
        document=document,
        lines=chosen,
        texts=texts,
        last_lines=[last.of(document.text) for last in lasts],
        words=words,
        gaps=[line.blanks for line in firsts],
        wide=[gaps.longer(line.blanks, document.paragraph_gap) for line in firsts],
        depths=[document.depths[first] for first in edges],
        attributions=[len(lines) > 1 and _leads(document, lines) for lines in chosen],
        copied=_copied(document, chosen, texts, words, copies),
    )


def _leads(document: Document, lines: range) -> bool:
    """Whether the block begins with "X wrote:", perhaps wrapped above what is quoted."""
    depths, first = document.depths, lines.start
    if depths[first]:
        return False
    quoted = any(depths[line] for line in lines[1 : INTRODUCTION_LINES + 1])
    return quoted or attributions.recognised(document.lines[first].span.of(document.text))


def _copied(
    document: Document,
    lines: Sequence[range],
    texts: Sequence[str],
    words: Sequence[range],
    copies: Sequence[Copy],
) -> Copied:
    """What of every block is copied, and what later copies take from it."""
    count = len(lines)
    found = Copied(
        share=[0.0] * count,
        first=[False] * count,
        last=[False] * count,
        sources=[-1] * count,
        quoted_first=[0] * count,
        quoted_inner=[0] * count,
        quoted_last=[0] * count,
        quoted_whole=[0] * count,
    )
    if not copies:
        return found
    first_lines, first_words = [some.start for some in lines], [some.start for some in words]
    for copy in copies:
        at = bisect_right(first_lines, copy.lines.start) - 1
        found.share[at] += len(document.joined(copy.lines)) / len(texts[at])
        found.first[at] = found.first[at] or copy.lines.start == lines[at].start
        found.last[at] = found.last[at] or copy.lines.stop == lines[at].stop
        if copy.original:
            taken = copy.original.words
            first = bisect_right(first_words, taken.start) - 1
            last = bisect_right(first_words, taken.stop - 1) - 1
            if found.sources[at] < 0:
                found.sources[at] = first
            if 0 <= first < at:
                starts = taken.start <= words[first].start
                ends = taken.stop >= words[last].stop
                _quote(found, first, last, starts=starts, ends=ends)
    return found


def _quote(found: Copied, first: int, last: int, *, starts: bool, ends: bool) -> None:
    """Note that a copy takes words from block ``first`` to ``last``: ``starts`` tells whether from
    the first one's beginning on, and ``ends`` whether to the last one's end."""
    found.quoted_first[first] += starts
    found.quoted_last[last] += ends
    for block in range(first, last + 1):
        found.quoted_whole[block] += starts and ends
        found.quoted_inner[block] += block > first
