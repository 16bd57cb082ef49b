"""What the workbench shows of a thread: a page of posts and boilerplate, in the text's order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from corpus import linked
from corpus.admin.workbench import words
from corpus.admin.workbench.repeats import repeated
from corpus.conf import unsure_below
from corpus.hiding import hidden_from_curators
from corpus.models import (
    Basis,
    Boilerplate,
    Flag,
    Quotation,
    SourceDocument,
    State,
    Thread,
    Utterance,
)
from corpus.models.utterances import CUE_WORDS
from corpus.rendering import by_place, excerpt, shown_links
from corpus.segmentation import Cue
from corpus.spans import Span

#: Posts on one page: enough for any ordinary thread, and drawn in a tenth of a second.
PAGE = 100


@dataclass(frozen=True, slots=True)
class Paragraph:
    span: Span
    html: SafeString


@dataclass(frozen=True, slots=True)
class ShownQuotation:
    """A quotation as a line below its post; ``number`` is the quoted post's, if known."""

    pk: int
    start: int
    words: str
    source: int | None
    whole: bool
    sure: str
    unsure: bool
    confirmed: bool
    number: int | None = field(compare=False)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the sheet. Two are equal if they look the same, but for the posts' numbers,
    which the page counts itself."""

    key: str
    pk: int
    document: int
    span: Span
    paragraphs: tuple[Paragraph, ...]
    flags: tuple[tuple[int, str], ...]
    kind: str = ""
    #: Whether another thread has these words, which are not shown then.
    elsewhere: bool = False

    # Of a post:
    why: str = ""
    sure: str = ""
    unsure: bool = False
    confirmed: bool = False
    speaker: str = ""
    date: str = ""
    reply: int | None = None
    quotations: tuple[ShownQuotation, ...] = ()
    number: int = field(default=0, compare=False)
    reply_number: int | None = field(default=None, compare=False)
    first: bool = False
    #: The post on an earlier page of the thread that says the same.
    repeats: int | None = None
    repeats_number: int | None = field(default=None, compare=False)

    @property
    def is_post(self) -> bool:
        return not self.kind


class Sheet:
    """One page of a thread. ``page`` counts from 1; a page that there is not is the last."""

    def __init__(self, thread: Thread, page: int = 1) -> None:
        self.thread = thread
        self.pages = max(1, -(-len(self.order) // PAGE))
        self.page = min(max(1, page), self.pages)
        self.chosen = self.order[(self.page - 1) * PAGE : self.page * PAGE]

    @classmethod
    def at(cls, thread: Thread, utterance: int | None) -> Sheet:
        """Return the page that a post stands on, or the first."""
        sheet = cls(thread)
        place = sheet.position.get(utterance or 0, 1)
        return sheet if place <= PAGE else cls(thread, -(-place // PAGE))

    @cached_property
    def order(self) -> list[int]:
        """The keys of all posts of the thread, in order."""
        rows = Utterance.objects.of_thread(self.thread.pk).in_order()
        return list(rows.values_list("pk", flat=True))

    @cached_property
    def position(self) -> dict[int, int]:
        """Each post's number, counted from 1."""
        return {pk: number for number, pk in enumerate(self.order, 1)}

    @cached_property
    def repeated(self) -> dict[int, int]:
        return repeated(self.thread)

    @cached_property
    def address(self) -> str:
        """The address of the thread's workbench, under which its steps are."""
        return reverse("admin:corpus_thread_workbench", args=[self.thread.pk])

    @property
    def first_number(self) -> int:
        return (self.page - 1) * PAGE + 1

    @cached_property
    def stretches(self) -> list[Stretch]:
        """Everything on the page, in order."""
        posts = list(
            Utterance.objects.filter(pk__in=self.chosen)
            .select_related("speaker")
            .prefetch_related("quotations")
            .in_order()
        )
        shown: list[Stretch] = []
        for document in self._documents(posts):
            own = [post for post in posts if post.document_id == document.pk]
            shown += _Drawing(self, document).draw(own)
        return shown

    @cached_property
    def unsure(self) -> set[int]:
        """The keys of all posts of the thread whose boundary is unsure."""
        rows = Utterance.objects.of_thread(self.thread.pk).filter(
            state=State.AUTOMATIC, confidence__lt=unsure_below()
        )
        return set(rows.values_list("pk", flat=True))

    def first_unsure(self) -> int | None:
        return next((pk for pk in self.order if pk in self.unsure), None)

    def elsewhere(self, *, after: bool) -> int | None:
        """Return the nearest unsure post on the pages after this one (or before)."""
        edge = self.page * PAGE if after else (self.page - 1) * PAGE
        others = self.order[edge:] if after else reversed(self.order[:edge])
        return next((pk for pk in others if pk in self.unsure), None)

    def _documents(self, posts: Sequence[Utterance]) -> list[SourceDocument]:
        if not self.order:  # A thread all of whose text is boilerplate.
            return list(self.thread.documents.order_by("order"))
        keys = {post.document_id for post in posts}
        return list(SourceDocument.objects.filter(pk__in=keys).order_by("order"))


