"""Known threads in other dialects: the same posts and quotations, laid out as elsewhere.

One thread teaches what posts look like behind headers, behind gaps of one or two blank lines, and
with quotations behind ">". The shares are those of the training threads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from textwrap import wrap
from zlib import crc32

from corpus.segmentation import marks
from corpus.segmentation.learning.threads import KnownPost, KnownQuotation, KnownThread
from corpus.spans import Span

#: Dialects a thread can be rendered in, and of which sources, so that longer gaps tell posts apart
#: in as many of the threads as before. What was wrapped, or written by authors who set no
#: paragraphs off, stays as it is.
SOURCES = {
    "bare-double": ("header",),
    "bare-single": ("header", "bare-double"),
    "bare-mixed": ("header", "bare-double", "bare-single"),
    "email-quote": ("header", "bare-double", "bare-single"),
}
#: Share of authors before whose posts the gap is wide, and of those who set no paragraphs off.
WIDE, TIGHT = 0.6, 0.16
#: Share of bare threads that lost the lines that hold only links; of those behind ">" that are
#: wrapped, have wide gaps as well, and name in one of two ways whose words are quoted.
UNLINKED, WRAPPED, MIXED, NAMED = 0.5, 0.4, 0.5, 0.4
#: Longest wrapped line.
WIDTH = 72

_LINK = re.compile(r"^\s*(?:https?://|www\.)\S+\s*$\n?", re.MULTILINE)
_BLANKS = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a post: its own words (``quotation`` is None), or one quotation."""

    text: str
    quotation: KnownQuotation | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Manner:
    """How one author lays out posts."""

    wide: bool
    tight: bool


@dataclass
class _Page:
    """The text of a rendering while it grows."""

    text: str
    posts: list[KnownPost] = field(default_factory=list)

    def put(self, words: str) -> Span:
        start = len(self.text)
        self.text += words
        return Span(start, len(self.text))


def others(thread: KnownThread) -> Iterator[KnownThread]:
    """The thread in every dialect it does not have; always the same."""
    for dialect, sources in SOURCES.items():
        quoting = any(post.quotations for post in thread.posts)
        if thread.dialect in sources and (quoting or dialect != "email-quote"):
            # By name, so that it is always the same; nothing here is secret.
            chance = Random(crc32(f"{thread.name} {dialect}".encode()))  # noqa: S311
            yield _Rendering(thread, dialect, chance).made()


class _Rendering:
    """One thread in one dialect."""

    def __init__(self, thread: KnownThread, dialect: str, chance: Random) -> None:
        self.thread, self.dialect, self.chance = thread, dialect, chance
        self.marked = dialect == "email-quote"
        self.wrapped = self.marked and chance.random() < WRAPPED
        mixed = dialect == "bare-mixed" or (self.marked and chance.random() < MIXED)
        self.wide = WIDE if mixed else float(dialect == "bare-double")
        self.unlinked = not self.marked and chance.random() < UNLINKED
        self.naming = chance.randrange(1, 3) if self.marked and chance.random() < NAMED else 0
        self.manners: dict[str, Manner] = {}

    def made(self) -> KnownThread:
        title = self.thread.title.of(self.thread.text) if self.thread.title else ""
        page = _Page(f"{title}\n" if title else "")
        for number, post in enumerate(self.thread.posts):
            self._put(page, number, post)
        return replace(
            self.thread,
            text=page.text + "\n",
            posts=tuple(page.posts),
            dialect=self.dialect,
            title=Span(0, len(title)) if title else None,
        )

    def _put(self, page: _Page, number: int, post: KnownPost) -> None:
        manner = self._manner(post.author or f"#{number}")
        written = [self._written(piece, manner) for piece in pieces(self.thread, post)]
        written = [(text, piece) for text, piece in written if text]
        if not written:
            return
        page.put("\n\n" if manner.wide and page.posts else "\n")
        start, quotations = len(page.text), []
        for text, piece in written:
            span = page.put(text)
            page.put("\n\n")
            if piece.quotation:
                quotations.append(replace(piece.quotation, span=span, head=None))
        page.text = page.text[:-1]
        body = Span(start, len(page.text) - 1)
        page.posts.append(KnownPost(start, body, quotations=tuple(quotations)))

    def _manner(self, author: str) -> Manner:
        if author not in self.manners:
            wide, tight = self.chance.random() < self.wide, self.chance.random() < TIGHT
            self.manners[author] = Manner(wide, tight and self.dialect == "bare-mixed")
        return self.manners[author]

    def _written(self, piece: Piece, manner: Manner) -> tuple[str, Piece]:
        text = piece.text
        if self.unlinked:
            text = _BLANKS.sub("\n\n", _LINK.sub("", text)).strip()
        if manner.tight:
            text = _BLANKS.sub("\n", text)
        if self.wrapped:
            text = "\n".join(_wrapped(text, WIDTH - 2 * piece.depth))
        if self.marked and piece.quotation and text:
            text = self._quoted(text, piece)
        return text, piece

    def _quoted(self, text: str, piece: Piece) -> str:
        mark = "> " * piece.depth
        lines = "\n".join((mark + line).rstrip() for line in text.split("\n"))
        if not self.naming:
            return lines
        name = self._name(piece.quotation.source if piece.quotation else None)
        lead = "" if self.naming == 1 else "On Thu, May 15, 2014 at 4:02 PM, "
        return f"{'> ' * (piece.depth - 1)}{lead}{name} wrote:\n{lines}"

    def _name(self, source: int | None) -> str:
        author = self.thread.posts[source].author if source is not None else None
        return author or f"member{source or 0}"


def pieces(thread: KnownThread, post: KnownPost) -> Iterator[Piece]:
    """The post's own words and its quotations, without marks and lines that name the quoted."""
    at = post.body.start
    quotations = sorted(post.quotations, key=lambda quotation: quotation.span)
    for number, quotation in enumerate(quotations):
        start = min(quotation.head.start if quotation.head else at, quotation.span.start)
        yield from _own(
            thread.text[at : max(at, start if quotation.head else quotation.span.start)]
        )
        plain = map(marks.stripped, quotation.span.of(thread.text).split("\n"))
        text = "\n".join(plain).strip()
        yield Piece(text, quotation, _depth(thread, quotations[number:]))
        at = quotation.span.end
    yield from _own(thread.text[at : post.body.end])


def _own(text: str) -> Iterator[Piece]:
    if text.strip():
        yield Piece(_BLANKS.sub("\n\n", text.strip()))


def _depth(thread: KnownThread, following: Sequence[KnownQuotation]) -> int:
    """2 for a quotation that the one right after it quotes itself, else 1."""
    if len(following) < 2 or following[1].source is None:
        return 1
    first, second = following[:2]
    between = thread.text[first.span.end : (second.head or second.span).start]
    quoted = {quotation.source for quotation in thread.posts[following[1].source].quotations}
    return 2 if not between.strip() and first.source in quoted else 1


def _wrapped(text: str, width: int) -> Iterator[str]:
    for line in text.split("\n"):
        yield from wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
