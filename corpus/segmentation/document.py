"""A text as the cues read it: title, headers, the other lines, their words, how deep quoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from operator import add

from corpus.segmentation import (
    attributions,
    endings,
    gaps,
    headers,
    lines,
    marks,
    tags,
    titles,
    words,
)
from corpus.segmentation.headers import Header
from corpus.segmentation.lines import Line
from corpus.segmentation.structure import Boilerplate
from corpus.segmentation.words import Words
from corpus.spans import Span


@dataclass(frozen=True, slots=True)
class Document:
    """Columns over ``lines``: entry n of ``words_in``, ``depths`` and ``attributions`` (whether it
    looks like one) speaks of line n.

    Header lines and what ends posts are none of the ``lines``; ``headers`` keeps each header under
    the line it stands above. ``furniture`` are all of them, headers with nothing below them too.
    """

    text: str
    title: Span | None
    lines: list[Line]
    paragraph_gap: int
    words: Words
    words_in: list[range]
    depths: list[int]
    attributions: list[bool]
    headers: dict[int, Header]
    furniture: list[Boilerplate]
    posts_by_name: dict[str, list[range]]

    @property
    def first_word(self) -> int:
        """Index of the first word below the title."""
        return self.words_in[0].start if self.words_in else 0

    def attributes(self, line: int) -> bool:
        """Whether the line says whose words come next and is itself not quoted."""
        return self.attributions[line] and not self.depths[line]

    def introduces(self, line: int) -> bool:
        """Whether the line can introduce a quotation right after it, as ``marks`` has it."""
        span = self.lines[line].span
        return len(span) <= marks.LONGEST_INTRODUCTION and (
            self.attributions[line] or self.text[span.end - 1] == ":"
        )

    def introduced(self, line: int) -> bool:
        """Whether the line right above says whose words these are."""
        return line > 0 and not self.lines[line].blanks and self.attributes(line - 1)

    def posts_of(self, name: str) -> list[range]:
        """The lines of every post whose header names ``name``."""
        return self.posts_by_name.get(name.casefold(), [])

    def joined(self, chosen: range) -> Span:
        """From the beginning of the first to the end of the last of the lines ``chosen``."""
        return Span(self.lines[chosen.start].span.start, self.lines[chosen.stop - 1].span.end)

    def words_of(self, chosen: range) -> range:
        """All words of the lines ``chosen``."""
        return range(self.words_in[chosen.start].start, self.words_in[chosen.stop - 1].stop)


def read(text: str) -> Document:
    """Everything the cues need, in one pass each."""
    filled = list(tags.parted(text, lines.filled(text)))
    title = titles.find(filled)
    body = filled[1:] if title else filled
    found_headers = headers.find(body, text, title)
    body, opened, furniture = _without(body, found_headers, text)
    gap = gaps.paragraph_gap(
        line.blanks for number, line in islice(enumerate(body), 1, None) if number not in opened
    )
    attributed = [attributions.recognised(line.span.of(text)) for line in body]
    apart = {number for number, line in enumerate(body) if gaps.longer(line.blanks, gap)}
    tagged = tags.depths(text, body, apart.union(opened), attributed)
    body = tags.glued(body, tagged)
    found = words.find(text)
    return Document(
        text=text,
        title=title,
        lines=body,
        paragraph_gap=gap,
        words=found,
        words_in=found.in_each([line.span for line in body]),
        depths=list(map(add, tagged, (marks.depth(line.span.of(text)) for line in body))),
        attributions=attributed,
        headers=opened,
        furniture=furniture,
        posts_by_name=_by_name(text, opened, len(body)),
    )


def _by_name(text: str, opened: dict[int, Header], stop: int) -> dict[str, list[range]]:
    found: dict[str, list[range]] = {}
    for line, following in pairwise([*sorted(opened), stop]):
        if name := opened[line].name:
            found.setdefault(name.of(text).casefold(), []).append(range(line, following))
    return found


def _without(
    filled: list[Line], found: Sequence[Header], text: str
) -> tuple[list[Line], dict[int, Header], list[Boilerplate]]:
    """The lines that are words, the headers by the line below them, and what is no one's words.

    A line below a header has a longer gap before it than any paragraph.
    """
    body: list[Line] = []
    opened: dict[int, Header] = {}
    furniture: list[Boilerplate] = []
    at = 0
    for lines_taken, kind, header in _taken(filled, found, text):
        body.extend(filled[at : lines_taken.start])
        if header:
            opened[len(body)] = header
        start, stop = filled[lines_taken.start].span.start, filled[lines_taken.stop - 1].span.end
        furniture.append(Boilerplate(Span(start, stop), kind))
        at = lines_taken.stop
    body.extend(filled[at:])
    for line in opened:
        if line < len(body):
            body[line] = Line(body[line].span, gaps.BELOW_HEADER)
    return body, {line: header for line, header in opened.items() if line < len(body)}, furniture


def _taken(
    filled: list[Line], found: Sequence[Header], text: str
) -> list[tuple[range, str, Header | None]]:
    """The lines of headers and of what ends the posts below them, in order."""
    edges = [*(header.lines.start for header in found[1:]), len(filled)]
    posts = [
        (range(header.lines.stop, edge), header.name.of(text) if header.name else "")
        for header, edge in zip(found, edges, strict=False)
    ]
    taken: list[tuple[range, str, Header | None]] = [
        *((header.lines, "header", header) for header in found),
        *((ending.lines, ending.kind, None) for ending in endings.find(filled, text, posts)),
    ]
    return sorted(taken, key=lambda one: one[0].start)
