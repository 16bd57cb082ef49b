"""A text as the cues read it: title, lines below it, their words and how deep they are quoted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from corpus.segmentation import gaps, lines, marks, titles, words
from corpus.segmentation.lines import Line
from corpus.segmentation.words import Words
from corpus.spans import Span


@dataclass(frozen=True, slots=True)
class Document:
    """Columns over ``lines``: entry n of ``words_in`` and ``depths`` speaks of line n."""

    text: str
    title: Span | None
    lines: list[Line]
    paragraph_gap: int
    words: Words
    words_in: list[range]
    depths: list[int]

    @property
    def first_word(self) -> int:
        """Index of the first word below the title."""
        return self.words_in[0].start if self.words_in else 0

    def joined(self, chosen: range) -> Span:
        """From the beginning of the first to the end of the last of the lines ``chosen``."""
        return Span(self.lines[chosen.start].span.start, self.lines[chosen.stop - 1].span.end)

    def words_of(self, chosen: range) -> range:
        """All words of the lines ``chosen``."""
        return range(self.words_in[chosen.start].start, self.words_in[chosen.stop - 1].stop)


def read(text: str) -> Document:
    """Everything the cues need, in one pass each."""
    filled = list(lines.filled(text))
    title = titles.find(filled)
    body = filled[1:] if title else filled
    found = words.find(text)
    return Document(
        text=text,
        title=title,
        lines=body,
        paragraph_gap=gaps.paragraph_gap(line.blanks for line in islice(body, 1, None)),
        words=found,
        words_in=[found.between(line.span) for line in body],
        depths=[marks.depth(line.span.of(text)) for line in body],
    )
