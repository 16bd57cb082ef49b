"""The links of documents as they may be shown."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from corpus.models import Link, PseudonymKey
from corpus.rendering import Linked
from corpus.spans import Span


def links(collection: int, documents: Iterable[int]) -> dict[int, list[Linked]]:
    """Return the links of the documents of a collection, by document, in order.

    There are none where handles are not to be told: addresses of profiles hold them.
    """
    found: dict[int, list[Linked]] = {}
    if PseudonymKey.objects.filter(collection=collection, on=True).exists():
        return found
    for link in Link.objects.filter(document__in=list(documents)).order_by("start", "pk"):
        linked = Linked(link.span, link.address, link.kind == Link.Kind.IMAGE)
        found.setdefault(link.document_id, []).append(linked)
    return found


def within(rows: Sequence[Linked], span: Span) -> Sequence[Linked]:
    """Return those of the links, in order, that begin in the span."""
    begin = bisect_left(rows, span.start, key=lambda link: link.span.start)
    return rows[begin : bisect_left(rows, span.end, key=lambda link: link.span.start)]
