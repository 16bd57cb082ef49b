"""One source document in two threads: each has all of the text, and its own part of what is
stated about it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from corpus.curation.changes import Changes
from corpus.curation.neighbours import before
from corpus.errors import OperationRefused
from corpus.models import (
    Basis,
    Boilerplate,
    Dismissal,
    Flag,
    Link,
    Redaction,
    SourceDocument,
    Thread,
    Utterance,
)
from corpus.spans import Span

#: What is stated of spans, but for quotations, which go with their post.
_STATED = (Utterance, Boilerplate, Redaction, Dismissal, Flag, Link)
#: Boilerplate that announces the post below it.
_ANNOUNCING = {Boilerplate.Kind.TITLE, Boilerplate.Kind.HEADER}
_LOCATOR = 460


def beginning(utterance: Utterance) -> int:
    """Return where a post begins together with the header lines right above it."""
    start, earlier = utterance.start, before(utterance)
    rows = Boilerplate.objects.filter(document=utterance.document_id, end__lte=start)
    rows = rows.filter(start__gte=earlier.end) if earlier else rows
    for row in rows.order_by("-start"):
        if row.kind not in _ANNOUNCING:
            break
        start = row.start
    return start


def check(document: SourceDocument, cut: int) -> None:
    """Refuse a cut through something that is one."""
    for model in (Redaction, Dismissal, Flag, Link):
        if across := model.objects.filter(document=document, start__lt=cut, end__gt=cut).first():
            raise OperationRefused(
                _("The %(row)s %(start)s–%(end)s reaches over the place: change that first.")
                % {
                    "row": model._meta.verbose_name,
                    "start": across.start,
                    "end": across.end,
                }
            )


def copied(document: SourceDocument, thread: Thread) -> SourceDocument:
    """Make the other part's document: the same text, nothing of which is its own yet.

    Not through ``changes``, which would keep the text in the history: undoing leaves it behind,
    empty, in a deleted thread.
    """
    copy = SourceDocument.objects.get(pk=document.pk)
    copy.copy_of_id, copy.thread, copy.order = document.root_id, thread, 0
    copy.locator = f"{document.locator[:_LOCATOR]} (thread {thread.pk})".lstrip()
    copy.pk, copy._state.adding = None, True
    copy.save(force_insert=True)
    _elsewhere(copy, Span(0, copy.characters)).save(force_insert=True)
    return copy


def move(changes: Changes, document: SourceDocument, copy: SourceDocument, cut: int) -> None:
    """Let all that is stated of the text from ``cut`` on be stated of the copy."""
    (whole,) = copy.boilerplate.all()
    changes.update(whole, end=_trimmed(document, 0, cut).end)
    for model in _STATED:
        rows = model.objects.filter(document=document, start__gte=cut)
        changes.update_all(rows.order_by("start"), document=copy)
    changes.create(_elsewhere(document, Span(cut, document.characters)))


def _elsewhere(document: SourceDocument, span: Span) -> Boilerplate:
    span = _trimmed(document, span.start, span.end)
    return Boilerplate(
        document=document,
        start=span.start,
        end=span.end,
        kind=Boilerplate.Kind.ELSEWHERE,
        basis=Basis.CURATED,
    )


def _trimmed(document: SourceDocument, start: int, end: int) -> Span:
    span = Span(start, end).trimmed(document.text)
    assert span is not None  # A post stands on either side.
    return span
