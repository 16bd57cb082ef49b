"""Where words led to in the source, and what stood for a picture."""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

from corpus.models.basis import Basis, Spanned
from corpus.models.documents import SourceDocument

#: What an address must be to be offered as a link; all others are told as text only. Browsers
#: drop white space and control characters, behind which another address may hide.
_FOLLOWABLE = re.compile(r"https?://[^\s\x00-\x20\x7f-\xa0<>\"'`\\]+", re.IGNORECASE)


def followable(address: str) -> str:
    """Return the address if a browser may follow it, else nothing.

    >>> followable("https://garden.example/1"), followable("javascript:alert(1)")
    ('https://garden.example/1', '')
    """
    return address if _FOLLOWABLE.fullmatch(address) and address.isprintable() else ""


class Link(Spanned):
    """Words of a document that the source links to ``address``, or shows in a picture's place.

    The address is stored as the source has it and never trusted: see :attr:`safe_address`.
    """

    class Kind(models.TextChoices):
        LINK = "link", _("link")
        IMAGE = "image", _("picture")

    document = models.ForeignKey(
        SourceDocument,
        on_delete=models.CASCADE,
        related_name="links",
        verbose_name=_("source document"),
    )
    address = models.TextField(_("address"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    basis = models.CharField(
        _("basis"), max_length=16, choices=Basis.choices, default=Basis.ATTESTED
    )

    class Meta(Spanned.Meta):
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.start}–{self.end}"

    @property
    def safe_address(self) -> str:
        """The address if a browser may follow it, else nothing."""
        return followable(self.address)
