from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from corpus.curation.base import UtteranceOperation
from corpus.curation.changes import Changes
from corpus.curation.neighbours import before, between
from corpus.curation.quote import rehome_all
from corpus.errors import OperationRefused


@dataclass(frozen=True)
class MergeUtterance(UtteranceOperation):
    """Join an utterance to the one before it in the same document, which keeps its speaker.

    Quotations keep their spans; an unmarked one that would now quote its own post is removed.
    """

    name = "merge-utterance"

    def check(self) -> None:
        previous = before(self.utterance)
        if previous is None:
            raise OperationRefused(
                _("Cannot merge the first post of a text: none stands before it.")
            )
        if between(previous, self.utterance):
            raise OperationRefused(
                _("Cannot merge the posts: boilerplate stands between them; change that first.")
            )

    def apply(self, changes: Changes) -> None:
        previous, gone = before(self.utterance), self.utterance
        assert previous is not None
        rehome_all(changes, of=[gone], into=[previous])
        for reply in gone.replies.all():
            changes.update(reply, reply_to=previous)
        end = gone.end
        changes.delete(gone)
        changes.update(previous, end=end)

    def summary(self) -> str:
        return f"Merged the post {self.utterance.start}–{self.utterance.end} with the one before it"
