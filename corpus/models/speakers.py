"""Who wrote an utterance."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from corpus.models.collections import Collection


class Speaker(models.Model):
    """A writer by handle as found in the source; never an account of the site."""

    collection = models.ForeignKey(
        Collection, on_delete=models.CASCADE, related_name="speakers", verbose_name=_("collection")
    )
    handle = models.CharField(_("handle"), max_length=255)
    pseudonym = models.CharField(_("pseudonym"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        constraints = [
            models.UniqueConstraint(fields=["collection", "handle"], name="corpus_speaker_once"),
            models.CheckConstraint(condition=~models.Q(handle=""), name="corpus_speaker_named"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name to show: the pseudonym where there is one, else the handle."""
        return self.pseudonym or self.handle
