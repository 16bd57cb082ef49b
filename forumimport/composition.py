"""Posts of a structured source to one text and what the source states about it. Pure.

The text is the posts' own, one after the other with a blank line between: every statement stays a
span, as in thread text, and nothing is added that could be taken for somebody's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from corpus.segmentation.structure import (
    Boilerplate,
    Link,
    RecoveredQuotation,
    RecoveredUtterance,
    Structure,
)
from corpus.spans import Span
from forumimport.drafts import PostDraft, Unread

GAP = "\n\n"
_ATTESTED = "attested"


def dangling(identifier: str) -> str:
    """Return the reason given for a reply to what is no earlier post of the text."""
    return f"It answers “{identifier[:80]}”, which is no earlier post of the thread."


@dataclass(frozen=True, slots=True)
class Composition:
    """A document's text, its structure, and what of the posts could not be kept."""

    text: str
    structure: Structure
    problems: tuple[Unread, ...]


def composed(posts: Iterable[PostDraft], *, title: str = "") -> Composition:
    """Return the posts, in the order given, as one text with attested structure.

    A post without words is left out and reported; a reply to what is no earlier post is reported
    and dropped. A name borne by two posts means the first. Boilerplate counts at the edges of a
    post only: in its midst it is among the words. Quotations are placed but not yet resolved to
    the words they copy, except for their post where the source names it. Names of posts that are
    not in this text are kept: they may be in another document of the thread.

    >>> composed([PostDraft("Why?", "1"), PostDraft("Why not.", "2", reply_to="1")]).text
    'Why?\\n\\nWhy not.'
    """
    composer = _Composer()
    for number, post in enumerate(posts, 1):
        composer.add(post, post.identifier or f"post {number}")
    structure = Structure(
        title,
        tuple(composer.utterances),
        tuple(composer.quotations),
        tuple(composer.boilerplate),
        tuple(composer.links),
    )
    return Composition(GAP.join(composer.texts), structure, tuple(composer.problems))


@dataclass(slots=True)
class _Composer:
    """What is composed so far; ``at`` is where the next post's text begins."""

    at: int = 0
    texts: list[str] = field(default_factory=list)
    utterances: list[RecoveredUtterance] = field(default_factory=list)
    quotations: list[RecoveredQuotation] = field(default_factory=list)
    boilerplate: list[Boilerplate] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[Unread] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def add(self, post: PostDraft, name: str) -> None:
        edges = list(_edges(post)) if post.boilerplate else []
        words = _words(post, edges)
        if words is None:
            self.problems.append(Unread(name, "It has no words."))
            return
        number, reply = len(self.utterances), self.places.get(post.reply_to)
        if post.reply_to and reply is None:
            self.problems.append(Unread(name, dangling(post.reply_to), lost=False))
        self.utterances.append(_utterance(post, self._moved(words), reply))
        for quotation in post.quotations:
            if words.contains(quotation.span):
                self.quotations.append(
                    RecoveredQuotation(
                        utterance=number,
                        span=self._moved(quotation.span),
                        source=None,
                        source_utterance=self.places.get(quotation.of),
                        similarity=None,
                        marked=True,
                        whole=False,
                        confidence=1.0,
                        attributed=quotation.attributed,
                        of="" if quotation.of in self.places else quotation.of,
                        basis=quotation.basis,
                    )
                )
        self.boilerplate.extend(replace(row, span=self._moved(row.span)) for row in edges)
        self.links.extend(replace(link, span=self._moved(link.span)) for link in post.links)
        if post.identifier:
            self.places.setdefault(post.identifier, number)
        self.texts.append(post.text)
        self.at += len(post.text) + len(GAP)

    def _moved(self, span: Span) -> Span:
        return Span(span.start + self.at, span.end + self.at)


def _edges(post: PostDraft) -> Iterator[Boilerplate]:
    """Yield the boilerplate before the first and behind the last word of the post."""
    rows = sorted(post.boilerplate, key=lambda row: row.span)
    start, first = 0, 0
    while first < len(rows) and not post.text[start : rows[first].span.start].strip():
        start = rows[first].span.end
        yield rows[first]
        first += 1
    end, last = len(post.text), len(rows)
    behind = []
    while last > first and not post.text[rows[last - 1].span.end : end].strip():
        last -= 1
        end = rows[last].span.start
        behind.append(rows[last])
    yield from reversed(behind)


def _words(post: PostDraft, edges: list[Boilerplate]) -> Span | None:
    """Return the span of the post's words: its text without boilerplate and space around them."""
    start, end, first = 0, len(post.text), 0
    while first < len(edges) and not post.text[start : edges[first].span.start].strip():
        start = edges[first].span.end
        first += 1
    end = min((row.span.start for row in edges[first:]), default=end)
    return Span(start, end).trimmed(post.text) if start < end else None


def _utterance(post: PostDraft, span: Span, reply: int | None) -> RecoveredUtterance:
    return RecoveredUtterance(
        span=span,
        cue=None,
        confidence=1.0,
        reply_to=reply,
        reply_confidence=None,
        speaker=post.speaker,
        date=post.date,
        date_text=post.date_text,
        date_precision=post.date_precision,
        basis=_ATTESTED,
        reply_basis=_ATTESTED,
        identifier=post.identifier,
        answers=post.reply_to if reply is None else "",
    )
