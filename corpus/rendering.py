"""Text and spans to safe output: the one door through which text leaves the corpus.

What a visitor reads is the utterance's text, whatever characters it holds, with redacted spans
replaced. Two things differ from the stored characters: every line end (``\\r\\n``, ``\\r``, NEL,
U+2028, U+2029) reads as ``\\n``, since a page has no other, and redacted spans read as their
placeholder. :func:`reading_text` is that reading; :func:`html` keeps it exactly.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from corpus.models.links import followable
from corpus.segmentation.lines import LINE_END
from corpus.spans import Span

_SPACE = " \t\n\f"
_QUOTE_MARKS = re.compile(r"(?m)^[ \t]*(?:&gt;[ \t]*)+")


@dataclass(frozen=True, slots=True)
class Hidden:
    """A redacted span of a document, with the kind of what it hides, in words."""

    span: Span
    kind: str


class Redactions:
    """Hidden spans by their place; those that lie in others are left out."""

    def __init__(self, hidden: Iterable[Hidden] = ()) -> None:
        self._rows: list[Hidden] = []
        self._ends: list[int] = []
        for row in sorted(hidden, key=lambda row: (row.span.start, -row.span.end)):
            if not self._ends or row.span.end > self._ends[-1]:
                self._rows.append(row)
                self._ends.append(row.span.end)

    def __iter__(self) -> Iterator[Hidden]:
        return iter(self._rows)

    def over(self, span: Span) -> Iterator[Hidden]:
        """Yield those that hide some of the span, in order."""
        for at in range(bisect_right(self._ends, span.start), len(self._rows)):
            if self._rows[at].span.start >= span.end:
                return
            yield self._rows[at]


_NOTHING_HIDDEN = Redactions()


def by_place(hidden: Iterable[Hidden]) -> Redactions:
    """Return hidden spans as they are looked up; done once, many spans can be read at no cost."""
    if isinstance(hidden, Redactions):
        return hidden
    return Redactions(hidden) if hidden else _NOTHING_HIDDEN


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation to show: its span, and a line about where the words come from.

    ``source_url`` leads to the quoted post; ``attribution`` is plain text ("post 4, Ada").
    Both are empty where the original is unknown.
    """

    span: Span
    attribution: str = ""
    source_url: str = ""
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """Words that lead to ``address``, or stand for the ``picture`` there. Never trusted."""

    span: Span
    address: str
    picture: bool = False


def lines_folded(text: str) -> str:
    """Return ``text`` with every kind of line end as ``\\n``.

    >>> lines_folded("a\\r\\nb\\x85c")
    'a\\nb\\nc'
    """
    return LINE_END.sub("\n", text)


def reading_text(text: str, span: Span, hidden: Iterable[Hidden] = ()) -> str:
    """Return what is read of ``span``: line ends folded, redactions replaced.

    A redaction that only partly lies in the span hides that part.
    """
    return lines_folded("".join(_pieces(text, span, hidden, since=span.start)))


def excerpt(text: str, span: Span, hidden: Iterable[Hidden] = (), *, length: int = 120) -> str:
    """Return the beginning of the reading text on one line, at most ``length`` characters."""
    # Twice the length, so that white space folded away does not starve the excerpt.
    head = Span(span.start, min(span.end, span.start + 2 * length))
    line = " ".join(reading_text(text, head, hidden).split())
    if len(line) > length or head != span:
        line = f"{line[: length - 1].rstrip()}…"
    return line


def authored_spans(span: Span, quotations: Iterable[Span]) -> Iterator[Span]:
    """Yield what is left of ``span`` without the (disjoint) quotations in it."""
    at = span.start
    for quotation in sorted(quotations):
        if at < quotation.start:
            yield Span(at, quotation.start)
        at = max(at, quotation.end)
    if at < span.end:
        yield Span(at, span.end)


def html(
    text: str,
    span: Span,
    quotations: Sequence[Quoted] = (),
    hidden: Iterable[Hidden] = (),
    links: Sequence[Linked] = (),
) -> SafeString:
    """Return ``span`` as safe HTML that reads back as exactly :func:`reading_text`.

    Quotations (disjoint, inside the span) become block quotes that name and link their source.
    White space survives through ``white-space: pre-wrap``, given as a class and in line, so that
    engine pages that do not load our style sheet show it too; white space between a quotation and
    the words around it stays outside the blocks, where browsers collapse it. Links (those that
    may be followed, and hide nothing) are told to carry nobody's recommendation; pictures are
    linked, never loaded.
    """
    parts: list[str] = []
    at, hidden = span.start, by_place(hidden)
    shown = shown_links(text, links, hidden)

    def read(start: int, end: int) -> list[tuple[str, Linked | None]]:
        return [
            (lines_folded("".join(_pieces(text, part, hidden, since=span.start))), link)
            for part, link in _linked(Span(start, end), shown)
        ]

    for quoted in sorted(quotations, key=lambda quoted: quoted.span):
        if at < quoted.span.start:
            parts.append(_block(read(at, quoted.span.start)))
        block = _block(read(quoted.span.start, quoted.span.end), marks=quoted.marked)
        parts.append(
            f'<blockquote class="corpus-quotation">{block}{_attribution(quoted)}</blockquote>'
        )
        at = quoted.span.end
    if at < span.end:
        parts.append(_block(read(at, span.end)))
    # _block and _attribution escape what they are given.
    return mark_safe(f'<div class="corpus-utterance">{"".join(parts)}</div>')  # noqa: S308


