"""Header lines before posts, found because their shape recurs; no forum's name is needed.

The line that shows a date anchors a header. Lines above and below belong to it as far as they look
the same around nearly every anchor. What varies between the posts is the name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from corpus.segmentation import datelines, marks, naming, titles
from corpus.segmentation.data import labels, load
from corpus.segmentation.datelines import Date
from corpus.segmentation.lines import Line
from corpus.spans import Span

#: Fewest headers that make a shape, at the top of the text and elsewhere.
AT_TOP, ELSEWHERE = 2, 4
#: Share of the anchors around which a line must look the same.
ALIKE = 0.85
#: Lines looked at above and below an anchor.
REACH = 8
#: What may stand above the first header: so many lines of navigation, each so short.
NAVIGATION, SHORT = 25, 60
#: Shapes that are tried.
TRIED = 4
#: Share of anchors right above ">" from which on they are no headers but introduce quotations.
INTRODUCING = 0.5
#: Words and characters on an anchor beside its date; names are short.
WORDS, CHARACTERS = 8, 60
#: Share of the steps between numbers of posts that are by one; deleted posts are left out.
COUNTING = 0.5
#: Share of the anchors that must have words below them before the next.
FILLED = 0.7

# "#12", "Post 12", "12/40"; "Posts:"; "#12" behind words.
_NUMBER = re.compile(r"\W{0,2}(?:[^\W\d_]+\s)?\d+\W{0,2}(?:\s?/\s?\d+)?")
_COUNT = re.compile(r"#\s?\d")
_LABEL = re.compile(r"([^\W\d_][^:\d\n]{0,23}?)\s?:(?=\s|$)")
# "#12 Fen", "Post 12", "No.12", "Fen #12"; "12 posts" where nothing else is on the line.
_POST_NUMBER = re.compile(
    r"(?:^[\W_]{0,3}(?:[^\W\d_]{1,10}\.?\s?)?[#\s]{0,2}|#\s?)(\d{1,9})(?![\d.,:]*\d)"
)
_AMOUNT = re.compile(r"\W*\d+\s[^\W\d_]+\W*")
# "(edited)" behind a date.
_REMARK = re.compile(r"^\s*[(\[][^()\[\]\d]{1,30}[)\]]")


@dataclass(frozen=True, slots=True)
class Header:
    """The lines ``[first, stop)`` before a post, and what they say; names and dates may lack.

    ``number`` is that of the post, as written, empty where none counts up from header to header.
    """

    lines: range
    span: Span
    name: Span | None
    date: Date | None
    number: str = ""


def find(lines: Sequence[Line], text: str, title: Span | None) -> list[Header]:
    """All headers in order; empty if the text has none.

    >>> text = "Owls\\n\\nFen, 3 May 2011\\nWho?\\n\\nWren, 4 May 2011\\nWe."
    >>> from corpus.segmentation.lines import filled
    >>> [header.name.of(text) for header in find(list(filled(text))[1:], text, Span(0, 4))]
    ['Fen', 'Wren']
    """
    page = _Page(lines, text, titles.folded(title.of(text)) if title else "")
    for anchors in _shapes(page):
        headers = _Shape(page, list(_without_quoted(page, anchors))).headers()
        if headers:
            return headers
    return []


class _Page:
    """The lines with the dates on them."""

    def __init__(self, lines: Sequence[Line], text: str, title: str) -> None:
        self.lines, self.text, self.title = lines, text, title.casefold()
        self.dates: dict[int, Date] = {}
        #: Lines with a date that is not the post's: since when its writer is a member.
        self.since: set[int] = set()
        for number, line in enumerate(lines):
            if len(line.span) <= datelines.LONGEST and (date := datelines.find(self.of(number))):
                if self._is_since(number, date):
                    self.since.add(number)
                else:
                    self.dates[number] = date

    def _is_since(self, line: int, date: Date) -> bool:
        """Whether words like "Joined" stand before the date, or alone on the line above."""
        words = self.of(line)
        before = words[: date.start]
        if not before and date.end == len(words) and line and not self.lines[line].blanks:
            before = self.of(line - 1)
        return bool(before) and _since().match(before) is not None

    def of(self, line: int) -> str:
        return self.lines[line].span.of(self.text)

    def joined(self, block: range) -> Span:
        return Span(self.lines[block.start].span.start, self.lines[block.stop - 1].span.end)

    def beside(self, line: int) -> tuple[str, str]:
        """What stands on an anchor before and after its date."""
        whole, date = self.of(line), self.dates[line]
        return whole[: date.start], whole[date.end :]

    def titles(self, line: int) -> bool:
        """Whether the line repeats the title, perhaps after "Re:"."""
        words = titles.folded(self.of(line)).casefold()
        if not self.title:
            return False
        label, _, rest = words.partition(":")
        return self.title in (words, rest.strip() if label in labels("answers") else words)


def _shapes(page: _Page) -> Iterator[list[int]]:
    """Groups of anchors that look alike: the one at the top of the text, then the largest."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for line in page.dates:
        if key := _key(page, line):
            groups.setdefault(key, []).append(line)
    found = sorted(groups.values(), key=lambda group: (group[0] > REACH, -len(group), group[0]))
    for group in found[:TRIED]:
        if len(group) >= AT_TOP:
            yield group


