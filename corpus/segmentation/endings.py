"""What stands under posts and is no one's words: links to answer, page turns, signatures.

Looked for between headers, and known by recurring there: footers under nearly every post, page
turns by counting up, signatures under most posts of one speaker. No list of forums is needed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.segmentation.data import load
from corpus.segmentation.lines import Line

#: Fewest posts, and share of all posts, under which a line must recur to be a footer; its length.
FOOTERS, ALIKE, SHORT = 4, 0.85, 60
#: Most lines below the footer of the last post.
BELOW = 8
#: Fewest page turns that count up.
TURNS = 2
#: Fewest posts of a speaker that end alike, and their share of the speaker's posts.
SIGNED, MOSTLY = 3, 0.5
#: Most lines and characters of a part of a signature, most parts, and fewest words without a rule.
LINES, CHARACTERS, PARTS, WORDS = 6, 400, 3, 4

_TURN = re.compile(r"\W*(?:[^\W\d_]+\s)?(\d{1,5})\s?(?:[^\W\d_]{1,12}|[/|])\s?(\d{1,5})\W*")
_BAR = re.compile(
    r"\W{0,3}(?:[^\W\d_]{1,12}\W{1,3})?\d{1,5}(?:\W{1,3}\d{1,5})+"
    r"(?:\W{1,3}[^\W\d_]{1,12})?\W{0,3}"
)
_RULE = re.compile(r"[-_=*~.—–]{2,}")
_LABEL = re.compile(r"[^\W\d_][^:\d\n]{0,23}?\s?:(?=\s)")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Ending:
    """The lines at the end of a post that are none of its words; "navigation" or "signature"."""

    lines: range
    kind: str


@dataclass(slots=True)
class _Post:
    """The lines below one header; those from ``stop`` on are already known to be an ending."""

    lines: range
    name: str
    stop: int = field(init=False)

    def __post_init__(self) -> None:
        self.stop = self.lines.stop

    @property
    def last(self) -> int | None:
        """The last line, if the post has words without it."""
        return self.stop - 1 if self.stop - self.lines.start > 1 else None


def find(lines: Sequence[Line], text: str, posts: Sequence[tuple[range, str]]) -> list[Ending]:
    """The endings of posts, given as their lines and their speakers' names, in order.

    A post keeps a line at least.
    """
    page = _Page(lines, text, [_Post(*post) for post in posts])
    page.take_turns()
    page.take_footers()
    navigation = [post.stop for post in page.posts]
    page.take_delimited()
    page.take_signatures()
    return [
        Ending(of, kind)
        for post, stop in zip(page.posts, navigation, strict=True)
        for of, kind in (
            (range(post.stop, stop), "signature"),
            (range(stop, post.lines.stop), "navigation"),
        )
        if of
    ]


class _Page:
    def __init__(self, lines: Sequence[Line], text: str, posts: Sequence[_Post]) -> None:
        self.lines, self.text, self.posts = lines, text, posts

    def of(self, line: int) -> str:
        return self.lines[line].span.of(self.text)

    def take_turns(self) -> None:
        """Take lines like "Page 2 of 7" that count up from post to post."""
        turns = [
            (post, line, found)
            for post in self.posts
            if (line := self._above_bars(post, post.stop)) > post.lines.start
            and len(self.lines[line].span) <= SHORT
            and (found := _TURN.fullmatch(self.of(line)))
        ]
        pages = [int(found[1]) for _post, _line, found in turns]
        totals = {int(found[2]) for _post, _line, found in turns}
        rising = all(before < after for before, after in pairwise(pages))
        if len(turns) >= TURNS and rising and len(totals) == 1 and pages[-1] <= max(totals):
            for post, line, _found in turns:
                post.stop = self._above_bars(post, line) + 1

    def _above_bars(self, post: _Post, stop: int) -> int:
        """The last line before ``stop`` but for bars like "Prev 1 2 3 Next"; the first is none."""
        line = stop - 1
        while line > post.lines.start and _BAR.fullmatch(self.of(line)):
            line -= 1
        return line

    def take_delimited(self) -> None:
        """Take what stands below "-- ", with the space, as mail has it (RFC 3676, 4.3)."""
        for post in self.posts:
            for line in range(post.stop - 1, max(post.lines.start, post.stop - LINES - 2), -1):
                if self.of(line) == "--" and self.text.startswith(" ", self.lines[line].span.end):
                    post.stop = line
                    break

    def take_footers(self) -> None:
        """Take the lines that stand, numbers apart, under nearly every post."""
        while True:
            shapes = [
                self._shape(post, post.stop - 1) if post.last is not None else ""
                for post in self.posts
            ]
            common = Counter(filter(None, shapes)).most_common(1)
            # What stands at the end of the whole text, stands under the last post.
            if not common or common[0][1] < max(FOOTERS, ALIKE * (len(self.posts) - 1)):
                return
            for post, shape in zip(self.posts, shapes, strict=True):
                if shape == common[0][0]:
                    post.stop -= 1
            if shapes[-1] != common[0][0]:
                self._take_last(self.posts[-1], common[0][0])

    def _take_last(self, post: _Post, footer: str) -> None:
        """Take the footer in the last post with the short lines below it."""
        for line in range(post.stop - 1, max(post.lines.start, post.stop - 1 - BELOW), -1):
            shape = self._shape(post, line)
            if shape == footer:
                post.stop = line
            if not shape or shape == footer:
                return

    def _shape(self, post: _Post, line: int) -> str:
        """A line without its numbers; its label if it has one, or that it is the speaker's name."""
        if len(self.lines[line].span) > SHORT:
            return ""
        words = self.of(line).casefold()
        if post.stop < post.lines.stop:
            if post.name and words == post.name.casefold():
                return "name"
            if label := _LABEL.match(words):
                return label[0]
        return _DIGITS.sub("0", words)

    def take_signatures(self) -> None:
        """Take what stands, set off by a gap or a rule, under most posts of one speaker."""
        by_name: dict[str, list[_Post]] = {}
        for post in self.posts:
            if post.name:
                by_name.setdefault(post.name.casefold(), []).append(post)
        for posts in by_name.values():
            if len(posts) >= SIGNED:
                for _part in range(PARTS):
                    self._take_part(posts)

    def _take_part(self, posts: Sequence[_Post]) -> None:
        parts = [(post, part) for post in posts if (part := self._part(post))]
        words = Counter(self._words(part) for _post, part in parts)
        for post, part in parts:
            if words[self._words(part)] >= max(SIGNED, MOSTLY * len(posts)):
                post.stop = part.start

    def _part(self, post: _Post) -> range | None:
        """The last part of a post that could be of a signature, with the rule above it."""
        start = self._set_off(post)
        if start is None:
            return None
        part = range(start, post.stop)
        if sum(len(self.lines[line].span) for line in part) > CHARACTERS:
            return None
        words = self._words(part).split()
        if not words or _RULE.fullmatch(words[0]):
            return part if len(words) > 1 else None
        said = words[0].strip(",.!").casefold() in load("markers")["close"]
        return None if said or len(words) < WORDS else part

    def _set_off(self, post: _Post) -> int | None:
        """Where the last part begins: at a rule, or else below the last gap."""
        below = range(post.stop - 1, max(post.lines.start, post.stop - LINES - 2), -1)
        for line in below:
            if _RULE.fullmatch(self.of(line)):
                return line
        for line in below[:LINES]:
            if self.lines[line].blanks:
                return line
        return None

    def _words(self, part: range) -> str:
        return " ".join(" ".join(self.of(line).split()) for line in part)
