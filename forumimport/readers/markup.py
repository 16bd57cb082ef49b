"""HTML of posts as text, with what the markup says kept as spans over it. Never raises but for
markup that is made to cost time.

Text is what a reader of the page reads as the writer's words: white space as a browser lays it
out, one line a line, a blank line between paragraphs. Labels that the engine adds (the name above
a quotation, "Click to expand") are no text; what the label above a quotation says is kept with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.segmentation.structure import Boilerplate, Link
from corpus.spans import Span
from forumimport.drafts import QuotationDraft
from forumimport.readers import markup_bounds
from forumimport.readers import markup_quotes as quotes
from forumimport.readers import markup_rules as rules
from forumimport.readers.markup_text import Mark, Writer

#: Longest address that is kept.
LONGEST_ADDRESS = 2000
_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Marked:
    """Text, and the spans of it that the markup tells apart. Quotations are the outermost."""

    text: str
    quotations: tuple[QuotationDraft, ...] = ()
    boilerplate: tuple[Boilerplate, ...] = ()
    links: tuple[Link, ...] = ()


def fragment(html: str) -> Marked:
    """Return the text of a piece of HTML.

    >>> fragment("<blockquote><cite>Ada wrote:</cite>Why?</blockquote>So <b>there</b>.").text
    'Why?\\n\\nSo there.'

    Raises:
        BadRecord: parsing it would cost much more than its length.
    """
    body = page(f"<body><br>{html}").body
    return element(body) if body else Marked("")


def page(html: str) -> LexborHTMLParser:
    """Return a parsed page.

    Raises:
        BadRecord: parsing it would cost much more than its length.
    """
    markup_bounds.check(html)
    return LexborHTMLParser(html)


def element(root: LexborNode) -> Marked:
    """Return the text below one element."""
    walk = _Walk(around=[_classes(root.attributes)])
    # Not by recursion: markup may be nested deeper than Python allows calls to be.
    leaves: list[Callable[[], None]] = []
    node: LexborNode | None = root.child
    while node is not None:
        leave = walk.enter(node)
        child = node.child if leave else None
        if child is not None and leave:
            leaves.append(leave)
            walk.around.append(walk.classes)
            node = child
            continue
        if leave:
            leave()
        while node is not None and node.next is None:
            node = node.parent if leaves else None
            if leaves:
                leaves.pop()()
                walk.around.pop()
        node = node.next if node is not None else None
    return walk.marked()


def _nothing() -> None:
    """Leave an element that means nothing."""


@dataclass(slots=True)
class _Walk:
    """Goes through elements; ``enter`` says what to do behind one, or None to pass over it.

    ``around`` holds the classes of the elements that it is in, ``classes`` those of the last;
    ``quoted`` the quotations that it is in.
    """

    around: list[frozenset[str]]
    classes: frozenset[str] = frozenset()
    writer: Writer = field(default_factory=Writer)
    quotes: list[quotes.Quote] = field(default_factory=list)
    links: list[tuple[Mark, str, str]] = field(default_factory=list)
    boilerplate: list[tuple[Mark, str]] = field(default_factory=list)
    quoted: list[Mark] = field(default_factory=list)
    apart: int = 0
    verbatim: int = 0
    header: LexborNode | None = None

    def marked(self) -> Marked:
        text = "".join(self.writer.parts)
        return Marked(
            text,
            tuple(
                QuotationDraft(span, of=quote.of, attributed=quote.attributed)
                for quote in self.quotes
                if (span := quote.mark.span(text))
            ),
            tuple(
                Boilerplate(span, kind, "attested")
                for mark, kind in self.boilerplate
                if (span := mark.span(text))
            ),
            tuple(
                Link(span, address, kind)
                for mark, address, kind in self.links
                if (span := mark.span(text))
            ),
        )

    def enter(self, node: LexborNode) -> Callable[[], None] | None:
        if node.is_text_node:
            text = node.text_content or ""
            if self.verbatim:
                self.writer.verbatim(text)
            else:
                self.writer.words(text)
            return None
        tag = node.tag or ""
        if tag == "button":
            self._spoiler(node)
        if not node.is_element_node or tag in rules.SKIPPED_TAGS:
            return None
        if tag == "br":
            self.writer.breaks += 1
            return None
        attributes = node.attributes
        self.classes = classes = _classes(attributes)
        if tag == "img" or tag in rules.EMBEDDING_TAGS:
            self._embedded(tag, attributes)
            return None
        if self._dropped(tag, classes) or self._introduces(node, tag, classes):
            return None
        if any((tag, name) in rules.CARD_TAGS_WITH_CLASS for name in classes):
            self._card(node, attributes)
            return None
        return self._element(node, tag, attributes)

    def _spoiler(self, button: LexborNode) -> None:
        """What the writer called words that a button shows is theirs, the button is not."""
        if title := button.css_first(rules.SPOILER_TITLE):
            self.writer.gap(1)
            self.writer.words(title.text())
            self.writer.gap(1)

    def _card(self, node: LexborNode, attributes: dict[str, str | None]) -> None:
        """The preview of a page in place of its address, which is all that was written."""
        stated = next(filter(None, map(attributes.get, rules.CARD_ATTRIBUTES)), "")
        if not stated and (link := node.css_first("a[href]")):
            stated = link.attributes.get("href") or ""
        self.writer.gap(2)
        self._stands_for(_address(stated), rules.OBJECT, "link")
        self.writer.gap(2)

    def _embedded(self, tag: str, attributes: dict[str, str | None]) -> None:
        address = _address(attributes.get("data-src") or attributes.get("src") or "")
        alternative = " ".join((attributes.get("alt") or "").split())
        words = alternative if alternative and _is_smiley(attributes) else rules.OBJECT
        self._stands_for(address, words, "image" if tag == "img" else "link")

    def _stands_for(self, address: str, words: str, kind: str) -> None:
        mark = self.writer.opened()
        self.writer.verbatim(words)
        self.writer.close(mark)
        if address:
            self.links.append((mark, address, kind))

    def _dropped(self, tag: str, classes: frozenset[str]) -> bool:
        if classes & rules.DROPPED_CLASSES:
            return True
        within = self.around[-1]
        return any(tag == name and around in within for around, name in rules.DROPPED_WITHIN)

    def _introduces(self, node: LexborNode, tag: str, classes: frozenset[str]) -> bool:
        """Whether it is the line above a quotation, which is then kept with it."""
        within = self.around[-1]
        sure = classes & rules.HEADER_CLASSES or ("title" in classes and "quote" in within)
        maybe = tag in rules.HEADER_TAGS or classes & rules.MAYBE_HEADER_CLASSES
        # vBulletin 3 has no name for it: it is the first element of the cell.
        opens = bool(self.quoted) and self.quoted[-1].start < 0
        first = opens and len(self.quoted) == 1 and "alt2" in within
        reads = (maybe or first) and quotes.introduces(node)
        # The words for "wrote" are of more languages than are known.
        if not (sure or reads or (opens and tag == "cite" and quotes.names_post(node))):
            return False
        if not self.quoted:
            self.header = node
        elif len(self.quoted) == 1:
            quotes.attribute(self.quotes[-1], node)
        return True

    def _element(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None]
    ) -> Callable[[], None] | None:
        gap = 2 if tag in rules.BLOCK_TAGS else 1 if tag in rules.LINE_TAGS else 0
        self.writer.gap(gap)
        if tag in rules.CELL_TAGS:
            self.writer.space = "\t"
        kind = _kind(attributes, self.classes)
        if not kind and quotes.is_quote(tag, self.classes):
            return self._quote(node, max(gap, 2))
        if tag in rules.VERBATIM_TAGS:
            self.verbatim += 1
            return lambda: self._leave_verbatim(gap)
        if tag == "a" and (address := _address(attributes.get("href") or "")):
            mark = self.writer.opened()
            self.links.append((mark, address, "link"))
            return lambda: self.writer.close(mark)
        if kind:
            return self._apart(kind, max(gap, 1))
        return (lambda: self.writer.gap(gap)) if gap else _nothing

    def _quote(self, node: LexborNode, gap: int) -> Callable[[], None]:
        self.writer.gap(gap)
        mark = self.writer.opened()
        self.quoted.append(mark)
        if len(self.quoted) == 1:
            self.quotes.append(quotes.Quote(mark, *quotes.stated(node)))
            if self.header is not None:
                quotes.attribute(self.quotes[-1], self.header)
        self.header = None

        def leave() -> None:
            self.quoted.pop()
            self.writer.close(mark)
            self.writer.gap(gap)

        return leave

    def _leave_verbatim(self, gap: int) -> None:
        self.verbatim -= 1
        self.writer.gap(gap)

    def _apart(self, kind: str, gap: int) -> Callable[[], None]:
        self.writer.gap(gap)
        mark = self.writer.opened()
        self.apart += 1
        if self.apart == 1 and not self.quoted:
            self.boilerplate.append((mark, kind))

        def leave() -> None:
            self.apart -= 1
            self.writer.close(mark)
            self.writer.gap(gap)

        return leave


def _kind(attributes: dict[str, str | None], classes: frozenset[str]) -> str:
    if classes & rules.SIGNATURE_CLASSES:
        return "signature"
    noted = classes & rules.NOTE_CLASSES or classes >= rules.NOTE_TOGETHER
    return "navigation" if noted or rules.NOTE_ATTRIBUTE in attributes else ""


def _classes(attributes: dict[str, str | None]) -> frozenset[str]:
    return frozenset((attributes.get("class") or "").split())


def _is_smiley(attributes: dict[str, str | None]) -> bool:
    alternative = attributes.get("alt") or ""
    return bool(
        rules.SMILEY_CLASSES.search(attributes.get("class") or "")
        or "data-emoticon" in attributes
        or "data-shortname" in attributes
        or (len(alternative) <= 12 and alternative[:1] in ":;" and " " not in alternative)
    )


def _address(address: str) -> str:
    """An address worth keeping; of data in place of an address, what kind it is of."""
    address = address.strip()
    if address.lower().startswith("data:"):
        return address[: address.find(",")][:100] if "," in address else ""
    if address.startswith("#") or address.lower().startswith("javascript:"):
        return ""
    return address if len(address) <= LONGEST_ADDRESS else ""


def joined(body: Marked, below: Marked, kind: str) -> Marked:
    """Return a body with what stands below it, as boilerplate of that kind."""
    words = Span(0, len(below.text)).trimmed(below.text) if below.text else None
    if words is None:
        return body
    row = Boilerplate(words, kind, "attested")
    return appended([body, Marked(below.text, (), (row,), below.links)])


def appended(bodies: Sequence[Marked]) -> Marked:
    """Return texts as one, with a blank line between each and the next."""
    quotations: list[QuotationDraft] = []
    boilerplate: list[Boilerplate] = []
    links: list[Link] = []
    at = 0

    def moved(span: Span) -> Span:
        return Span(span.start + at, span.end + at)

    for body in bodies:
        quotations += (replace(row, span=moved(row.span)) for row in body.quotations)
        boilerplate += (replace(row, span=moved(row.span)) for row in body.boilerplate)
        links += (replace(row, span=moved(row.span)) for row in body.links)
        at += len(body.text) + len(_GAP)
    text = _GAP.join(body.text for body in bodies)
    return Marked(text, tuple(quotations), tuple(boilerplate), tuple(links))
