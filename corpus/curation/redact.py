"""Words hidden in every output."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus import access
from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import Boilerplate, Quotation, Redaction, SourceDocument, Thread
from corpus.rendering import Hidden, reading_text
from corpus.spans import Span


@dataclass(frozen=True)
class RedactSpan(Operation):
    """Hide ``[start, end)`` of a document, and the same words in every quotation of them.

    Inside the title line it hides them in the thread's title too.
    """

    name = "redact-span"
    permission = access.REDACT

    document: SourceDocument
    start: int
    end: int
    kind: str

    @property
    def thread(self) -> Thread:
        return self.document.thread

    def check(self) -> None:
        if self.kind not in Redaction.Kind.values:
            raise OperationRefused(
                f"“{self.kind}” is no kind of redaction; use one of "
                f"{', '.join(Redaction.Kind.values)}."
            )
        if not 0 <= self.start < self.end <= self.document.characters:
            raise OperationRefused(
                f"Choose words between 0 and {self.document.characters} to redact."
            )
        if Redaction.objects.filter(
            document=self.document, start__lte=self.start, end__gte=self.end
        ).exists():
            raise OperationRefused("These words are redacted already.")

    def apply(self, changes: Changes) -> None:
        self._hide(changes, self.document, Span(self.start, self.end))
        for document, span in self._copies():
            self._hide(changes, document, span)
        self._retitle(changes)

    def summary(self) -> str:
        return f"Redacted {self.start}–{self.end} ({self.kind})"

    def _hide(self, changes: Changes, document: SourceDocument, span: Span) -> None:
        known = Redaction.objects.filter(document=document, start=span.start, end=span.end)
        if not known.exists():
            changes.create(
                Redaction(document=document, start=span.start, end=span.end, kind=self.kind)
            )

    def _copies(self) -> Iterator[tuple[SourceDocument, Span]]:
        """Yield where quotations repeat the words: of the posts they stand in, however far."""
        words = self.document.text[self.start : self.end]
        quotations = Quotation.objects.filter(
            source__document=self.document,
            source_start__lt=self.end,
            source_end__gt=self.start,
        ).select_related("utterance__document")
        for quotation in quotations:
            text = quotation.utterance.document.text
            at = text.find(words, quotation.start, quotation.end)
            while at >= 0:
                yield quotation.utterance.document, Span(at, at + len(words))
                at = text.find(words, at + 1, quotation.end)

    def _retitle(self, changes: Changes) -> None:
        titles = Boilerplate.objects.filter(
            document=self.document,
            kind=Boilerplate.Kind.TITLE,
            start__lt=self.end,
            end__gt=self.start,
        )
        for line in titles:
            hidden = [
                Hidden(row.span, row.get_kind_display())
                for row in Redaction.objects.filter(document=self.document)
            ]
            title = " ".join(reading_text(self.document.text, line.span, hidden).split())
            changes.update(self.thread, title=title)


@dataclass(frozen=True)
class LiftRedaction(Operation):
    """Show words again that were redacted."""

    name = "lift-redaction"
    permission = access.REDACT

    redaction: Redaction

    @property
    def thread(self) -> Thread:
        return self.redaction.document.thread

    def check(self) -> None:
        if self.redaction.purged:
            raise OperationRefused("These words are purged: there is nothing to show again.")

    def apply(self, changes: Changes) -> None:
        changes.delete(self.redaction)

    def summary(self) -> str:
        return f"Lifted the redaction of {self.redaction.start}–{self.redaction.end}"
