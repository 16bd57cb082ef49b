"""What a structured source states of posts and threads, and how it becomes drafts.

Readers name the fields; what every format needs is done here once: text is checked, HTML is read,
dates are understood together, names are made unique, problems get their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from forumimport.composition import composed
from forumimport.drafts import DocumentDraft, PostDraft, ThreadDraft, Unread
from forumimport.readers import markup, plain
from forumimport.readers.base import BadRecord, Source
from forumimport.readers.dates import Moment, moments
from forumimport.readers.values import checked, label, words

_TWICE = "It repeats the post “{}” word for word and is left out."
_NO_DAY = "Its date “{}” tells no day and is kept as written."
#: Numbers in place of dates by which ConvoKit, for one, keeps posts in order that have none.
_COUNTED = re.compile(r"\d{1,7}(?:\.0)?")
#: Of several posts with the same flaw, others that are named beside the first.
_NAMED = 5
_SAME_NAME = "An earlier post is named “{}” too; this one is kept without a name."


@dataclass(frozen=True, slots=True)
class Stated:
    """A post's fields as the source has them, of whatever type; ``place`` is its locator.

    ``marked`` is the text where a reader has taken it apart already.
    """

    text: Any
    identifier: Any = None
    author: Any = None
    date: Any = None
    reply_to: Any = None
    html: bool = False
    signature: Any = None
    place: str = ""
    marked: markup.Marked | None = None


@dataclass(frozen=True, slots=True)
class StatedThread:
    """A thread as a source states it. ``sha256`` and ``locator`` are those of its records.

    ``title`` and ``identifier`` are as the source has them, checked here.
    """

    posts: Sequence[PostDraft]
    sha256: str
    locator: str = ""
    title: Any = None
    identifier: Any = None
    language: str = ""
    encoding: str = "utf-8"
    encoding_guessed: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)
    problems: Sequence[Unread] = ()

    def draft(self, source: Source, format: str) -> ThreadDraft | Unread:
        """Return the thread as one document, or why it is none."""
        try:
            title = label(self.title, "title")
            identifier = label(self.identifier, "thread's name")
        except BadRecord as error:
            return Unread(self.locator, str(error))
        whole = composed(self.posts, title=title)
        problems = (*self.problems, *whole.problems)
        if not whole.structure.utterances:
            return Unread(self.locator, _without_posts(problems))
        document = DocumentDraft(
            text=whole.text,
            sha256=self.sha256,
            origin=source.origin,
            format=format,
            encoding=self.encoding,
            locator=self.locator[:500],
            encoding_guessed=self.encoding_guessed,
            structure=whole.structure,
        )
        return ThreadDraft(
            documents=(document,),
            title=title,
            language=self.language,
            identifier=identifier,
            metadata=self.metadata,
            problems=tuple(self._placed(problem) for problem in problems),
        )

    def _placed(self, problem: Unread) -> Unread:
        places = filter(None, (self.locator, problem.locator))
        return replace(problem, locator=", ".join(places))


def drafted(stated: Iterable[Stated]) -> tuple[list[PostDraft], list[Unread]]:
    """Return the posts of one thread as drafts, and those that cannot be."""
    given = list(stated)
    dates = moments(post.date for post in given)
    posts: list[PostDraft] = []
    problems: list[Unread] = []
    undated: list[tuple[str, str]] = []
    named: dict[str, PostDraft] = {}
    for number, (post, date) in enumerate(zip(given, dates, strict=True), 1):
        place = post.place or f"post {number}"
        try:
            draft = _post(post, date)
        except BadRecord as error:
            problems.append(Unread(place, str(error)))
            continue
        earlier = named.setdefault(draft.identifier, draft) if draft.identifier else draft
        if earlier is not draft:
            if earlier == draft:
                problems.append(Unread(place, _TWICE.format(draft.identifier), lost=False))
                continue
            problems.append(Unread(place, _SAME_NAME.format(draft.identifier), lost=False))
            draft = replace(draft, identifier="")
        posts.append(draft)
        if date.text and not date.date and not _COUNTED.fullmatch(date.text):
            undated.append((place, date.text))
    problems.extend(together(undated, _NO_DAY))
    return posts, problems


def together(found: Sequence[tuple[str, str]], reason: str) -> Iterator[Unread]:
    """Yield one notice of what holds of several posts of a thread, each with its place and what
    there is: a line for each would hide all others. Beside the first it names some where something
    else is there.
    """
    if found:
        place, what = found[0]
        yield Unread(place, f"{reason.format(_short(what))}{_beside(found)}", lost=False)


def _beside(found: Sequence[tuple[str, str]]) -> str:
    if len(found) == 1:
        return ""
    places: dict[str, str] = {}
    for place, what in found:
        places.setdefault(what, place)
    others = [f"{place} (“{_short(what)}”)" for what, place in list(places.items())[1:]]
    if len(others) > _NAMED:
        others[_NAMED:] = ["…"]
    named = f"; others are {', '.join(others)}" if others else ""
    return f" It is the first of {len(found):,} such posts{named}."


def _short(what: str) -> str:
    return what[:60]


def _post(post: Stated, date: Moment) -> PostDraft:
    marked = post.marked or _marked(post)
    checked(marked.text, "text")
    return PostDraft(
        text=marked.text,
        identifier=label(post.identifier, "name"),
        speaker=label(post.author, "author's name"),
        date=date.date,
        date_text=checked(date.text, "date"),
        date_precision=date.precision,
        reply_to=label(post.reply_to, "reply"),
        quotations=marked.quotations,
        boilerplate=marked.boilerplate,
        links=marked.links,
    )


def _marked(post: Stated) -> markup.Marked:
    text = words(post.text, "text")
    if post.html:
        return _with_signature(text, words(post.signature, "signature"))
    return markup.Marked(text, tuple(plain.quotations(text)))


def _with_signature(html: str, signature: str) -> markup.Marked:
    """The body of a post; a signature that the source keeps apart is below it, as in the forum."""
    if not signature.strip():
        return markup.fragment(html)
    # Bodies and signatures may leave elements open: each is read by itself, and marked as it is.
    below = markup.fragment(signature)
    if not below.text.strip():
        return markup.fragment(html)
    return markup.joined(markup.fragment(html), below, "signature")


def _without_posts(problems: Sequence[Unread]) -> str:
    if not problems:
        return "It has no posts."
    first = problems[0]
    return f"None of its posts can be read; {first.locator or 'the first'}: {first.reason}"
