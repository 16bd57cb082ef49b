"""One saved page of a thread: the engine is recognised by its structure, not by its name."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser

from forumimport.readers import json_ld, markup, web_encodings
from forumimport.readers import page_addresses as addresses
from forumimport.readers.base import BadRecord, Source, Unreadable
from forumimport.readers.encodings import Decoded, decode, text_encoding
from forumimport.readers.page_engines import ENGINES, PageEngine, known
from forumimport.readers.page_posts import first, posts_of, words
from forumimport.readers.stated import Stated

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""\s{0,99}<\?xml[^>]{0,200}?\sencoding\s{0,9}=\s{0,9}["']([\w.:-]{2,40})""")
_NUMBER = re.compile(r"\d{1,6}")
#: The number of a Discourse topic, whose quotations name topic and post.
_TOPIC = re.compile(r"/t/(?:[^/]+/)?(\d+)(?:/|$)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")


class NoPosts(BadRecord):
    """A page that shows no posts, be it that it is of no thread."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page states; ``number`` is its own in the thread, 0 if it does not say.

    ``address`` is that of the thread, empty if none tells which one it is; ``board`` tells the
    boards apart on which numbers of posts mean the same, empty if no address does. ``link`` is to
    the thread, as it stands on the page.
    """

    engine: str
    posts: tuple[Stated, ...]
    title: str
    address: str
    number: int
    language: str
    board: str = ""
    link: str = ""


def decoded(source: Source, encoding: str | None, served_as: str = "") -> Decoded:
    """Decode a page: in the encoding asked for, else the one that its server stated, or it itself.

    In either a few bytes may not fit. What is read as another one than is stated says so.

    Raises:
        Unreadable: it is no text.
    """
    content = source.content
    if encoding:
        try:
            return decode(source, encoding=encoding)
        except Unreadable:
            if found := _nearly(content, encoding):
                return found
            raise
    if content.startswith(codecs.BOM_UTF8):
        return web_encodings.nearly_whole(content, "utf-8-sig") or decode(source)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(source)
    labels = _labels(content, served_as)
    for label in labels:
        if found := _as_stated(content, label, in_markup=label != served_as):
            return found
    found = decode(source, damaged=True)
    return replace(found, stated=" and ".join(labels)) if labels and found.guessed else found


def _labels(content: bytes, served_as: str) -> tuple[str, ...]:
    """Every encoding that is stated, the one that counts first."""
    own = _CHARSET.search(content, 0, 4096) or _XML.match(content)
    stated = (served_as[:40], own[1].decode("ascii", "replace") if own else "")
    return tuple(dict.fromkeys(filter(None, stated)))


def _as_stated(content: bytes, label: str, *, in_markup: bool) -> Decoded | None:
    try:
        name = web_encodings.codec(label, in_markup=in_markup)
    except (LookupError, ValueError):
        return None
    if found := web_encodings.whole(content, name):
        return found
    # Wholly in UTF-8 is surer than nearly in another one.
    utf8 = name != "utf-8" and web_encodings.whole(content, "utf-8")
    return utf8 or web_encodings.nearly_whole(content, name)


def _nearly(content: bytes, encoding: str) -> Decoded | None:
    try:
        return web_encodings.nearly_whole(content, text_encoding(encoding))
    except (LookupError, ValueError):
        return None


def read(html: str) -> Page:
    """Return what a page states of its thread.

    Raises:
        BadRecord: it shows no posts that can be told apart.
    """
    parsed = markup.page(html)
    saved = addresses.saved_from(html)
    stated = _address(parsed)
    topic = _TOPIC.search(stated or saved)
    for engine in ENGINES:
        posts = tuple(posts_of(parsed, engine, topic[1] if topic else "", len(html)))
        if posts:
            page = Page(
                engine=engine.id,
                posts=posts,
                title=words(parsed, (*engine.title, "title")),
                address="",
                number=_number(parsed, engine),
                language=_language(parsed),
                link=_link(parsed, engine),
            )
            if not engine.another_view:
                page = addressed(page, stated)
            page = addressed(page, saved)
            return addressed(page, addresses.resolved(page.link, ""))
    if found := json_ld.thread(_scripts(parsed)):
        page = Page(
            engine="JSON-LD",
            posts=found.posts,
            title=found.title or words(parsed, ("title",)),
            address="",
            number=0,
            language=_language(parsed),
        )
        return addressed(addressed(page, stated or found.address), saved)
    raise NoPosts(_reason(parsed))


def addressed(page: Page, address: str) -> Page:
    """Return the page with what an address of it tells that it does not state itself.

    Where several are known, the one that the page itself states comes first.
    """
    if not addresses.is_one(address) or "\0" in address:
        return page
    address = address.encode("utf-8", "replace").decode()  # JSON may have halves of characters.
    linked = addresses.thread(addresses.resolved(page.link, address))
    return replace(
        page,
        address=page.address or addresses.thread(address) or linked,
        number=page.number or addresses.page_number(address),
        board=page.board or addresses.board(address),
    )


def _address(parsed: LexborHTMLParser) -> str:
    for selector, attribute in (
        ('link[rel="canonical"]', "href"),
        ('meta[property="og:url"]', "content"),
    ):
        element = parsed.css_first(selector)
        value = (element.attributes.get(attribute) or "") if element is not None else ""
        if addresses.is_one(value):
            return value.strip()
    return ""


def _link(parsed: LexborHTMLParser, engine: PageEngine) -> str:
    """The address of the thread as a link of the page has it."""
    element = first(parsed, engine.thread)
    value = (element.attributes.get("href") or "") if element is not None else ""
    return value.strip()


def _number(parsed: LexborHTMLParser, engine: PageEngine) -> int:
    found = _NUMBER.search(words(parsed, engine.page))
    return int(found[0]) if found else 0


def _language(parsed: LexborHTMLParser) -> str:
    root = parsed.root
    language = (root.attributes.get("lang") or "") if root is not None else ""
    return language if _LANGUAGE.fullmatch(language) else ""


def _scripts(parsed: LexborHTMLParser) -> Iterator[str]:
    for script in parsed.css('script[type="application/ld+json"]'):
        yield script.text()


def _reason(parsed: LexborHTMLParser) -> str:
    if parsed.css_first('input[type="password"]') is not None:
        return (
            "It is a login form, not a thread; save the page as somebody who is logged in sees it."
        )
    return f"It shows no posts as {known()} or schema.org mark them."


def whole(source: Source, encoding: str | None, served_as: str = "") -> tuple[Page, Decoded]:
    """Return a page from its bytes, which its server stated to be in some encoding.

    Raises:
        BadRecord: it is no text, or shows no posts.
    """
    try:
        text = decoded(source, encoding, served_as)
    except Unreadable as error:
        raise BadRecord(str(error)) from None
    return read(text.text), text
