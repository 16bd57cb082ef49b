"""The words of a stretch as HTML in which every character knows its place in the source.

Each run of characters stands in an element whose ``data-from`` is the offset (in code points) of
its first one; line ends stand between runs, since a page has one kind only. Redacted words are not
there: a placeholder with ``data-from`` and ``data-to`` is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from corpus.rendering import Hidden, Linked, link_html, placeholder
from corpus.segmentation.lines import filled, stretches
from corpus.spans import Span


@dataclass(frozen=True, slots=True)
class Marked:
    """A span to be told apart by the ``key`` of the quotation that it is."""

    span: Span
    key: int


def paragraphs(text: str, span: Span) -> Iterator[Span]:
    """Yield the stretches of ``span`` between blank lines.

    >>> [p.of("a\\nb\\n\\nc") for p in paragraphs("a\\nb\\n\\nc", Span(0, 6))]
    ['a\\nb', 'c']
    """
    start = end = None
    for line in filled(span.of(text)):
        if start is not None and end is not None and line.blanks:
            yield Span(span.start + start, span.start + end)
            start = None
        start = line.span.start if start is None else start
        end = line.span.end
    if start is not None and end is not None:
        yield Span(span.start + start, span.start + end)


def html(
    text: str,
    paragraph: Span,
    marked: Sequence[Marked] = (),
    hidden: Sequence[Hidden] = (),
    links: Sequence[Linked] = (),
) -> SafeString:
    """Return one paragraph as runs; ``marked`` spans are disjoint, as are ``links``."""
    lines = []
    for start, end in stretches(paragraph.of(text)):
        runs = []
        if start < end:
            line = Span(paragraph.start + start, paragraph.start + end)
            runs = [
                _run(text, part, marked, hidden, links)
                for part in _parts(line, marked, hidden, links)
            ]
        lines.append("".join(runs))
    return mark_safe("\n".join(lines))  # noqa: S308  (_run escapes)


def _parts(line: Span, *rows: Sequence[Marked | Hidden | Linked]) -> Iterator[Span]:
    """Cut a line where a mark, a redaction or a link begins or ends."""
    spans = [row.span for some in rows for row in some]
    cuts = {cut for span in spans for cut in (span.start, span.end) if line.start < cut < line.end}
    at = line.start
    for cut in sorted(cuts | {line.end}):
        yield Span(at, cut)
        at = cut


def _run(
    text: str,
    part: Span,
    marked: Sequence[Marked],
    hidden: Sequence[Hidden],
    links: Sequence[Linked],
) -> str:
    quotation = next((row.key for row in marked if row.span.contains(part)), None)
    mark = f' class="corpus-quoted" data-quotation="{quotation}"' if quotation is not None else ""
    redaction = next((row for row in hidden if row.span.contains(part)), None)
    if redaction is None:
        link = next((row for row in links if row.span.contains(part)), None)
        run = f'<span data-from="{part.start}"{mark}>{escape(part.of(text))}</span>'
        return link_html(run, link) if link else run
    # Of what a redaction hides in several parts, only the first says so.
    says = escape(placeholder(redaction.kind)) if redaction.span.start == part.start else ""
    return (
        f'<span data-from="{part.start}" data-to="{part.end}" class="corpus-hidden">{says}</span>'
    )
