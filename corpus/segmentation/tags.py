"""BBCode left in a text: lines end where quotations open and close, and how deep they lie."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from corpus.segmentation.lines import Line
from corpus.spans import Span

_TAG = re.compile(r"\[quote(?:[=: ][^\]\n]{0,150})?\]|\[/quote\]", re.IGNORECASE)


def closing(line: str) -> bool:
    """Whether a line is the end of a quotation and nothing else."""
    return line[:8].casefold() == "[/quote]" and len(line) == 8


def parted(text: str, lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, with tags on lines of their own.

    >>> from corpus.segmentation.lines import filled
    >>> text = "[quote=Ada]Why?[/quote] Because."
    >>> [line.span.of(text) for line in parted(text, filled(text))]
    ['[quote=Ada]', 'Why?', '[/quote]', 'Because.']
    """
    for line in lines:
        # Asked line by line: these may be few of a long text, of which many parts are asked for.
        if text.find("[", line.span.start, line.span.end) < 0:
            yield line
            continue
        tags = _TAG.finditer(text, line.span.start, line.span.end)
        at, blanks = line.span.start, line.blanks
        for edge in (*(edge for tag in tags for edge in tag.span()), line.span.end):
            part = Span(at, edge).trimmed(text) if at < edge else None
            if part:
                yield Line(part, blanks)
                blanks = 0
            at = edge


def depths(
    text: str, lines: Sequence[Line], apart: AbstractSet[int], attributed: Sequence[bool]
) -> list[int]:
    """How many quotations each line lies in, of those that are closed before a line ``apart``.

    A tag lies outside of its own quotation, and so does a line right below that says whose it is.
    """
    found = [0] * len(lines)
    if not _TAG.search(text):
        return found
    began: list[int] = []
    edges = [0] * (len(lines) + 1)
    for number, line in enumerate(lines):
        if number in apart:
            began.clear()
        tag = _TAG.fullmatch(text, line.span.start, line.span.end)
        if tag and not closing(tag.group()):
            began.append(number)
        elif tag and began:
            first = began.pop() + 1
            if first < number - 1 and attributed[first]:
                first += 1
            edges[first] += 1
            edges[number] -= 1
    depth = 0
    for number in range(len(lines)):
        depth += edges[number]
        found[number] = depth
    return found


def glued(lines: Sequence[Line], deep: Sequence[int]) -> list[Line]:
    """The lines, without gaps before those in a quotation: it is one, whatever gaps are in it."""
    return [Line(line.span, 0) if depth else line for line, depth in zip(lines, deep, strict=True)]
