"""Words hidden in every output."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus import access
from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.hiding import is_elsewhere
from corpus.models import (
    Boilerplate,
    CurationEvent,
    Flag,
    Quotation,
    Redaction,
    SourceDocument,
    Thread,
)
from corpus.rendering import Hidden, placeholder, reading_text
from corpus.spans import Span


@dataclass(frozen=True)
class RedactSpan(Operation):
    """Hide ``[start, end)`` of a document, and the same words in every quotation of them.

    Inside the title line it hides them in the thread's title too, and what curators wrote of them
    in the thread's flags and history is hidden as well.
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
        if is_elsewhere(self.document, Span(self.start, self.end)):
            raise OperationRefused("These words are in another thread: redact them there.")
        if Redaction.objects.filter(
            document=self.document, start__lte=self.start, end__gte=self.end
        ).exists():
            raise OperationRefused("These words are redacted already.")

    def apply(self, changes: Changes) -> None:
        self._hide(changes, self.document, Span(self.start, self.end))
        for document, span in self._copies():
            self._hide(changes, document, span)
        self._retitle(changes)
        self._forget(changes)

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

    def _forget(self, changes: Changes) -> None:
        """Take the words out of what curators wrote: notes, and the history's lines for good."""
        words = re.compile(whole_words([self.document.text[self.start : self.end]]))
        hidden = placeholder(str(Redaction.Kind(self.kind).label))
        for flag in Flag.objects.filter(document__thread=self.thread):
            if words.search(flag.note):
                changes.update(flag, note=words.sub(hidden, flag.note)[:500])
        for event in CurationEvent.objects.filter(thread=self.thread).defer("changes"):
            if words.search(event.summary):
                event.summary = words.sub(hidden, event.summary)
                event.save(update_fields=["summary"])


def whole_words(found: Iterable[str]) -> str:
    """Return a pattern for any of these words, whatever white space is in them; longest first."""
    patterns = [r"\s+".join(map(re.escape, words.split())) for words in found if words.strip()]
    any_of = "|".join(sorted(patterns, key=len, reverse=True))
    return rf"(?<!\w)(?:{any_of})(?!\w)" if patterns else r"(?!)"


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
