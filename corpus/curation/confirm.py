from __future__ import annotations

from dataclasses import dataclass

from corpus.curation.base import UtteranceOperation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import State


@dataclass(frozen=True)
class ConfirmUtterance(UtteranceOperation):
    """State that an utterance's boundary is right as recovered."""

    name = "confirm-utterance"
    visible = False

    def check(self) -> None:
        if self.utterance.state == State.CONFIRMED:
            raise OperationRefused("The post is confirmed already.")

    def apply(self, changes: Changes) -> None:
        changes.update(self.utterance, state=State.CONFIRMED)

    def summary(self) -> str:
        return f"Confirmed the post {self.utterance.start}–{self.utterance.end}"
