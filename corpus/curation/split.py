from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from corpus.curation.base import UtteranceOperation
from corpus.curation.changes import Changes
from corpus.curation.quote import rehome_all
from corpus.errors import OperationRefused
from corpus.models import Basis, State, Utterance
from corpus.spans import Span


@dataclass(frozen=True)
class SplitUtterance(UtteranceOperation):
    """Cut one utterance in two at ``offset``, a code point of its document's text.

    Quotations keep their spans and go with the half they lie in; the second half begins without
    speaker, date and reply.
    """

    name = "split-utterance"

    offset: int

    def check(self) -> None:
        span = self.utterance.span
        if not span.start < self.offset < span.end:
            raise OperationRefused(
                _(
                    "Cannot split the post at %(offset)s: choose an offset between %(start)s and "
                    "%(end)s."
                )
                % {"offset": self.offset, "start": span.start + 1, "end": span.end - 1}
            )
        if None in self._halves():
            raise OperationRefused(_("Cannot split the post there: one half would be empty."))
        for quotation in self.utterance.quotations.all():
            if quotation.start < self.offset < quotation.end:
                raise OperationRefused(
                    _("Cannot split the post inside a quotation: change the quotation first.")
                )

    def apply(self, changes: Changes) -> None:
        first, second = self._halves()
        assert first is not None
        assert second is not None
        changes.update(self.utterance, end=first.end)
        half = Utterance(
            document=self.utterance.document,
            start=second.start,
            end=second.end,
            basis=Basis.CURATED,
            state=State.CONFIRMED,
        )
        changes.create(half)
        rehome_all(changes, of=[self.utterance], into=[self.utterance, half])

    def summary(self) -> str:
        return (
            f"Split the post {self.utterance.span.start}–{self.utterance.span.end} at {self.offset}"
        )

    def _halves(self) -> tuple[Span | None, Span | None]:
        span, text = self.utterance.span, self.utterance.document.text
        return (
            Span(span.start, self.offset).trimmed(text),
            Span(self.offset, span.end).trimmed(text),
        )
