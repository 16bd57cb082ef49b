"""One saved page of a thread: the engine is recognised by its structure, not by its name."""

from __future__ import annotations

import codecs
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from forumimport.readers import json_ld, markup, web_encodings
from forumimport.readers.base import BadRecord, Source, Unreadable
from forumimport.readers.discourse import of_topic
from forumimport.readers.encodings import Decoded, decode, text_encoding
from forumimport.readers.page_engines import ENGINES, PageEngine
from forumimport.readers.stated import Stated

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""\s{0,99}<\?xml[^>]{0,200}?\sencoding\s{0,9}=\s{0,9}["']([\w.:-]{2,40})""")
_LAST_NUMBER = re.compile(r"(\d{1,18})\D*$")
_NUMBER = re.compile(r"\d{1,6}")
#: What of an address tells the page of a thread, not the thread.
_PAGE = (
    (re.compile(r"#.*$"), ""),
    (re.compile(r"/page-?/?(\d+)/?$"), "/"),
    (re.compile(r"(?<=[?&])(?:(?:page|start|st|pp|sid|highlight)=[^&]*|p=\d*(?![^&]))&?"), ""),
    (re.compile(r"(topic=\d+)\.\w+"), r"\1.0"),
    (re.compile(r"[?&]$"), ""),
)
#: What is cut off of an address, and may be all that names its thread.
_IN_QUERY = re.compile(r"[?&](?:page|start|st|pp|sid|highlight)=")
#: The number of a post in place of its thread's, as "permalinks" have it.
_OF_POST = re.compile(r"[?&]p=\d*(?:[&#]|$)")
_OF_THREAD = re.compile(
    r"(?:^|[&;])(?:(?:t|tid|id|(?:show)?(?:topic|thread)(?:_?id)?)=|[^=&;\d]*+\d[^=&;]*+(?:[&;]|$))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"https?://[^/]*/.*\d")
_SCRIPT = re.compile(r"https?://[^/]*/?|.*\.(?:php\d?|aspx?|cgi|pl|jsp|cfm)", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"(?:/page-?/?|[?&]page=)(\d{1,6})")
#: The number of a Discourse topic, whose quotations name topic and post.
_TOPIC = re.compile(r"/t/(?:[^/]+/)?(\d+)(?:/|$)")
#: How often the words of a page may stand in a post on average, and in what is looked through for
#: its parts: posts in posts are read with those around them, so that time would grow with the
#: square of their number.
_INSIDE, _LOOKED_THROUGH = 8, 40
_IN_ONE_ANOTHER = "Its posts lie in one another, deeper than any forum has them."
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")


class NoPosts(BadRecord):
    """A page that shows no posts, be it that it is of no thread."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page states; ``number`` is its own in the thread, 0 if it does not say.

    ``address`` is that of the thread, empty if none tells which one it is.
    """

    engine: str
    posts: tuple[Stated, ...]
    title: str
    address: str
    number: int
    language: str


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
    address = _address(parsed)
    topic = _TOPIC.search(address)
    for engine in ENGINES:
        posts = tuple(_posts(parsed, engine, topic[1] if topic else "", len(html)))
        if posts:
            title = _text(parsed.css_first(engine.title)) or _text(parsed.css_first("title"))
            number = _number(parsed, engine, address)
            return Page(engine.id, posts, title, _thread(address), number, _language(parsed))
    if found := json_ld.thread(_scripts(parsed)):
        title = found.title or _text(parsed.css_first("title"))
        address = address or found.address
        number = _page_number(address)
        return Page("JSON-LD", found.posts, title, _thread(address), number, _language(parsed))
    raise NoPosts(_reason(parsed))


def _posts(parsed: LexborHTMLParser, engine: PageEngine, topic: str, size: int) -> Iterator[Stated]:
    # One that fits two selectors is found twice.
    posts = {found.mem_id: found for found in parsed.css(engine.post)}
    inside, looked_through = _INSIDE * size, _LOOKED_THROUGH * size
    for post in posts.values():
        looked_through -= len(post.html or "")
        if looked_through < 0:
            raise BadRecord(_IN_ONE_ANOTHER)
        body = post.css_first(engine.body)
        if body is None or _nested(body, post, posts):
            continue
        signature = post.css_first(engine.signature) if engine.signature else None
        if signature is not None and _inside(signature, body):
            signature = None
        inside -= sum(len(part.html or "") for part in (body, signature) if part is not None)
        if inside < 0:
            raise BadRecord(_IN_ONE_ANOTHER)
        marked = markup.element(body)
        marked = replace(marked, quotations=of_topic(marked.quotations, topic))
        if signature is not None:
            marked = markup.joined(marked, markup.element(signature), "signature")
        yield Stated(
            text=None,
            identifier=_name(post, engine),
            author=_author(post, engine),
            date=_date(post, engine),
            marked=marked,
        )


def _nested(body: LexborNode, post: LexborNode, posts: Container[int]) -> bool:
    """Whether the body is of a post inside the post, as comments in microdata are."""
    at = body.parent
    while at is not None and at.mem_id != post.mem_id:
        if at.mem_id in posts:
            return True
        at = at.parent
    return False


def _inside(node: LexborNode, other: LexborNode) -> bool:
    at: LexborNode | None = node
    while at is not None and at.mem_id != other.mem_id:
        at = at.parent
    return at is not None


def _name(post: LexborNode, engine: PageEngine) -> str | None:
    element = post.css_first(engine.named) if engine.named else post
    if element is None:
        return None
    value = element.attributes.get(engine.name) or (_text(element) if engine.named else "")
    number = _LAST_NUMBER.search(value or "")
    return number[1] if number else None


def _author(post: LexborNode, engine: PageEngine) -> str:
    stated = post.attributes.get(engine.author_attribute) if engine.author_attribute else None
    element = None if stated else post.css_first(engine.author)
    if element is not None and (content := element.attributes.get("content")):
        stated = content
    return " ".join(stated.split()) if stated else _text(element)


def _date(post: LexborNode, engine: PageEngine) -> str:
    element = post.css_first(engine.date)
    if element is None:
        return ""
    # phpBB puts the moment into an element of its own, inside the line with the name.
    inner = element.css_first("time[datetime]") or element
    for attribute in ("datetime", "data-time", "content", "title"):
        if value := inner.attributes.get(attribute):
            return value
    return _text(element).strip(" «»").rpartition("»")[2].strip()


def _text(element: LexborNode | None) -> str:
    return " ".join(element.text().split()) if element is not None else ""


def _address(parsed: LexborHTMLParser) -> str:
    for selector, attribute in (
        ('link[rel="canonical"]', "href"),
        ('meta[property="og:url"]', "content"),
    ):
        element = parsed.css_first(selector)
        value = (element.attributes.get(attribute) or "") if element is not None else ""
        if value.startswith(("http://", "https://")):
            return value.strip()[:1000]
    return ""


def addressed(page: Page, address: str) -> Page:
    """Return the page; if it does not state its address, it is the one it was fetched from."""
    if page.address or not address.startswith(("http://", "https://")):
        return page
    return replace(page, address=_thread(address), number=page.number or _page_number(address))


def _thread(address: str) -> str:
    """Return the address of the thread that one of a page tells; none if it tells but a post.

    >>> _thread("https://a.example/viewtopic.php?t=7&start=20")
    'https://a.example/viewtopic.php?t=7'
    >>> _thread("https://a.example/viewtopic.php?f=3&p=99#p99")
    ''
    """
    found = address
    for pattern, replacement in _PAGE:
        found = pattern.sub(replacement, found)
    of_post = _OF_POST.search(address) is not None
    path, _, query = found.partition("?")
    if query:
        known = not of_post or _OF_THREAD.search(query) is not None
    elif of_post or _IN_QUERY.search(address):
        known = not _SCRIPT.fullmatch(path) and (not of_post or bool(_NUMBERED.match(path)))
    else:
        known = True
    return found if known else ""


def _number(parsed: LexborHTMLParser, engine: PageEngine, address: str) -> int:
    element = parsed.css_first(engine.page) if engine.page else None
    found = _NUMBER.search(_text(element))
    return int(found[0]) if found else _page_number(address)


def _page_number(address: str) -> int:
    found = _PAGE_NUMBER.search(address)
    return int(found[1]) if found else 0


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
    known = ", ".join(dict.fromkeys(engine.id.split()[0] for engine in ENGINES[:-1]))
    return f"It shows no posts as {known} or schema.org mark them."


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
