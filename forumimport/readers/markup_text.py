"""Text of HTML as it grows: white space as a browser lays it out, and marks for spans to be."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.spans import Span

_WHITE = re.compile(r"[ \t\n\r\f]+")


@dataclass(slots=True)
class Mark:
    """A stretch in the making: ``start`` is where its first character came to stand."""

    start: int = -1
    end: int = -1

    def span(self, text: str) -> Span | None:
        return Span(self.start, self.end).trimmed(text) if 0 <= self.start < self.end else None


@dataclass(slots=True)
class Writer:
    """Text as it grows; space between words is written when the next word comes."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    space: str = ""
    lines: int = 0
    breaks: int = 0
    waiting: list[Mark] = field(default_factory=list)

    def words(self, text: str) -> None:
        text = _WHITE.sub(" ", text)
        if text.startswith(" "):
            self.space = self.space or " "
        if words := text.strip(" "):
            self.verbatim(words)
        if words and text.endswith(" "):
            self.space = " "

    def verbatim(self, text: str) -> None:
        if self.parts:
            lines = max(self.lines, self.breaks)
            self._put("\n" * lines if lines else self.space)
        self.space, self.lines, self.breaks = "", 0, 0
        for mark in self.waiting:
            mark.start = self.length
        self.waiting.clear()
        self._put(text)

    def gap(self, lines: int) -> None:
        self.lines = max(self.lines, lines)

    def opened(self) -> Mark:
        mark = Mark()
        self.waiting.append(mark)
        return mark

    def close(self, mark: Mark) -> None:
        mark.end = self.length
        if mark.start < 0:
            self.waiting.pop()  # Elements end in the order opposite to that they began in.

    def _put(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.length += len(text)