def _without_quoted(page: _Page, anchors: Sequence[int]) -> Iterator[int]:
    """The anchors but for those that say again, right below another, what an earlier one said.

    Some engines put the header of a post above a quotation of it.
    """
    said: set[str] = set()
    before = -2
    for anchor in anchors:
        words = page.of(anchor)
        if anchor != before + 1 or words not in said:
            yield anchor
            before = anchor
        said.add(words)


def _key(page: _Page, line: int) -> tuple[str, ...]:
    """What stands next to the date and first on the line; names are masked."""
    before, after = page.beside(line)
    if len(before) + len(after) > CHARACTERS + len(page.title):
        return ()
    left, right = naming.TOKEN.findall(before), naming.TOKEN.findall(_REMARK.sub("", after))
    if len(left) + len(right) > WORDS or page.dates[line].precision == "month":
        return ()
    return (
        "date",
        _mask(left[0]) if left else "",
        _mask(left[-1]) if left else "",
        *map(_mask, right),
    )


def _mask(token: str) -> str:
    if token[0].isalnum() or token[0] == "_":
        word = token.casefold()
        return word if word in labels("edges") else "0" if word.isdigit() else "w"
    return token


class _Shape:
    """One shape of header: which lines around its anchors belong to it, and where names stand."""

    def __init__(self, page: _Page, anchors: list[int]) -> None:
        self.page = page
        self.anchors = anchors
        self._constants: dict[int, frozenset[str]] = {}
        self.above = self._above()
        self.below = self._below()

    def headers(self) -> list[Header]:
        """The headers, if the shape passes for one."""
        blocks = [self._block(anchor) for anchor in self.anchors]
        if not (self._opens(blocks[0]) and self._stands_apart(blocks) and self._filled(blocks)):
            return []
        name_at = self._name_offset()
        if self._introduces() or (name_at is None and len(blocks) < ELSEWHERE):
            return []
        return [
            Header(
                block,
                self.page.joined(block),
                self._name(anchor, name_at),
                self.page.dates[anchor],
                number,
            )
            for anchor, block, number in zip(self.anchors, blocks, self._numbers(), strict=True)
        ]

    def _numbers(self) -> list[str]:
        """The number of each post: that which rises all the time, and mostly by one."""
        for offset in range(-self.above, self.below + 1):
            found = [self._number(anchor, offset) for anchor in self.anchors]
            numbers = [number for _before, number in found]
            if not all(numbers) or len({before for before, _number in found}) > 1:
                continue
            steps = [int(later) - int(one) for one, later in pairwise(numbers)]
            by_one = steps.count(1)
            if by_one > 1 and min(steps) > 0 and by_one >= COUNTING * len(steps):
                return numbers
        return [""] * len(self.anchors)

    def _number(self, anchor: int, offset: int) -> tuple[str, str]:
        """What may be the post's number, with what stands before it."""
        line = anchor + offset
        if not 0 <= line < len(self.page.lines) or line in self.page.since:
            return "", ""
        words = " ".join(self.page.beside(line)) if not offset else self.page.of(line)
        found = None if offset and _AMOUNT.fullmatch(words) else _POST_NUMBER.search(words)
        if not found:
            return "", ""
        return "#" if "#" in found[0] else words[: found.start(1)].casefold(), found[1]

    def _opens(self, block: range) -> bool:
        """Whether nothing but navigation stands above the first header."""
        if block.start == 0:
            return True
        above = self.page.lines[: block.start]
        short = all(len(line.span) <= SHORT for line in above)
        return short and len(above) <= NAVIGATION and len(self.anchors) >= ELSEWHERE

    def _stands_apart(self, blocks: Sequence[range]) -> bool:
        """Whether a gap is above the headers; they end no paragraph."""
        apart = sum(not b.start or self.page.lines[b.start].blanks > 0 for b in blocks)
        return apart >= ALIKE * len(blocks)

    def _filled(self, blocks: Sequence[range]) -> bool:
        """Whether words stand below most headers, as they do not in a log or a list."""
        edges = [*(block.start for block in blocks[1:]), len(self.page.lines)]
        filled = sum(edge > block.stop for block, edge in zip(blocks, edges, strict=True))
        return filled >= FILLED * len(blocks)

    def _introduces(self) -> bool:
        """Whether these are lines like "On 3 May, Fen wrote:" above a quotation."""
        below = [anchor + 1 for anchor in self.anchors if anchor + 1 < len(self.page.lines)]
        quoted = sum(marks.depth(self.page.of(line)) > 0 for line in below)
        return quoted >= INTRODUCING * len(self.anchors)

    def _block(self, anchor: int) -> range:
        return range(
            max(0, anchor - self.above), min(len(self.page.lines), anchor + self.below + 1)
        )

    def _above(self) -> int:
        """How many lines above the anchor belong to it."""
        reach = 0
        for offset in range(1, REACH + 1):
            lines = self._at(-offset)
            could = len(self.anchors)
            if self.anchors[0] < offset and all(map(self.page.titles, lines)):
                could -= 1  # The title of the text is what stands there.
            if len(lines) < ALIKE * could or len(lines) < AT_TOP:
                break
            glued = self._share(self.page.lines[line + 1].blanks == 0 for line in lines)
            if glued < ALIKE and not (self._recurs(lines) or self._everywhere(lines)):
                break
            reach = offset
        return reach

    def _everywhere(self, lines: Sequence[int]) -> bool:
        """Whether the line is the same, or a rank, above all anchors: the first has no footer."""
        if len(lines) < max(ELSEWHERE, len(self.anchors)):
            return False
        words = [self.page.of(line).casefold() for line in lines]
        return len(set(words)) == 1 or all(map(naming.is_rank, words))

    def _below(self) -> int:
        """How many lines below it: up to the last that recurs, with no gap on the way."""
        reach = 0
        for offset in range(1, REACH + 1):
            lines = self._at(offset)
            if len(lines) < ALIKE * len(self.anchors) or len(lines) < AT_TOP:
                break
            if self._recurs(lines):
                reach = offset
            elif self._share(self.page.lines[line].blanks == 0 for line in lines) < ALIKE:
                break
        return reach

    def _constant(self, offset: int) -> frozenset[str]:
        """What all lines there have around the name; of anchors what is before the date."""
        if offset not in self._constants:
            lines = [line for line in self._at(offset) if line not in self.page.since]
            words = [self.page.of(line) if offset else self.page.beside(line)[0] for line in lines]
            enough = len(words) >= ELSEWHERE
            self._constants[offset] = (
                naming.constant(words, alone=offset != 0) if enough else frozenset()
            )
        return self._constants[offset]

    def _at(self, offset: int) -> list[int]:
        """The lines at ``offset`` from the anchors, none beyond the neighbour anchor."""
        edges = [-1, *self.anchors, len(self.page.lines)]
        return [
            anchor + offset
            for before, anchor, after in zip(edges, edges[1:], edges[2:], strict=False)
            if before < anchor + offset < after
        ]

    def _recurs(self, lines: Sequence[int]) -> bool:
        """Whether the lines are a number, the title, or have the same label or words."""
        shapes = Counter(map(self._line_shape, lines))
        shape, count = shapes.most_common(1)[0]
        return bool(shape) and count >= ALIKE * len(lines)

    def _line_shape(self, line: int) -> str:
        words = self.page.of(line)
        if len(words) > datelines.LONGEST:
            return ""
        if self.page.titles(line):
            return "title"
        if line in self.page.since:
            return "since"
        if _NUMBER.fullmatch(words):
            return "".join(
                token if not token.isdigit() else "0" for token in naming.TOKEN.findall(words)
            )
        label = _LABEL.match(words)
        if label and len(words) > label.end():
            return label[1].casefold()
        return ""

    @staticmethod
    def _share(facts: Iterator[bool]) -> float:
        known = list(facts)
        return sum(known) / len(known)

    def _name_offset(self) -> int | None:
        """Where the name stands from the anchor: on it, else the first line that varies."""
        for varied in (True, False):
            for offset in (0, *(o for o in range(-self.above, self.below + 1) if o)):
                if self._names(offset, varied=varied):
                    return offset
        return None

    def _names(self, offset: int, *, varied: bool) -> bool:
        names = [self._name(anchor, offset) for anchor in self.anchors]
        found = [name.of(self.page.text) for name in names if name]
        if len(found) < ALIKE * len(names):
            return False
        return len(set(found)) > 1 or not varied

    def _name(self, anchor: int, offset: int | None) -> Span | None:
        if offset is None or not 0 <= anchor + offset < len(self.page.lines):
            return None
        line = anchor + offset
        start, words = self.page.lines[line].span.start, self.page.of(line)
        if offset:
            return _name_line(self, line, start, words, self._constant(offset))
        date = self.page.dates[anchor]
        before = naming.bare(words, 0, date.start, self._constant(0))
        found = before if before else naming.bare(words, date.end, len(words), self._constant(0))
        if not found or _COUNT.search(words, found.start, found.stop):
            return None
        return Span(start + found.start, start + found.stop)


def _name_line(
    shape: _Shape, line: int, start: int, words: str, constant: frozenset[str]
) -> Span | None:
    """The name on a line of its own, or behind a label as "From:"."""
    kind = shape._line_shape(line)
    if kind in ("title", "since") or _NUMBER.fullmatch(words) or line in shape.page.dates:
        return None
    if kind and kind not in labels("authors"):
        return None
    first = words.index(":") + 1 if kind else 0
    name = naming.bare(words, first, len(words), None if kind else constant)
    if not name:
        return None
    if naming.is_rank(words[name.start : name.stop].casefold()):
        return None
    return Span(start + name.start, start + name.stop)


@cache
def _since() -> re.Pattern[str]:
    phrases = sorted(load("labels")["since"], key=len, reverse=True)
    return re.compile(rf"[\W_]*(?:{'|'.join(map(re.escape, phrases))})(?!\w)", re.IGNORECASE)
