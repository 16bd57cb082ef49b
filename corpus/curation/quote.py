"""What copies what: confirmed, changed, added or removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from corpus.curation.base import QuotationOperation, UtteranceOperation
from corpus.curation.changes import Changes
from corpus.curation.neighbours import precedes
from corpus.errors import OperationRefused
from corpus.models import Basis, Quotation, State, Utterance
from corpus.spans import Span


@dataclass(frozen=True)
class AddQuotation(UtteranceOperation):
    """State that ``[start, end)`` of an utterance copies a span of an earlier one.

    Without ``source`` the original is unknown; both source offsets default to the whole source.
    """

    name = "add-quotation"

    start: int
    end: int
    source: Utterance | None = None
    source_start: int | None = None
    source_end: int | None = None
    marked: bool = False

    def check(self) -> None:
        span = words_within(self.utterance, self.start, self.end)
        if span is None:
            raise OperationRefused(
                _("A quotation lies inside its post: choose offsets between %(start)s and %(end)s.")
                % {"start": self.utterance.start, "end": self.utterance.end}
            )
        for other in self.utterance.quotations.all():
            if other.span.overlaps(span):
                raise OperationRefused(
                    _(
                        "The words %(start)s–%(end)s are a quotation already; change or remove it "
                        "first."
                    )
                    % {"start": other.start, "end": other.end}
                )
        check_source(self.utterance, self.source, self.source_start, self.source_end)

    def apply(self, changes: Changes) -> None:
        span = words_within(self.utterance, self.start, self.end)
        assert span is not None
        changes.create(
            Quotation(
                utterance=self.utterance,
                start=span.start,
                end=span.end,
                marked=self.marked,
                basis=Basis.CURATED,
                state=State.CONFIRMED,
                **source_columns(self.source, self.source_start, self.source_end),
            )
        )

    def summary(self) -> str:
        return f"Added the quotation {self.start}–{self.end} of {_named(self.source)}"


@dataclass(frozen=True)
class ChangeQuotation(QuotationOperation):
    """State what a quotation copies, or that its original is unknown (``source`` None)."""

    name = "change-quotation"

    source: Utterance | None
    source_start: int | None = None
    source_end: int | None = None

    def check(self) -> None:
        check_source(self.quotation.utterance, self.source, self.source_start, self.source_end)

    def apply(self, changes: Changes) -> None:
        changes.update(
            self.quotation,
            basis=Basis.CURATED,
            state=State.CONFIRMED,
            similarity=None,
            **source_columns(self.source, self.source_start, self.source_end),
        )

    def summary(self) -> str:
        quotation = self.quotation
        return (
            f"The quotation {quotation.start}–{quotation.end} is of {_named(self.source)} "
            f"(before: of {_named(quotation.source)})"
        )


@dataclass(frozen=True)
class ConfirmQuotation(QuotationOperation):
    """State that a quotation is right as recovered."""

    name = "confirm-quotation"
    visible = False

    def check(self) -> None:
        if self.quotation.state == State.CONFIRMED:
            raise OperationRefused(_("The quotation is confirmed already."))

    def apply(self, changes: Changes) -> None:
        changes.update(self.quotation, state=State.CONFIRMED)

    def summary(self) -> str:
        return f"Confirmed the quotation {self.quotation.start}–{self.quotation.end}"


@dataclass(frozen=True)
class RemoveQuotation(QuotationOperation):
    """State that these words are the post's own."""

    name = "remove-quotation"

    def check(self) -> None:
        """Any quotation may be removed."""

    def apply(self, changes: Changes) -> None:
        changes.delete(self.quotation)

    def summary(self) -> str:
        return f"Removed the quotation {self.quotation.start}–{self.quotation.end}"


def rehome_all(changes: Changes, of: Sequence[Utterance], into: Sequence[Utterance]) -> None:
    """Let every quotation in or of the posts ``of`` belong to the post that it now lies in.

    ``into`` are the posts that stand there after a change of boundaries, in order.
    """

    def home(start: int) -> Utterance:
        return next(post for post in reversed(into) if post.start <= start or post is into[0])

    for quotation in Quotation.objects.filter(Q(utterance__in=of) | Q(source__in=of)):
        quoting, source = quotation.utterance, quotation.source
        if quoting in of:
            quoting = home(quotation.start)
        if source in of:
            source = home(quotation.source_start or 0)
        rehome(changes, quotation, quoting, source)


def rehome(
    changes: Changes, quotation: Quotation, utterance: Utterance, source: Utterance | None
) -> None:
    """Let a quotation belong to the posts that its spans lie in after a change of boundaries.

    An unmarked one that now lies in the post it copies is no quotation any more.
    """
    if source is not None and source.pk == utterance.pk and not quotation.marked:
        changes.delete(quotation)
        return
    columns = {"utterance": utterance, "source": source, "extent": _extent(quotation, source)}
    now = {name: getattr(quotation, name) for name in columns}
    changed = {name: value for name, value in columns.items() if value != now[name]}
    if changed:
        changes.update(quotation, **changed)


def _extent(quotation: Quotation, source: Utterance | None) -> str:
    """A whole post is one no longer when its boundaries are others."""
    whole = Quotation.Extent.WHOLE
    if source is None or quotation.extent != whole or quotation.source_start is None:
        return quotation.extent
    same = (quotation.source_start, quotation.source_end) == (source.start, source.end)
    return whole if same else Quotation.Extent.FRAGMENT


def check_source(
    utterance: Utterance, source: Utterance | None, start: int | None, end: int | None
) -> None:
    """Refuse a source that is not an earlier span of the same thread."""
    if source is None:
        return
    if not precedes(source, utterance):
        raise OperationRefused(_("A quotation copies an earlier post of its thread."))
    if _original(source, start, end) is None:
        raise OperationRefused(
            _(
                "The original lies inside the quoted post: choose offsets between %(start)s "
                "and %(end)s."
            )
            % {"start": source.start, "end": source.end}
        )


def words_within(utterance: Utterance, start: int, end: int) -> Span | None:
    """Return the span without the white space around it; None if it is not inside, or blank."""
    if not utterance.start <= start < end <= utterance.end:
        return None
    return Span(start, end).trimmed(utterance.document.text)


def source_columns(
    source: Utterance | None, start: int | None, end: int | None
) -> dict[str, object]:
    """Return the columns of a quotation that state its source."""
    if source is None:
        unknown = Quotation.Extent.UNKNOWN
        return {"source": None, "source_start": None, "source_end": None, "extent": unknown}
    original = _original(source, start, end)
    assert original is not None
    whole = original == source.span
    return {
        "source": source,
        "source_start": original.start,
        "source_end": original.end,
        "extent": Quotation.Extent.WHOLE if whole else Quotation.Extent.FRAGMENT,
    }


def _original(source: Utterance, start: int | None, end: int | None) -> Span | None:
    return words_within(
        source,
        source.start if start is None else start,
        source.end if end is None else end,
    )


def _named(source: Utterance | None) -> str:
    return f"the post {source.start}–{source.end}" if source else "an unknown original"
