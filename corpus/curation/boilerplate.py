"""Words that are no one's: taken out of a post, and given back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from corpus.curation.base import Operation, UtteranceOperation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import Basis, Boilerplate, State, Thread, Utterance
from corpus.spans import Span


def markable() -> list[tuple[str, Any]]:
    """Return the kinds that a person may state of words, with their names."""
    return [
        choice for choice in Boilerplate.Kind.choices if choice[0] != Boilerplate.Kind.ELSEWHERE
    ]


@dataclass(frozen=True)
class MarkBoilerplate(UtteranceOperation):
    """State that the beginning or the end of an utterance, or all of it, is no one's words.

    An utterance that is boilerplate altogether is no utterance any more.
    """

    name = "mark-boilerplate"

    start: int
    end: int
    kind: str = Boilerplate.Kind.NAVIGATION

    def check(self) -> None:
        if self.kind not in (kinds := [value for value, _label in markable()]):
            raise OperationRefused(
                _("“%(kind)s” is no kind of boilerplate; use one of %(known)s.")
                % {"kind": self.kind, "known": ", ".join(kinds)}
            )
        span = self._span()
        left = self._left(span)
        if len(left) > 1:
            raise OperationRefused(
                _("Cannot mark words in the middle of a post as boilerplate: split the post first.")
            )
        for quotation in self.utterance.quotations.all():
            if quotation.span.overlaps(span):
                raise OperationRefused(
                    _("The words hold a quotation: remove that first, then mark them.")
                )
        if self.utterance.quoted_in.filter(
            source_start__gte=span.start, source_start__lt=span.end
        ).exists():
            raise OperationRefused(
                _("Another post quotes these words: change that quotation first, then mark them.")
            )
        if not left and (self.utterance.quoted_in.exists() or self.utterance.replies.exists()):
            raise OperationRefused(
                _("Other posts quote or answer this one: change that first, then mark it.")
            )

    def apply(self, changes: Changes) -> None:
        span = self._span()
        left = self._left(span)
        if left:
            changes.update(self.utterance, start=left[0].start, end=left[0].end)
        else:
            changes.delete(self.utterance)
        changes.create(
            Boilerplate(
                document=self.utterance.document,
                start=span.start,
                end=span.end,
                kind=self.kind,
                basis=Basis.CURATED,
            )
        )

    def summary(self) -> str:
        return f"Marked {self.start}–{self.end} as boilerplate ({self.kind})"

    def _span(self) -> Span:
        span = self.utterance.span
        if self.start < self.end and span.contains(Span(self.start, self.end)):
            trimmed = Span(self.start, self.end).trimmed(self.utterance.document.text)
            if trimmed:
                return trimmed
        raise OperationRefused(
            _("Boilerplate is marked inside a post: choose words between %(start)s and %(end)s.")
            % {"start": span.start, "end": span.end}
        )

    def _left(self, span: Span) -> list[Span]:
        text, whole = self.utterance.document.text, self.utterance.span
        ends = ((whole.start, span.start), (span.end, whole.end))
        parts = [Span(start, end).trimmed(text) for start, end in ends if start < end]
        return [part for part in parts if part]


@dataclass(frozen=True)
class UnmarkBoilerplate(Operation):
    """Make boilerplate a post of its own, by an unknown speaker."""

    name = "unmark-boilerplate"

    boilerplate: Boilerplate

    @property
    def thread(self) -> Thread:
        return self.boilerplate.document.thread

    def check(self) -> None:
        """Any boilerplate may become a post, if no other thread has it; merging joins it to one."""
        if self.boilerplate.kind == Boilerplate.Kind.ELSEWHERE:
            raise OperationRefused(
                _(
                    "These words are posts of another thread: merge the threads, or undo their "
                    "parting."
                )
            )

    def apply(self, changes: Changes) -> None:
        document, span = self.boilerplate.document, self.boilerplate.span
        changes.delete(self.boilerplate)
        changes.create(
            Utterance(
                document=document,
                start=span.start,
                end=span.end,
                basis=Basis.CURATED,
                state=State.CONFIRMED,
            )
        )

    def summary(self) -> str:
        return f"Made the boilerplate {self.boilerplate.start}–{self.boilerplate.end} a post"
