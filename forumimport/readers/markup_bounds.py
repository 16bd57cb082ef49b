"""What a parser will make of markup at most, reckoned before it is parsed.

A parser's time grows with the square of the depth of open elements, and formatting that is never
closed (``<b>``) is opened anew in every paragraph behind it: eleven kilobytes can become a million
elements. So the tags are counted first. An end tag counts only where the standard lets it close
something for sure (https://html.spec.whatwg.org/#parsing-main-inbody); wherever it depends on
what is hard to tell, the element counts as open, so that the bound is never below the truth. From
where a script or style cannot be told from markup on, no end tag counts at all.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from dataclasses import dataclass

from forumimport.readers.base import BadRecord

#: Elements open at once at most: 20,000 take the parser a second, and no page needs more than
#: some hundreds. Pages that leave elements open need as many as they leave.
DEEPEST = 10_000
#: Formatting elements opened anew at most, as a multiple of the tags, which a few are free of.
REPEATED, FREE = 50, 20_000
#: Attributes of one tag: each is compared with all others.
ATTRIBUTES = 1_000
#: How often the text is gone through where tags may lie in the quoted values of others.
RESCANNED = 20
#: So few tags cannot multiply to more than some ten thousand elements.
FEW = 200

_SPACE = r"[\t\n\f\r ]"
_ATTRIBUTE = (
    rf"(?:{_SPACE}|/)*+[^\t\n\f\r />][^\t\n\f\r />=]*+"
    rf"(?:{_SPACE}*+={_SPACE}*+"
    r"(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\t\n\f\r >\"'][^\t\n\f\r >]*+)?)?"
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_TOKEN = re.compile(
    rf"<(?:!--(?:-?>|.*?(?:--!?>|\Z))|[!?][^>]*+|/[^a-zA-Z>][^>]*+"
    rf"|(/?)([a-zA-Z][^\t\n\f\r />]*+)((?:{_ATTRIBUTE})*+)((?:{_SPACE}|/)*+))",
    re.DOTALL,
)

#: A style in a drawing, as drawing programs write it: no tags, however it is read.
_DATA = re.compile(r"\s*<!\[CDATA\[[^<]*?\]\]>\s*")
#: Where what is a tag and what is text cannot be told, each of these counts, and no end tag.
_BEGIN = re.compile(r"<(?=[a-zA-Z])")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Elements whose content holds no tags.
_RAW = _names("title textarea style script xmp iframe noembed noframes plaintext")
_RAW_END = {name: re.compile(rf"</{name}(?=[\t\n\f\r />]|\Z)", re.IGNORECASE) for name in _RAW}
#: Elements that have no content, or end where one of their like begins.
_UNNESTED = _names(
    "area base basefont bgsound br col embed frame hr img image input keygen link meta param "
    "source track wbr p li option optgroup td th tr tbody thead tfoot colgroup html head body"
)
_CELLS = _names("td th tr tbody thead tfoot colgroup")
#: Elements that are opened anew behind what interrupts them.
_FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
#: Behind these no end tag reaches an element before them.
_SCOPE = _names(
    "applet caption frameset marquee object select table template foreignobject desc mi mo mn ms "
    "mtext annotation-xml"
)
#: Behind these only the end tag of one of them, or of formatting, reaches an element before them;
#: of those that are such in drawings and formulas, or without a rule, not even theirs.
_PLAINLY_ENDED = _names("frameset noscript foreignobject desc mi mo mn ms mtext annotation-xml")
_ENDED_BY_RULE = _names(
    "address article aside blockquote button center details dialog dir div dl fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup listing main menu nav ol pre search "
    "section summary ul p li dd dt td th tr tbody thead tfoot colgroup"
)
_SPECIAL = _SCOPE | _PLAINLY_ENDED | _ENDED_BY_RULE
#: Special elements behind formatting up to which its end tag ends it.
_ADOPTED = 8
#: Equal formatting elements that are opened anew.
_EQUAL = 3
#: What may stand in a drawing without ending it.
_DRAWN = _names(
    "path g use circle rect line polygon polyline ellipse defs lineargradient radialgradient stop "
    "symbol clippath mask"
)
_FOREIGN = ("svg", "math")


@dataclass(slots=True)
class Bound:
    """What a parser makes of markup at most: ``repeated`` counts formatting opened anew.

    Elements that need no end (``<li>``) are not in ``deepest``: one lies in another of them only
    with others in between, four of them at most.
    """

    tags: int = 0
    deepest: int = 0
    repeated: int = 0
    attributes: int = 0


def check(html: str) -> None:
    """Refuse markup that would cost a parser much more than its length.

    Raises:
        BadRecord: its elements lie too deep in one another, repeat formatting that is never
            closed, or bear too many attributes.
    """
    if len(html) < 2 * ATTRIBUTES and html.count("<") <= FEW:
        return
    bound = reckoned(html)
    if bound.deepest > DEEPEST:
        raise BadRecord(f"Its markup is nested more than {DEEPEST:,} elements deep.")
    if bound.repeated > REPEATED * bound.tags + FREE:
        raise BadRecord("Its markup opens formatting that it never closes, again and again.")
    if bound.attributes > ATTRIBUTES:
        raise BadRecord(f"An element of its markup has more than {ATTRIBUTES:,} attributes.")


def reckoned(html: str) -> Bound:
    """Return the bound of some markup; it stops at a depth that is refused."""
    bound, elements = Bound(), _Elements()
    at, doubted, left = 0, False, RESCANNED * len(html)
    while bound.deepest <= DEEPEST and left >= 0 and (token := _next(html, at, doubted)):
        at = token.end()
        if not token[2]:
            # Text among drawings, a comment elsewhere.
            doubted = elements.odd() and html.startswith("<![", token.start())
            at = token.start() + 1 if doubted else at
            continue
        name = token[2].lower()
        bound.tags += 1
        if at - token.start() > 2 * ATTRIBUTES:
            bound.attributes = max(bound.attributes, len(_ATTRIBUTES.findall(token[3])))
        if doubted:
            left -= at - token.start()
            at = token.start() + 1
            elements.open(name, "", closed=False)
        elif token[1]:
            elements.close(name)
        elif name in _RAW:
            end = _RAW_END[name].search(html, at)
            stop = end.start() if end else len(html)
            words = html[at:stop]
            doubted = "<" in words and (
                (elements.odd() and not _DATA.fullmatch(words[1:])) or _escaped(words)
            )
            at = at if doubted else stop
        else:
            elements.open(name, token[3], closed="/" in token[4])
        bound.repeated += elements.active
        bound.deepest = max(bound.deepest, elements.depth + elements.active)
    if left < 0:
        bound.attributes = ATTRIBUTES + 1
    return bound


def _next(html: str, at: int, doubted: bool) -> re.Match[str] | None:
    """The next tag or comment; in doubt the next that may begin a tag, though inside another."""
    begin = _BEGIN.search(html, at) if doubted else None
    if doubted:
        return _TOKEN.match(html, begin.start()) if begin else None
    return _TOKEN.search(html, at)


def _escaped(script: str) -> bool:
    """Whether a script may go on behind its first end tag: one began in a comment in it."""
    comment = script.rfind("<!--")
    inside = comment >= 0 and script.find("-->", comment + 2) < 0
    return inside and "<script" in script.lower()


class _Elements:
    """What is open: each element has the number of its tag, and is told apart by nothing else.

    An end tag takes one element off, not those inside it that it would end as well.
    """

    def __init__(self) -> None:
        self.depth = self.active = 0
        self._number = 0
        self._open: dict[str, list[int]] = {}
        self._special: list[int] = []
        self._scope: list[int] = []
        self._equal: Counter[tuple[str, str]] = Counter()
        self._formatting: dict[str, list[str]] = {}
        self._counted: set[int] = set()
        self._gone: set[int] = set()
        self._drawing = False

    def odd(self) -> bool:
        """Whether what is no text elsewhere may be text here."""
        return any(self._open.get(name) for name in (*_FOREIGN, "select", "frameset"))

    def open(self, name: str, attributes: str, *, closed: bool) -> None:
        self._drawing = name == "svg" or (self._drawing and name in _DRAWN)
        if closed and (self._drawing or name in _FOREIGN):
            return
        if name == "a":
            self.close(name)
        self._number += 1
        if name not in _UNNESTED or any(map(self._open.get, _FOREIGN)):
            self._counted.add(self._number)
            self.depth += 1
        elif name not in _SPECIAL:
            return
        self._open.setdefault(name, []).append(self._number)
        if name in _SPECIAL:
            self._special.append(self._number)
        if name in _SCOPE:
            self._scope.append(self._number)
        if name in _FORMATTING and self._equal[name, attributes] < _EQUAL:
            self._equal[name, attributes] += 1
            self._formatting.setdefault(name, []).append(attributes)
            self.active += 1

    def close(self, name: str) -> None:
        """Take the last element of that name off if the standard has its end tag reach it."""
        self._drawing = self._drawing and name in _DRAWN
        numbers = self._open.get(name)
        if not numbers or not self._reached(name, numbers[-1], len(numbers)):
            if name == "form":
                self._open.pop(name, None)  # The end tag of a form is for it alone.
            return
        number = numbers.pop()
        self._drop(number)
        if name == "table":
            self._close_cells(number)
        formatting = self._formatting.get(name)
        if formatting and len(formatting) > len(numbers):
            self._equal[name, formatting.pop()] -= 1
            self.active -= 1

    def _reached(self, name: str, number: int, alike: int) -> bool:
        if self._scope and self._scope[-1] > number:
            return False
        behind = len(self._special) - bisect(self._special, number)
        if name in ("p", "li"):
            stops = ("button",) if name == "p" else ("ul", "ol")
            return not any(self._open.get(stop, [0])[-1:] > [number] for stop in stops)
        if name in _SPECIAL and name not in _PLAINLY_ENDED:
            return True
        if name in _FORMATTING and len(self._formatting.get(name, ())) == alike:
            return behind <= _ADOPTED
        return not behind

    def _close_cells(self, table: int) -> None:
        for name in _CELLS:
            numbers = self._open.get(name, [])
            while numbers and numbers[-1] > table:
                self._drop(numbers.pop())

    def _drop(self, number: int) -> None:
        """Take an element off. Before others that are open it still counts as special, so that
        nothing has to be moved: end tags reach what is before it later, never too early."""
        self._gone.add(number)
        for others in (self._special, self._scope):
            while others and others[-1] in self._gone:
                others.pop()
        if number in self._counted:
            self._counted.remove(number)
            self.depth -= 1
