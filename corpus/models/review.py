"""How far curators have come with a thread, and what they want to talk about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from corpus.models.basis import Spanned
from corpus.models.collections import Thread
from corpus.models.documents import SourceDocument


class ThreadReview(models.Model):
    """Counts over a thread's utterances, so that thousands of threads can be put in order.

    Derived (but for ``seen``): :mod:`corpus.curation.reviews` makes it and keeps it true.
    ``least`` is the lowest confidence of a boundary that nobody has confirmed.
    """

    thread = models.OneToOneField(
        Thread,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="review",
        verbose_name=_("thread"),
    )
    posts = models.PositiveIntegerField(_("posts"), default=0)
    unsure = models.PositiveIntegerField(_("unsure boundaries"), default=0)
    least = models.FloatField(_("least sure"), null=True, blank=True)
    flags = models.PositiveIntegerField(_("flags"), default=0)
    seen = models.DateTimeField(_("first seen by a curator"), null=True, blank=True)

    class Meta:
        verbose_name = _("review of a thread")
        verbose_name_plural = _("reviews of threads")
        indexes = [models.Index(fields=["least"], name="corpus_review_by_least")]

    def __str__(self) -> str:
        return f"{self.thread_id}"

    @property
    def reviewed(self) -> bool:
        """Whether a curator has seen the thread and left nothing unsure."""
        return self.seen is not None and not self.unsure and not self.flags


#: As :attr:`ThreadReview.reviewed`, for queries.
REVIEWED = Q(seen__isnull=False, unsure=0, flags=0)


class Flag(Spanned):
    """A place that curators want to talk about, with a note; it stays where its words
    are. Who raised it stands in the history."""

    document = models.ForeignKey(
        SourceDocument,
        on_delete=models.CASCADE,
        related_name="flags",
        verbose_name=_("source document"),
    )
    note = models.CharField(_("note"), max_length=500)

    class Meta(Spanned.Meta):
        verbose_name = _("flag")
        verbose_name_plural = _("flags")

    def __str__(self) -> str:
        return self.note