class _Drawing:
    """The part of a page that stands in one document."""

    def __init__(self, sheet: Sheet, document: SourceDocument) -> None:
        self.sheet, self.document = sheet, document
        self.hidden = by_place(hidden_from_curators(document))
        found = linked.links(document.thread.collection_id, [document.pk])
        self.links = shown_links(document.text, found.get(document.pk, ()), self.hidden)
        self.flags = list(Flag.objects.filter(document=document).order_by("start"))

    def draw(self, posts: Sequence[Utterance]) -> list[Stretch]:
        rows = [*map(self._post, posts), *map(self._boilerplate, self._between(posts))]
        return sorted(rows, key=lambda row: row.span)

    def _between(self, posts: Sequence[Utterance]) -> Iterator[Boilerplate]:
        """Yield the boilerplate from the post before the page to the last one on it."""
        rows = Boilerplate.objects.filter(document=self.document).order_by("start")
        others = Utterance.objects.filter(document=self.document)
        if posts:
            if before := others.filter(start__lt=posts[0].start).order_by("-start").first():
                rows = rows.filter(start__gte=before.end)
            if others.filter(start__gt=posts[-1].start).exists():
                rows = rows.filter(start__lt=posts[-1].start)
        yield from rows

    def _paragraphs(self, span: Span, marked: Sequence[words.Marked] = ()) -> Any:
        text = self.document.text
        hidden = list(self.hidden.over(span))
        return tuple(
            Paragraph(part, words.html(text, part, marked, hidden, linked.within(self.links, part)))
            for part in words.paragraphs(text, span)
        )

    def _flags(self, span: Span) -> tuple[tuple[int, str], ...]:
        return tuple((row.pk, row.note) for row in self.flags if span.start <= row.start < span.end)

    def _boilerplate(self, row: Boilerplate) -> Stretch:
        elsewhere = row.kind == Boilerplate.Kind.ELSEWHERE
        return Stretch(
            key=f"b{row.pk}",
            pk=row.pk,
            document=self.document.pk,
            span=row.span,
            paragraphs=() if elsewhere else self._paragraphs(row.span),
            flags=self._flags(row.span),
            kind=row.get_kind_display(),
            elsewhere=elsewhere,
        )

    def _post(self, post: Utterance) -> Stretch:
        quotations = sorted(post.quotations.all(), key=lambda row: row.start)
        marked = [words.Marked(row.span, row.pk) for row in quotations]
        confirmed = post.state == State.CONFIRMED
        return Stretch(
            key=f"u{post.pk}",
            pk=post.pk,
            document=self.document.pk,
            span=post.span,
            paragraphs=self._paragraphs(post.span, marked),
            flags=self._flags(post.span),
            why=_why(post),
            sure=_sure(post.confidence, post.state, post.basis),
            unsure=not confirmed and _unsure(post.confidence),
            confirmed=confirmed,
            speaker=post.speaker_words,
            date=post.date_words,
            reply=post.reply_to_id,
            reply_number=self.sheet.position.get(post.reply_to_id or 0),
            quotations=tuple(map(self._quotation, quotations)),
            number=self.sheet.position[post.pk],
            first=self.sheet.position[post.pk] == 1,
            repeats=self.sheet.repeated.get(post.pk),
            repeats_number=self.sheet.position.get(self.sheet.repeated.get(post.pk, 0)),
        )

    def _quotation(self, row: Quotation) -> ShownQuotation:
        confirmed = row.state == State.CONFIRMED
        return ShownQuotation(
            pk=row.pk,
            start=row.start,
            words=excerpt(self.document.text, row.span, self.hidden, length=70),
            source=row.source_id,
            whole=row.extent == Quotation.Extent.WHOLE,
            sure=_sure(row.confidence, row.state, row.basis),
            unsure=not confirmed and _unsure(row.confidence),
            confirmed=confirmed,
            number=self.sheet.position.get(row.source_id or 0),
        )


def _why(post: Utterance) -> str:
    """Return the evidence for a boundary in words."""
    if post.basis == Basis.CURATED:
        return _("a curator's decision")
    return str(CUE_WORDS[Cue(post.cue)]) if post.cue else _("no evidence noted")


def _sure(confidence: float | None, state: str, basis: str) -> str:
    if basis == Basis.CURATED:
        return ""
    # Rounded down, so that nothing is wholly sure that is not.
    said = "" if confidence is None else _("%(n)d %% sure") % {"n": int(round(100 * confidence, 6))}
    if state == State.CONFIRMED:
        return f"{said}, {_('confirmed')}" if said else _("confirmed")
    return said


def _unsure(confidence: float | None) -> bool:
    return confidence is not None and confidence < unsure_below()
