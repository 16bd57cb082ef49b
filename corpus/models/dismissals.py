"""What looks like a personal detail, and is none."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from corpus.models.basis import Spanned
from corpus.models.documents import SourceDocument


class Dismissal(Spanned):
    """A span that was proposed for redaction and may stay, as a curator decided."""

    document = models.ForeignKey(
        SourceDocument,
        on_delete=models.CASCADE,
        related_name="dismissals",
        verbose_name=_("source document"),
    )

    class Meta(Spanned.Meta):
        verbose_name = _("dismissal")
        verbose_name_plural = _("dismissals")
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["document", "start", "end"], name="corpus_dismissal_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"
