"""The secret behind a collection's pseudonyms."""

from __future__ import annotations

import base64
import hmac
import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from corpus.models.collections import Collection


def new_key() -> str:
    return secrets.token_hex(32)


def pseudonym_of(key: str, handle: str) -> str:
    """Return the other name of a handle; without the key nobody can tell which handle it is.

    >>> pseudonym_of("00", "Ada")
    'speaker-z3vrwd7nhi'
    """
    digest = hmac.digest(bytes.fromhex(key), handle.encode(), "sha256")
    # 50 bits: among a million speakers two share a name once in two thousand collections.
    return f"speaker-{base64.b32encode(digest).decode().lower()[:10]}"


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
