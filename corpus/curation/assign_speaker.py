from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from corpus.curation.base import UtteranceOperation
from corpus.curation.changes import Changes
from corpus.curation.pseudonyms import shown_as
from corpus.errors import OperationRefused
from corpus.models import Basis, Speaker


@dataclass(frozen=True)
class AssignSpeaker(UtteranceOperation):
    """State who wrote an utterance, by handle; an empty handle states that it is unknown.

    A handle that is new to the collection becomes a speaker of it, and stays one when the
    assignment is undone.
    """

    name = "assign-speaker"

    handle: str

    def check(self) -> None:
        if len(self.handle.strip()) > 255:
            raise OperationRefused(_("A handle has at most 255 characters."))

    def apply(self, changes: Changes) -> None:
        handle = self.handle.strip()
        speaker = None
        if handle:
            speaker, _created = Speaker.objects.get_or_create(
                collection=self.thread.collection, handle=handle
            )
        changes.update(self.utterance, speaker=speaker, speaker_basis=Basis.CURATED)

    def summary(self) -> str:
        before, handle = self.utterance.speaker, self.handle.strip()
        after = shown_as(self.thread.collection, handle)
        return (
            f"Speaker of the post {self.utterance.start}–{self.utterance.end}: "
            f"{f'“{before.name}”' if before else 'unknown'} → "
            f"{f'“{after}”' if after else 'unknown'}"
        )
