from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from corpus.curation.base import UtteranceOperation
from corpus.curation.changes import Changes
from corpus.curation.neighbours import before, between
from corpus.curation.quote import rehome_all
from corpus.errors import OperationRefused
from corpus.models import Basis, Quotation, State, Utterance
from corpus.spans import Span


@dataclass(frozen=True)
class MoveBoundary(UtteranceOperation):
    """Let an utterance begin at ``offset`` instead; the one before it ends or goes on there.

    Quotations keep their spans and go with the post they then lie in.
    """

    name = "move-boundary"

    offset: int

    def check(self) -> None:
        previous = before(self.utterance)
        if previous is None:
            raise OperationRefused(_("Cannot move the beginning of the first post of a text."))
        if between(previous, self.utterance):
            raise OperationRefused(
                _(
                    "Cannot move the boundary over the boilerplate that stands there; change "
                    "that first."
                )
            )
        if None in self._spans(previous):
            raise OperationRefused(
                _(
                    "Cannot move the boundary to %(offset)s: both posts must keep some words; "
                    "choose an offset between %(start)s and %(end)s."
                )
                % {
                    "offset": self.offset,
                    "start": previous.start + 1,
                    "end": self.utterance.end - 1,
                }
            )
        for quotation in Quotation.objects.filter(utterance__in=[previous, self.utterance]):
            if quotation.start < self.offset < quotation.end:
                raise OperationRefused(
                    _("Cannot move the boundary into a quotation: change the quotation first.")
                )

    def apply(self, changes: Changes) -> None:
        previous = before(self.utterance)
        assert previous is not None
        first, second = self._spans(previous)
        assert first is not None
        assert second is not None
        # The shrinking one first: at no time may both have the same beginning or end.
        if self.offset > self.utterance.start:
            self._begin(changes, second)
            changes.update(previous, end=first.end)
        else:
            changes.update(previous, end=first.end)
            self._begin(changes, second)
        pair = [previous, self.utterance]
        rehome_all(changes, of=pair, into=pair)

    def summary(self) -> str:
        return f"Moved the beginning of the post from {self.utterance.start} to {self.offset}"

    def _begin(self, changes: Changes, span: Span) -> None:
        changes.update(self.utterance, start=span.start, basis=Basis.CURATED, state=State.CONFIRMED)

    def _spans(self, previous: Utterance) -> tuple[Span | None, Span | None]:
        text = self.utterance.document.text
        if not previous.start < self.offset < self.utterance.end:
            return None, None
        return (
            Span(previous.start, self.offset).trimmed(text),
            Span(self.offset, self.utterance.end).trimmed(text),
        )
