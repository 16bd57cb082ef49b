"""Words hidden in every output."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import gettext as _

from corpus import access
from corpus.curation import copied
from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.hiding import is_elsewhere
from corpus.models import (
    Annotation,
    Boilerplate,
    CurationEvent,
    Decision,
    Flag,
    Redaction,
    SourceDocument,
    Thread,
)
from corpus.rendering import Hidden, placeholder, reading_text
from corpus.spans import Span


@dataclass(frozen=True)
class RedactSpan(Operation):
    """Hide ``[start, end)`` of a document, and the same words in every quotation of them; where
    they are quoted themselves, in the original and its other quotations.

    Inside the title line, or where no line of the text is the title, it hides them in the thread's
    title too; and they are hidden where people wrote them in flags, annotations and the history.
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
                _("“%(kind)s” is no kind of redaction; use one of %(known)s.")
                % {"kind": self.kind, "known": ", ".join(Redaction.Kind.values)}
            )
        if not 0 <= self.start < self.end <= self.document.characters:
            raise OperationRefused(
                _("Choose words between 0 and %(end)s to redact.")
                % {"end": self.document.characters}
            )
        if is_elsewhere(self.document, Span(self.start, self.end)):
            raise OperationRefused(_("These words are in another thread: redact them there."))
        if Redaction.objects.filter(
            document=self.document, start__lte=self.start, end__gte=self.end
        ).exists():
            raise OperationRefused(_("These words are redacted already."))

    def apply(self, changes: Changes) -> None:
        line = _title_line(self.document, self._span)
        self._hide(changes, self.document, self._span)
        for document, span in copied.elsewhere(self.document, self._span):
            self._hide(changes, document, span)
        self._retitle(changes, line)
        self._forget(changes)

    def summary(self) -> str:
        return f"Redacted {self.start}–{self.end} ({self.kind})"

    @property
    def _span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def _words(self) -> re.Pattern[str]:
        """Match the words wherever people wrote them."""
        return re.compile(whole_words([self._span.of(self.document.text)]), re.IGNORECASE)

    @property
    def _placeholder(self) -> str:
        return placeholder(str(Redaction.Kind(self.kind).label))

    def _hide(self, changes: Changes, document: SourceDocument, span: Span) -> None:
        known = Redaction.objects.filter(
            document=document, start__lte=span.start, end__gte=span.end
        )
        if not known.exists():
            changes.create(
                Redaction(document=document, start=span.start, end=span.end, kind=self.kind)
            )

    def _retitle(self, changes: Changes, line: str) -> None:
        """Hide the words in the title; ``line`` is how the title line read before, if it has any
        of them."""
        title = self.thread.title
        if line and title == line:
            title = _title_line(self.document, self._span)
        elif line or not _has_title_line(self.thread):
            title = self._words.sub(self._placeholder, title)
        if title != self.thread.title:
            changes.update(self.thread, title=title)

    def _forget(self, changes: Changes) -> None:
        """Take the words out of what people wrote: flags' notes, and for good the history's lines
        and annotators' notes."""
        words, hidden = self._words, self._placeholder
        for flag in Flag.objects.filter(document__thread=self.thread):
            if words.search(flag.note):
                changes.update(flag, note=words.sub(hidden, flag.note)[:500])
        events = CurationEvent.objects.filter(Q(thread=self.thread) | Q(touched=self.thread))
        for event in events.defer("changes").distinct():
            if words.search(event.summary):
                event.summary = words.sub(hidden, event.summary)
                event.save(update_fields=["summary"])
        rewrite_notes([self.thread], lambda note: words.sub(hidden, note))


def rewrite_notes(threads: Iterable[Thread], rewritten: Callable[[str], str]) -> None:
    """Rewrite what annotators and adjudicators of the threads noted, for good."""
    # By its revision a page that still has the words of an annotation is refused.
    for model, more in ((Annotation, {"revision": F("revision") + 1}), (Decision, {})):
        for row in model._default_manager.filter(layer__thread__in=threads).exclude(note=""):
            note = rewritten(row.note)
            if note != row.note:
                model._default_manager.filter(pk=row.pk).update(note=note, **more)


def whole_words(found: Iterable[str]) -> str:
    """Return a pattern for any of these words, whatever white space is in them; longest first."""
    patterns = [r"\s+".join(map(re.escape, words.split())) for words in found if words.strip()]
    any_of = "|".join(sorted(patterns, key=len, reverse=True))
    return rf"(?<!\w)(?:{any_of})(?!\w)" if patterns else r"(?!)"


def _has_title_line(thread: Thread) -> bool:
    titles = Boilerplate.objects.filter(document__thread=thread, kind=Boilerplate.Kind.TITLE)
    return titles.exists()


def _title_line(document: SourceDocument, span: Span) -> str:
    """Return how the title line reads now, if any of it lies in the span."""
    titles = document.boilerplate.filter(kind=Boilerplate.Kind.TITLE)
    line = titles.filter(start__lt=span.end, end__gt=span.start).first()
    if line is None:
        return ""
    rows = Redaction.objects.filter(document=document)
    hidden = [Hidden(row.span, row.get_kind_display()) for row in rows]
    return " ".join(reading_text(document.text, line.span, hidden).split())


@dataclass(frozen=True)
class LiftRedaction(Operation):
    """Show words again that were redacted; in the title, too, if that reads as its line does."""

    name = "lift-redaction"
    permission = access.REDACT

    redaction: Redaction

    @property
    def thread(self) -> Thread:
        return self.redaction.document.thread

    def check(self) -> None:
        if self.redaction.purged:
            raise OperationRefused(_("These words are purged: there is nothing to show again."))

    def apply(self, changes: Changes) -> None:
        document, span, thread = self.redaction.document, self.redaction.span, self.thread
        hidden = _title_line(document, span)
        changes.delete(self.redaction)
        if hidden and thread.title == hidden:
            changes.update(thread, title=_title_line(document, span))

    def summary(self) -> str:
        return f"Lifted the redaction of {self.redaction.start}–{self.redaction.end}"
