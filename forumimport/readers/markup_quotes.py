"""Quotations in HTML: which elements are one, whose words they hold, and which post's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from corpus.segmentation import attributions
from forumimport.readers import markup_rules as rules
from forumimport.readers.markup_text import Mark

#: Addresses that only forums have, unlike "/posts/12".
_IN_FORUM = re.compile(r"#(?:p|msg|post-?)\d|[?&;](?:p|pid|msg)=\d")
_ARROW = re.compile(r"[↑→»].*|\s*[:(]\s*$", re.DOTALL)


@dataclass(slots=True)
class Quote:
    mark: Mark
    of: str = ""
    attributed: str = ""


def is_quote(tag: str, classes: frozenset[str]) -> bool:
    return (
        tag == "blockquote"
        or bool(classes & rules.QUOTE_CLASSES)
        or any((tag, name) in rules.QUOTE_TAGS_WITH_CLASS for name in classes)
    )


def stated(node: LexborNode) -> tuple[str, str]:
    """The quoted post and its writer, as a quotation's attributes name them."""
    attributes = node.attributes
    of = next(
        (
            number[1]
            for name in rules.POST_ATTRIBUTES
            if (number := rules.POST_NUMBER.search(attributes.get(name) or ""))
        ),
        "",
    )
    if of and (topic := attributes.get("data-topic")):
        of = f"{topic}/{of}"  # Discourse counts posts by topic, and quotes across topics.
    writers = (" ".join((attributes.get(name) or "").split()) for name in rules.WRITER_ATTRIBUTES)
    return of, next(filter(None, writers), "")


def attribute(quote: Quote, header: LexborNode) -> None:
    """Take from the line above a quotation what its attributes leave unsaid."""
    links = header.css("a") or []
    named = quote.attributed or _name(_short_text(header) or "")
    if not named and names_post(header):
        # In words that are not known: the writer is linked, beside the post.
        named = next((_short_text(link, 60) or "" for link in links if not _post(link)), "")
    quote.attributed = named
    quote.of = quote.of or next(filter(None, map(_post, links)), "")


def names_post(header: LexborNode) -> bool:
    """Whether a short line links a post of the forum, as the label of a quotation does."""
    if _short_text(header) is None:
        return False
    posts = [link for link in header.css("a") if _post(link)]
    return any("data-post-id" in link.attributes or _IN_FORUM.search(_end(link)) for link in posts)


def _post(link: LexborNode) -> str:
    """The number of the post that a link leads to, empty if it names none."""
    stated = link.attributes.get("data-post-id") or ""
    number = rules.POST_NUMBER.search(stated) or rules.POST_NUMBER.search(_end(link))
    return number[1] if number else ""


def _end(link: LexborNode) -> str:
    """The end of an address, which names the post: what is before may hold other numbers."""
    address = link.attributes.get("href") or ""
    hash_at = address.rfind("#")
    return address[hash_at:] if hash_at >= 0 else address


def introduces(node: LexborNode) -> bool:
    text = _short_text(node)
    return text is not None and any(map(attributions.recognised, _readings(text)))


def _name(text: str) -> str:
    return next(filter(None, map(attributions.name, _readings(text))), "")


def _readings(text: str) -> list[str]:
    """A line above a quotation as it is, and without the arrow and date behind it."""
    cut = _ARROW.sub("", text).strip()
    return [text, cut, f"{cut}:"] if text else []


def _short_text(node: LexborNode, longest: int = 200) -> str | None:
    """The text of an element, None if it is long."""
    found = ""
    for number, part in enumerate(node.traverse(include_text=True)):
        if part.is_text_node:
            found += part.text_content or ""
        if number > longest or len(found) > longest:
            return None
    return " ".join(found.split())
