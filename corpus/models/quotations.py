"""What one utterance copies from an earlier one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from corpus.models.basis import Basis, Spanned, State, share_of_one
from corpus.models.utterances import Utterance


class Quotation(Spanned):
    """A span inside ``utterance`` that copies words of an earlier one.

    ``source_start`` and ``source_end`` delimit the original in the source utterance's document;
    all three are empty where the original is unknown.
    """

    class Extent(models.TextChoices):
        WHOLE = "whole", _("the whole post")
        FRAGMENT = "fragment", _("a part of the post")
        UNKNOWN = "unknown", _("unknown")

    utterance = models.ForeignKey(
        Utterance, on_delete=models.CASCADE, related_name="quotations", verbose_name=_("utterance")
    )
    source = models.ForeignKey(
        Utterance,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="quoted_in",
        verbose_name=_("quoted utterance"),
    )
    source_start = models.PositiveIntegerField(_("start of the original"), null=True, blank=True)
    source_end = models.PositiveIntegerField(_("end of the original"), null=True, blank=True)
    similarity = models.FloatField(_("similarity"), null=True, blank=True)
    extent = models.CharField(_("extent"), max_length=16, choices=Extent.choices)
    marked = models.BooleanField(_("marked in the text"), default=False)
    basis = models.CharField(
        _("basis"), max_length=16, choices=Basis.choices, default=Basis.INFERRED
    )
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.AUTOMATIC
    )

    class Meta(Spanned.Meta):
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["utterance", "start"], name="corpus_quotation_start_once"
            ),
            share_of_one("confidence", "corpus_quotation_confidence"),
            share_of_one("similarity", "corpus_quotation_similarity"),
            models.CheckConstraint(
                condition=Q(source__isnull=True, source_start__isnull=True, source_end__isnull=True)
                | Q(
                    source__isnull=False,
                    source_start__isnull=False,
                    source_end__isnull=False,
                    source_start__lt=F("source_end"),
                ),
                name="corpus_quotation_source_whole",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | ~Q(source=F("utterance")) | Q(marked=True),
                name="corpus_quotation_of_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"
