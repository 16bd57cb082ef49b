"""The posts of one saved page, as its engine marks them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.segmentation import datelines
from forumimport.readers import markup
from forumimport.readers.base import BadRecord
from forumimport.readers.dates import moment
from forumimport.readers.discourse import of_topic
from forumimport.readers.page_engines import PageEngine
from forumimport.readers.stated import Stated

_LAST_NUMBER = re.compile(r"(\d{1,18})\D*$")
#: What a line with a date has that tells more: "#7", "on: ", "(edited …)".
_LABELLED = re.compile(r"[#(]|:\s")
#: Attributes that hold a name where an element has no words.
_NAMED = ("content", "data-user-card")
#: So many elements that fit one selector are looked at: a picture may stand before the name.
_TRIED = 5
#: So many captions of files below one post are read.
_CAPTIONS = 100
#: Characters that an attribute may have beside its date: a day of the week, a zone.
_BESIDE_DATE = 10
#: How often the words of a page may stand in a post on average, and in what is looked through for
#: its parts: posts in posts are read with those around them, so that time would grow with the
#: square of their number.
_INSIDE, _LOOKED_THROUGH = 8, 40
_IN_ONE_ANOTHER = "Its posts lie in one another, deeper than any forum has them."


def posts_of(
    parsed: LexborHTMLParser, engine: PageEngine, topic: str, size: int
) -> Iterator[Stated]:
    """Yield the posts of a page of ``size`` characters, as the engine marks them.

    ``topic`` is the number of a Discourse topic.

    Raises:
        BadRecord: they lie in one another, so that reading them would take too long.
    """
    # One that fits two selectors is found twice.
    posts = {found.mem_id: found for found in parsed.css(engine.post)}
    inside, looked_through = _INSIDE * size, _LOOKED_THROUGH * size
    for post in posts.values():
        looked_through -= len(post.html or "")
        if looked_through < 0:
            raise BadRecord(_IN_ONE_ANOTHER)
        body = first(post, engine.body) if engine.body else post
        if body is None or _nested(body, post, posts):
            continue
        below = [*_captions(post, body, engine), *_signature(post, body, engine)]
        inside -= sum(len(part.html or "") for part in (body, *(part for part, _ in below)))
        if inside < 0:
            raise BadRecord(_IN_ONE_ANOTHER)
        marked = markup.element(body)
        marked = replace(marked, quotations=of_topic(marked.quotations, topic))
        for part, kind in below:
            further = markup.element(part)
            marked = markup.joined(marked, further, kind) if kind else _longer(marked, further)
        head = _Part(_above(post) if engine.above else post, posts)
        yield Stated(
            text=None,
            identifier=_name(post, engine),
            author=_author(head, engine),
            date=_date(head, engine),
            marked=marked,
        )


def _captions(
    post: LexborNode, body: LexborNode, engine: PageEngine
) -> Iterator[tuple[LexborNode, str]]:
    for selector in engine.captions:
        for element in post.css(selector)[:_CAPTIONS]:
            if not _inside(element, body, post):
                yield element, ""


def _signature(
    post: LexborNode, body: LexborNode, engine: PageEngine
) -> Iterator[tuple[LexborNode, str]]:
    for selector in engine.signature:
        for element in _tried(post, selector):
            starts = not engine.signature_starts or text(element).startswith(
                engine.signature_starts
            )
            if starts and not _inside(element, body, post):
                yield element, "signature"
                return


def _longer(marked: markup.Marked, further: markup.Marked) -> markup.Marked:
    """Return a post with words of its writer that stand below its body, if there are some."""
    return markup.appended([marked, further]) if further.text.strip() else marked


def _above(post: LexborNode) -> LexborNode | None:
    """The element before a post."""
    at = post.prev
    while at is not None and not at.is_element_node:
        at = at.prev
    return at


def first(root: LexborNode | LexborHTMLParser, selectors: Iterable[str]) -> LexborNode | None:
    return next(filter(None, map(root.css_first, selectors)), None)


def _tried(root: LexborNode | LexborHTMLParser, selector: str) -> Iterator[LexborNode]:
    """Yield the first elements that fit, all but one only where that will not do."""
    found = root.css_first(selector)
    if found is not None:
        yield found
        yield from root.css(selector)[1:_TRIED]


def words(root: LexborNode | LexborHTMLParser, selectors: Iterable[str]) -> str:
    """The words of the first element that has some, by selectors in turn."""
    for selector in selectors:
        for element in _tried(root, selector):
            if found := text(element):
                return found
    return ""


def _nested(body: LexborNode, post: LexborNode, posts: Container[int]) -> bool:
    """Whether the body is of a post inside the post, as comments in microdata are."""
    at = body.parent
    while at is not None and at.mem_id != post.mem_id:
        if at.mem_id in posts:
            return True
        at = at.parent
    return False


def _inside(node: LexborNode, other: LexborNode, post: LexborNode) -> bool:
    """Whether a part of a post lies in another one."""
    at: LexborNode | None = node
    while at is not None and at.mem_id not in (other.mem_id, post.mem_id):
        at = at.parent
    return at is not None and at.mem_id == other.mem_id


def _name(post: LexborNode, engine: PageEngine) -> str | None:
    element = first(post, engine.named) if engine.named else post
    if element is None:
        return None
    value = element.attributes.get(engine.name) or (text(element) if engine.named else "")
    number = _LAST_NUMBER.search(value or "")
    return number[1] if number else None


@dataclass(frozen=True, slots=True)
class _Part:
    """What tells of a post, beside the other posts of the page."""

    element: LexborNode | None
    posts: Container[int]

    def found(self, selector: str) -> Iterator[LexborNode]:
        """Yield the first elements that fit, without those of posts inside it."""
        if self.element is None:
            return
        for found in _tried(self.element, selector):
            if not _nested(found, self.element, self.posts):
                yield found


def _author(part: _Part, engine: PageEngine) -> str:
    if part.element is not None and engine.author_attribute:
        stated = part.element.attributes.get(engine.author_attribute) or ""
        if stated.strip():
            return " ".join(stated.split())
    for selector in engine.author:
        for element in part.found(selector):
            named = (element.attributes.get(name) or "" for name in _NAMED)
            if found := " ".join(next(filter(None, named), "").split()) or text(element):
                return found
    return ""


def _date(part: _Part, engine: PageEngine) -> str:
    """The date of a post as written; that of an attribute only if it is one, which a title need
    not be."""
    element = next((found for one in engine.date for found in part.found(one)), None)
    if element is None:
        return ""
    # phpBB puts the moment into an element of its own, inside the line with the name.
    inner = element.css_first("time[datetime]") or element
    for attribute in engine.dated:
        if (value := inner.attributes.get(attribute)) and _is_date(value):
            return value
    line = text(element).strip(" «»").rpartition("»")[2].strip()
    if not _LABELLED.search(line):
        return line
    found = datelines.find(line[: datelines.LONGEST])
    return found.text if found is not None and found.precision else line


def _is_date(value: str) -> bool:
    found = datelines.find(value)
    if found is None:
        return moment(value).date is not None
    return len(value.strip()) - (found.end - found.start) <= _BESIDE_DATE


def text(element: LexborNode | None) -> str:
    return " ".join(element.text().split()) if element is not None else ""
