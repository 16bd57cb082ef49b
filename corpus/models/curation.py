"""What people hid and what they changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from corpus.models.basis import Spanned
from corpus.models.collections import Thread
from corpus.models.documents import SourceDocument


class Redaction(Spanned):
    """A span that every output replaces by a placeholder naming its kind."""

    class Kind(models.TextChoices):
        NAME = "name", _("name")
        EMAIL = "e-mail", _("e-mail address")
        PHONE = "phone", _("phone number")
        ADDRESS = "address", _("address")
        OTHER = "other", _("other")

    document = models.ForeignKey(
        SourceDocument,
        on_delete=models.CASCADE,
        related_name="redactions",
        verbose_name=_("source document"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    purged = models.BooleanField(
        _("purged"), default=False, help_text=_("The words are overwritten for good.")
    )

    class Meta(Spanned.Meta):
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["document", "start", "end"], name="corpus_redaction_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.start}–{self.end}"


class CurationEvent(models.Model):
    """The record of one operation: what was asked, and the rows before and after it.

    ``changes`` is what :mod:`corpus.curation.changes` wrote: executed backwards it undoes the
    operation. ``version`` is the thread's version after it.
    """

    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="events", verbose_name=_("thread")
    )
    #: Other threads that it changed; their history tells of it too.
    touched = models.ManyToManyField(
        Thread, related_name="touched_by", blank=True, verbose_name=_("other threads changed")
    )
    version = models.PositiveIntegerField(_("version"))
    operation = models.CharField(_("operation"), max_length=64)
    summary = models.TextField(_("what was done"))
    changes = models.JSONField(_("changes"))
    undoes = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.RESTRICT,  # Both may go with their thread.
        related_name="undone_by",
        verbose_name=_("undoes"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("who"),
    )
    created = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("curation event")
        verbose_name_plural = _("curation events")
        constraints = [
            models.UniqueConstraint(fields=["thread", "version"], name="corpus_event_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.operation} (version {self.version})"

    @property
    def in_effect(self) -> bool:
        """Whether it still stands: not undone, or the undoing was itself undone."""
        return not any(undoing.in_effect for undoing in self.undone_by.all())
