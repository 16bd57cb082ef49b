"""The secret behind a collection's pseudonyms."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from corpus.models.collections import Collection


def new_key() -> str:
    return secrets.token_hex(32)


class PseudonymKey(models.Model):
    """Keeps a collection's pseudonyms the same however often they are switched off and on.

    Whoever has it can test whether a handle is behind a pseudonym, so no page shows it.
    """

    collection = models.OneToOneField(
        Collection,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="pseudonyms",
        verbose_name=_("collection"),
    )
    key = models.CharField(_("key"), max_length=64, default=new_key, editable=False)
    on = models.BooleanField(_("switched on"), default=False)

    class Meta:
        verbose_name = _("pseudonym key")
        verbose_name_plural = _("pseudonym keys")

    def __str__(self) -> str:
        return str(self.collection)
