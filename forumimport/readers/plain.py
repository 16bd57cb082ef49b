"""Plain text of posts: the lines that quote ("> "), and whose words they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from corpus.segmentation import attributions, marks
from corpus.spans import Span
from forumimport.drafts import PostDraft, QuotationDraft

#: Posts looked through for quoted words: the one answered, what it answers, and so on.
_FARTHEST = 20
#: Words of a quotation that are compared; all of a long one are hardly ever wrapped alike.
_COMPARED = 30
#: How often all the characters of a thread are looked at, on average, at most: in threads that
#: people wrote hardly ten times. Else posts of countless quotations took time by the square.
_LOOKED_THROUGH = 500


def quotations(text: str) -> Iterator[QuotationDraft]:
    """Yield the runs of lines behind "> ", each with the name in the line above it.

    >>> [(q.span, q.attributed) for q in quotations("Ada wrote:\\n> Why?\\nWhy not.")]
    [(Span(start=11, end=17), 'Ada')]
    """
    at = start = end = 0
    above = attributed = ""
    for line in text.splitlines(keepends=True):
        words = line.strip()
        if marks.depth(words):
            if not end:
                start, attributed = at, attributions.name(above)
            end = at + len(line)
        elif end:
            yield from _quotation(text, start, end, attributed)
            end, above = 0, words
        else:
            above = words or above
        at += len(line)
    if end:
        yield from _quotation(text, start, end, attributed)


def _quotation(text: str, start: int, end: int, attributed: str) -> Iterator[QuotationDraft]:
    span = Span(start, end).trimmed(text)
    if span and not all(marks.bare(line.strip()) for line in span.of(text).splitlines()):
        yield QuotationDraft(span, attributed=attributed, basis="inferred")


def resolved(posts: Iterable[PostDraft]) -> Iterator[PostDraft]:
    """Yield posts with quotations behind "> " resolved to the post whose words they are.

    That is the nearest of those that the post answers, directly or not, in which the words occur,
    however they are wrapped.
    """
    given = list(posts)
    named = {post.identifier: post for post in reversed(given) if post.identifier}
    search = _Search(named, left=_LOOKED_THROUGH * sum(len(post.text) for post in given))
    for post in given:
        found = tuple(
            replace(quotation, of=quotation.of or search.origin(post, quotation))
            for quotation in post.quotations
        )
        yield replace(post, quotations=found) if found != post.quotations else post


@dataclass(slots=True)
class _Search:
    """Looks for quoted words in posts; ``left`` is how many characters of them may be looked at."""

    posts: Mapping[str, PostDraft]
    left: int
    compared: dict[str, str] = field(default_factory=dict)

    def origin(self, post: PostDraft, quotation: QuotationDraft) -> str:
        """Return the name of the post whose words are quoted; empty if it is not found."""
        lines = quotation.span.of(post.text).splitlines()
        # What is quoted in the quotation is older still.
        direct = [line.strip() for line in lines if marks.depth(line.strip()) == 1]
        if quotation.basis == "inferred" and not marks.depth(lines[0].strip()):
            direct = list(_below_headers(lines))
        words = " ".join(" ".join(map(marks.stripped, direct)).split()[:_COMPARED])
        name = post.reply_to
        for _ in range(_FARTHEST):
            answered = self.posts.get(name)
            if answered is None or not words or self.left < 0:
                return ""
            if name not in self.compared:
                self.compared[name] = " ".join(answered.text.split())
            self.left -= len(self.compared[name])
            if words in self.compared[name]:
                return name
            name = answered.reply_to
        return ""


def _below_headers(lines: Iterable[str]) -> Iterator[str]:
    """The words of a mail that is quoted with its headers."""
    headers = below = False
    for line in lines:
        if below:
            yield line
        headers = headers or ":" in line
        below = below or (headers and not line.strip())
