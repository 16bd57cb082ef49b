from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import CurationEvent, Thread


@dataclass(frozen=True)
class UndoEvent(Operation):
    """Write the rows of an earlier step back as they were; undoing an undo does it again."""

    name = "undo"

    event: CurationEvent

    @property
    def thread(self) -> Thread:
        return self.event.thread

    def check(self) -> None:
        if not self.event.in_effect:
            raise OperationRefused(f"“{self.event.summary}” is undone already.")

    def apply(self, changes: Changes) -> None:
        changes.reverse(self.event.changes)

    def summary(self) -> str:
        return f"Undid: {self.event.summary}"

    def _event_fields(self) -> dict[str, Any]:
        return {"undoes": self.event}