def words_and_html(
    text: str,
    span: Span,
    quotations: Sequence[Quoted] = (),
    hidden: Iterable[Hidden] = (),
    links: Sequence[Linked] = (),
) -> tuple[str, SafeString]:
    """Return :func:`reading_text` and :func:`html` of a span; in one pass where that is enough."""
    words = reading_text(text, span, hidden)
    if quotations or links:
        return words, html(text, span, quotations, hidden, links)
    # _block escapes what it is given. Not by mark_safe, whose look for lazy text costs as much.
    return words, SafeString(f'<div class="corpus-utterance">{_block([(words, None)])}</div>')


def placeholder(kind: str) -> str:
    """Return what stands for a redacted span."""
    return f"[{kind}]"


def _pieces(text: str, span: Span, hidden: Iterable[Hidden], *, since: int) -> Iterator[str]:
    """Yield ``span`` with redactions replaced.

    It is a part of what is shown from ``since`` on: a redaction that began in an earlier part has
    its placeholder there.
    """
    at = span.start
    for redaction in by_place(hidden).over(span):
        if at < redaction.span.start:
            yield text[at : redaction.span.start]
        if at < redaction.span.end:  # Else an earlier one covers what it hides of the span.
            if max(redaction.span.start, since) >= span.start:
                yield placeholder(redaction.kind)
            at = redaction.span.end
    yield text[at : span.end]


def link_html(words: str, link: Linked) -> str:
    """Return words (HTML) as a link; as they are if it may not be followed."""
    address = followable(link.address)
    if not address:
        return words
    picture = ' class="corpus-picture"' if link.picture else ""
    says = escape(_("Picture: %(address)s") % {"address": address}) if link.picture else ""
    title = says or escape(address)
    label = f' aria-label="{says}"' if says else ""
    return (
        f'<a href="{escape(address)}" rel="nofollow noopener ugc" title="{title}"{label}{picture}>'
        f"{words}</a>"
    )


def shown_links(text: str, links: Sequence[Linked], hidden: Iterable[Hidden]) -> list[Linked]:
    """Return the links in order, disjoint, without those that may hold what is hidden."""
    hidden = by_place(hidden)
    shown: list[Linked] = []
    for link in sorted(links, key=lambda link: link.span):
        start, end = link.span.start, link.span.end
        # The two characters of one line end stay together.
        torn = "\r\n" in (text[max(0, start - 1) : start + 1], text[max(0, end - 1) : end + 1])
        if (
            (not shown or start >= shown[-1].span.end)
            and not torn
            and followable(link.address)
            and not any(hidden.over(link.span))
        ):
            shown.append(link)
    return shown


def _linked(span: Span, links: Sequence[Linked]) -> Iterator[tuple[Span, Linked | None]]:
    """Cut a span where (disjoint, sorted) links begin and end."""
    at = span.start
    first = bisect_right(links, span.start, key=lambda link: link.span.end)
    for number in range(first, len(links)):
        link = links[number]
        if link.span.start >= span.end:
            break
        start, end = max(link.span.start, at), min(link.span.end, span.end)
        if at < start:
            yield Span(at, start), None
        yield Span(start, end), link
        at = end
    if at < span.end:
        yield Span(at, span.end), None


def _block(pieces: Sequence[tuple[str, Linked | None]], *, marks: bool = False) -> str:
    """Return words as HTML: white space around them outside the element that keeps it."""
    words = "".join(part for part, _link in pieces)
    if not words.strip(_SPACE):
        return words
    # Blank lines stay outside; the indentation of the first line is the words' own.
    first = words.rfind("\n", 0, len(words) - len(words.lstrip(_SPACE))) + 1
    last = len(words.rstrip(_SPACE))
    inner, at = [], 0
    for part, link in pieces:
        kept = part[max(0, first - at) : max(0, last - at)]
        begins = words[max(0, at - 1) : at] in ("", "\n")
        escaped = _marked(escape(kept)) if marks and begins else escape(kept)
        inner.append(link_html(escaped, link) if link and kept else escaped)
        at += len(part)
    return (
        f'{words[:first]}<div class="corpus-text" dir="auto" style="white-space: pre-wrap">'
        f"{''.join(inner)}</div>{words[last:]}"
    )


def _marked(escaped: str) -> str:
    """Tell quote marks at the beginnings of lines apart."""
    return _QUOTE_MARKS.sub(
        lambda mark: f'<span class="corpus-mark">{mark.group()}</span>', escaped
    )


def _attribution(quoted: Quoted) -> SafeString | str:
    if not quoted.attribution:
        return ""
    if not quoted.source_url:
        return format_html(
            '<footer class="corpus-attribution"><bdi>{}</bdi></footer>', quoted.attribution
        )
    return format_html(
        '<footer class="corpus-attribution"><a href="{}" title="{}"><bdi>{}</bdi></a></footer>',
        quoted.source_url,
        _("Go to the quoted post"),
        quoted.attribution,
    )
