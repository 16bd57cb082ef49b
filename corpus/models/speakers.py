"""Who wrote an utterance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corpus.models.collections import Collection
from corpus.models.pseudonyms import PseudonymKey, pseudonym_of


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Create speakers; where the collection shows pseudonyms, with theirs."""
        speakers = list(objs)
        keys = PseudonymKey.objects.filter(
            on=True, collection__in={speaker.collection_id for speaker in speakers}
        )
        secrets = dict(keys.values_list("collection", "key"))
        for speaker in speakers:
            if speaker.collection_id in secrets:
                key = secrets[speaker.collection_id]
                speaker.pseudonym = pseudonym_of(key, speaker.handle)
        return super().bulk_create(speakers, *args, **kwargs)


class Speaker(models.Model):
    """A writer by handle as found in the source; never an account of the site."""

    collection = models.ForeignKey(
        Collection, on_delete=models.CASCADE, related_name="speakers", verbose_name=_("collection")
    )
    handle = models.CharField(_("handle"), max_length=255)
    pseudonym = models.CharField(_("pseudonym"), max_length=255, blank=True)

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        constraints = [
            models.UniqueConstraint(fields=["collection", "handle"], name="corpus_speaker_once"),
            models.CheckConstraint(condition=~models.Q(handle=""), name="corpus_speaker_named"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            key = PseudonymKey.objects.filter(collection=self.collection_id, on=True).first()
            self.pseudonym = pseudonym_of(key.key, self.handle) if key else self.pseudonym
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """The name to show: the pseudonym where there is one, else the handle."""
        return self.pseudonym or self.handle


def words_for(speaker: Speaker | None) -> str:
    """Return the speaker's name as shown; says so where the speaker is not known."""
    return speaker.name if speaker else gettext("unknown speaker")
