"""Words taken out of the stored text for good."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from corpus import access
from corpus.curation.base import Operation, follow
from corpus.curation.changes import Change, Changes
from corpus.curation.redact import rewrite_notes, whole_words
from corpus.curation.touched import EVERYTHING
from corpus.errors import OperationRefused
from corpus.hiding import redacted
from corpus.models import CurationEvent, Flag, Link, Redaction, SourceDocument, Thread
from corpus.models.documents import digest_of

BLOCK = "█"
#: Columns in which people wrote words.
_WORDS = {"title", "note", "date_text"}


@dataclass(frozen=True)
class PurgeRedaction(Operation):
    """Overwrite redacted words with as many block characters, white space apart, for good.

    They leave the source text, there and wherever else in the thread the same words are redacted,
    such as in quotations, and every title, note and history entry of the thread. No event
    keeps them, so nothing brings them back; offsets stay what they are. The sha256 of the
    received bytes stays too, so that the file is known when it is imported again.
    """

    name = "purge-redaction"
    permission = access.PURGE
    undoable = False

    redaction: Redaction

    @property
    def thread(self) -> Thread:
        return self.redaction.document.thread

    def check(self) -> None:
        if self.redaction.purged:
            raise OperationRefused(_("These words are purged already."))

    def apply(self, changes: Changes) -> None:
        # Past ``changes``, which would remember what is to be forgotten.
        words = self.redaction.span.of(self.redaction.document.text)
        pattern = re.compile(whole_words([words]), re.IGNORECASE)
        for redaction in self._same(words):
            _overwrite(redaction)
        self._forget(pattern)

    def summary(self) -> str:
        return f"Purged the redacted words {self.redaction.start}–{self.redaction.end} for good"

    def _same(self, words: str) -> Iterator[Redaction]:
        """Yield this redaction and those of the same words, however they are spaced."""
        for redaction, said in list(redacted(self.thread.pk)):
            if _plain(said) == _plain(words):
                yield redaction

    def _forget(self, words: re.Pattern[str]) -> None:
        def clean(line: str) -> str:
            return words.sub(lambda found: blocked(found.group()), line)

        kin = SourceDocument.objects.kin_of(self.thread.pk)
        threads = Thread.objects.filter(documents__in=kin).distinct()
        for thread in threads:
            title = clean(thread.title)
            if title != thread.title:
                Thread.objects.filter(pk=thread.pk).update(title=title)
                if thread != self.thread:  # Another part of the same text, by another name.
                    follow(thread, EVERYTHING)
        for flag in Flag.objects.filter(document__in=kin):
            Flag.objects.filter(pk=flag.pk).update(note=clean(flag.note))
        rewrite_notes(threads, clean)
        parties = Q(thread__in=threads) | Q(touched__in=threads)
        events = CurationEvent.objects.filter(parties).distinct()
        for event in events:
            event.summary = clean(event.summary)
            event.changes = [_cleaned(change, clean) for change in event.changes]
            event.save(update_fields=["summary", "changes"])


def _plain(words: str) -> list[str]:
    # A copy has marks of quotation of its own.
    return words.replace(">", " ").casefold().split()


def _overwrite(redaction: Redaction) -> None:
    # Read now: another redaction of the same text may have been purged before.
    document, span = SourceDocument.objects.get(pk=redaction.document_id), redaction.span
    words = span.of(document.text)
    text = document.text[: span.start] + blocked(words) + document.text[span.end :]
    kin = SourceDocument.objects.filter(Q(pk=document.root_id) | Q(copy_of=document.root_id))
    kin.update(text=text, text_sha256=digest_of(text))
    Redaction.objects.filter(pk=redaction.pk).update(purged=True)
    # Where the words led to often says them again.
    Link.objects.filter(document=document, start__lt=span.end, end__gt=span.start).delete()


def blocked(words: str) -> str:
    """Return as many blocks as there are characters; white space stays.

    >>> blocked("Ada L.")
    '███ ██'
    """
    return "".join(sign if sign.isspace() else BLOCK for sign in words)


def _cleaned(change: Change, clean: Any) -> Change:
    def columns(of: Any) -> Any:
        return of and {
            name: clean(value) if name in _WORDS and isinstance(value, str) else value
            for name, value in of.items()
        }

    return change | {"before": columns(change["before"]), "after": columns(change["after"])}
