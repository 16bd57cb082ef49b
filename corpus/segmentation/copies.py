"""Paragraphs that repeat earlier ones, each resolved to where the words stood first.

A copy of a copy is never an original: it is left out of the index, so whatever repeats it resolves
to the first. What stands behind ">" is left out as well: its words were not said there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.segmentation import attributions, gaps, marks, signs
from corpus.segmentation.document import Document
from corpus.segmentation.originals import Original, Originals

#: Shortest unmarked copy that is looked up on its own; shorter ones only continue another.
#: Of verbatim paragraphs of 7 words 73 % are quotations in the training threads, of 6 words 65 %
#: (mail programs sign with as many).
WORDS, CHARACTERS = 7, 30
#: Shortest block behind ">" that is looked up.
MARKED_WORDS = 4
#: Shortest verbatim copy on the first lines of a paragraph whose other lines answer it.
LEADING_WORDS = 12
#: A quotation of fewer words is looked for word by word in the last posts of the one it names, so
#: many posts and words of each.
SHORT, POSTS, LOOKED_AT = 8, 20, 2000
#: Least share of an unmarked copy's words that must stand in its original, in the same order.
#: Below .8 the repeated lines of logs and program code outnumber edited quotations three to one.
SHARE = 0.8
#: Largest share of digits and signs in an edited copy. Above it are logs, lists and program code,
#: whose lines resemble each other: 23 % of them are quotations in the training threads.
SIGNS = 0.12


@dataclass(frozen=True, slots=True)
class Copy:
    """The lines that copy ``original``; a marked block may have none in this text."""

    lines: range
    marked: bool
    original: Original | None


def find(document: Document) -> list[Copy]:
    """Every copy of the document, in order, disjoint."""
    return _Search(document).run()


class _Search:
    """One pass over the lines: what a stretch copies is looked up before it can be an original."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.originals = Originals(document.words, first=document.first_word)
        self.plain: list[range] = []
        self.copies: list[Copy] = []

    def run(self) -> list[Copy]:
        for lines in stretches(self.document):
            if self.document.depths[lines.start]:
                self._marked(lines)
            else:
                self._unmarked(lines)
        return self.copies

    def _marked(self, lines: range) -> None:
        self.plain.clear()
        words = self.document.words_of(lines)
        long = len(words) >= MARKED_WORDS
        self.copies.append(Copy(lines, True, self.originals.find(words) if long else None))

    def _unmarked(self, lines: range) -> None:
        found = self._taken(lines)
        if found:
            self._reach_back(lines, found[0][1])
            self.copies.extend(Copy(part, False, original) for part, original in found)
            self.plain.clear()
        rest = range(found[-1][0].stop if found else lines.start, lines.stop)
        if rest:
            self.originals.add(self.document.words_of(rest))
            self.plain.append(rest)

    def _taken(self, lines: range) -> list[tuple[range, Original]]:
        """The whole stretch or its first lines, whichever is the copy; nothing if neither is."""
        whole = self._continued(lines) or self._found(lines)
        if whole and whole.share == 1.0:
            return [(lines, whole)]
        leading = self._leading(lines)
        if whole and (not leading or whole.words.stop > leading[-1][1].words.stop):
            return [(lines, whole)]
        return leading

    def _found(self, lines: range) -> Original | None:
        words = self.document.words_of(lines)
        if self.document.introduced(lines.start):
            if short := self._by_name(lines):
                return short
        elif len(words) < WORDS or len(self.document.joined(lines)) < CHARACTERS:
            return None
        original = self.originals.find(words)
        if original is None or original.share < SHARE:
            return None
        return None if original.share < 1.0 and self._technical(lines) else original

    def _by_name(self, lines: range) -> Original | None:
        """A short verbatim original in the last posts of the one who is named above ``lines``."""
        words = self.document.words_of(lines)
        if not 0 < len(words) < SHORT:
            return None
        above = self.document.lines[lines.start - 1].span.of(self.document.text)
        for post in reversed(self.document.posts_of(attributions.name(above))[-POSTS:]):
            own = self.document.words_of(post)
            last = min(own.stop, own.start + LOOKED_AT, words.start)
            within = range(max(own.start, self.document.first_word), last)
            for at in self.document.words.places(words, within):
                return Original(range(at, at + len(words)), 1.0)
        return None

    def _leading(self, lines: range) -> list[tuple[range, Original]]:
        """The verbatim copies on the first lines of a paragraph, which its other lines answer."""
        first = lines[:1]
        words = self.document.words_of(first)
        enough = MARKED_WORDS if self.document.introduced(lines.start) else LEADING_WORDS
        if len(lines) == 1 or len(words) < enough or self._technical(first):
            return []
        original = self.originals.find(words)
        if original is None or original.share < 1.0:
            return []
        found = [(first, original)]
        for line in lines[1:]:
            words, at = self.document.words_in[line], found[-1][1].words.stop
            if not self.originals.continues(words, at):
                break
            further = Original(range(at, at + len(words)), 1.0)
            found.append((range(line, line + 1), further))
        return found

    def _technical(self, lines: range) -> bool:
        return signs.share(self.document.joined(lines).of(self.document.text)) > SIGNS

    def _continued(self, lines: range) -> Original | None:
        """The words right after the original of the copy above, if this stretch repeats them."""
        above = self.copies[-1] if self.copies and not self.plain else None
        if above is None or above.marked or above.original is None:
            return None
        words, at = self.document.words_of(lines), above.original.words.stop
        if not self.originals.continues(words, at):
            return None
        return Original(range(at, at + len(words)), 1.0)

    def _reach_back(self, lines: range, original: Original) -> None:
        """Short stretches above that repeat the words right before ``original`` are copies too."""
        found: list[Copy] = []
        end, below = original.words.start, lines.start
        for lines in reversed(self.plain):
            if gaps.longer(self.document.lines[below].blanks, self.document.paragraph_gap):
                break
            words = self.document.words_of(lines)
            start = end - len(words)
            if not self.originals.continues(words, start):
                break
            found.append(Copy(lines, False, Original(range(start, end), 1.0)))
            end, below = start, lines.start
        self.copies.extend(reversed(found))


def stretches(document: Document) -> Iterator[range]:
    """Lines that can be a copy as a whole: a paragraph, or what is quoted equally deep.

    A line that introduces a quotation stands apart from it, one that only says whose words come
    next is left out; marked lines that hold nothing are left out at the edges.
    """
    lines, depths = document.lines, document.depths
    start = 0
    for at in range(1, len(lines) + 1):
        if at < len(lines) and not (
            lines[at].blanks
            or depths[at] != depths[at - 1]
            or (not depths[at] and (document.introduces(at - 1) or document.attributes(at)))
        ):
            continue
        chosen = range(start, at)
        if depths[start]:
            chosen = _quoted(document, chosen)
        elif len(chosen) == 1 and document.attributes(start):
            chosen = range(0)
        if chosen:
            yield chosen
        start = at


def _quoted(document: Document, lines: range) -> range:
    """The marked ``lines`` without empty ones at the edges and without the next quoter's name."""
    texts = [document.lines[line].span.of(document.text) for line in lines]
    start, stop = lines.start, lines.stop
    deeper = stop < len(document.lines) and document.depths[stop] > document.depths[start]
    if deeper and marks.introduces(texts[-1]):
        stop -= 1
    while stop > start and marks.bare(texts[stop - 1 - lines.start]):
        stop -= 1
    while start < stop and marks.bare(texts[start - lines.start]):
        start += 1
    return range(start, stop)
