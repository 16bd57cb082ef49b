from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from corpus import invariants
from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import CurationEvent, SourceDocument, Thread


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
        try:
            with transaction.atomic():
                changes.reverse(self.event.changes)
        except IntegrityError as error:
            # The columns are as the step left them, but others of the same row are not.
            raise self._refusal("the same post was changed since") from error
        # And yet other rows may have come to lean on them: a quotation over two merged posts, say.
        documents = SourceDocument.objects.filter(thread=self.event.thread)
        for violation in invariants.violations(documents):
            raise self._refusal(violation.what)

    def _refusal(self, why: str) -> OperationRefused:
        return OperationRefused(
            f"Cannot undo “{self.event.summary}”: a later step builds on it ({why}); "
            "undo that first."
        )

    def summary(self) -> str:
        return f"Undid: {self.event.summary}"

    def _event_fields(self) -> dict[str, Any]:
        return {"undoes": self.event}
