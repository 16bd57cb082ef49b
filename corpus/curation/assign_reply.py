from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from corpus.curation.base import UtteranceOperation
from corpus.curation.changes import Changes
from corpus.curation.neighbours import precedes
from corpus.errors import OperationRefused
from corpus.models import Basis, Utterance


@dataclass(frozen=True)
class AssignReply(UtteranceOperation):
    """State which earlier utterance this one answers; None states that it answers none known."""

    name = "assign-reply"

    reply_to: Utterance | None

    def check(self) -> None:
        if self.reply_to is not None and not precedes(self.reply_to, self.utterance):
            raise OperationRefused(_("A post can only answer an earlier post of its thread."))

    def apply(self, changes: Changes) -> None:
        changes.update(
            self.utterance,
            reply_to=self.reply_to,
            reply_basis=Basis.CURATED,
            reply_confidence=None,
        )

    def summary(self) -> str:
        target = self.reply_to
        what = f"the post {target.start}–{target.end}" if target else "none known"
        return f"The post {self.utterance.start}–{self.utterance.end} answers {what}"
