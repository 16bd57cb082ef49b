"""Text exactly as received, and the parts of it that are no one's words."""

from __future__ import annotations

import hashlib

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from corpus.models.basis import Basis, Spanned, share_of_one
from corpus.models.collections import Thread


def digest_of(text: str) -> str:
    """Return the sha256 of ``text`` in UTF-8, by which its immutability is checked."""
    return hashlib.sha256(text.encode()).hexdigest()


class SourceDocumentQuerySet(models.QuerySet["SourceDocument"]):
    def kin_of(self, thread_id: int) -> SourceDocumentQuerySet:
        """Those of a thread, and those that have the same text because a thread was split."""
        own = SourceDocument.objects.filter(thread=thread_id)
        roots = own.annotate(root=Coalesce("copy_of", "pk")).values("root")
        return self.filter(Q(pk__in=roots) | Q(copy_of__in=roots))


class SourceDocument(models.Model):
    """Text as it was received, decoded and never changed after.

    ``sha256`` is that of the received bytes: with ``locator`` (the place inside a container,
    empty where the file is the document) it identifies the document, so importing the same bytes
    again finds it. ``text_sha256`` is that of the decoded text and proves that it still is the
    same.

    Where a thread was split in the middle of a document, each part has the whole text: ``copy_of``
    is the document that was received, and what the other parts have is boilerplate, "elsewhere".
    """

    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="documents", verbose_name=_("thread")
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    text = models.TextField(_("text"))
    characters = models.PositiveIntegerField(_("characters"))
    sha256 = models.CharField(_("sha256 of the bytes"), max_length=64)
    text_sha256 = models.CharField(_("sha256 of the text"), max_length=64, db_index=True)
    origin = models.TextField(_("where from"))
    locator = models.CharField(_("place in the file"), max_length=500, blank=True)
    format = models.CharField(_("format"), max_length=32)
    encoding = models.CharField(_("encoding"), max_length=32)
    encoding_basis = models.CharField(
        _("encoding known by"), max_length=16, choices=Basis.choices, default=Basis.ATTESTED
    )
    metadata = models.JSONField(_("further statements of the source"), default=dict, blank=True)
    copy_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="copies",
        verbose_name=_("copy of"),
    )

    objects = SourceDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("source document")
        verbose_name_plural = _("source documents")
        constraints = [
            models.UniqueConstraint(fields=["sha256", "locator"], name="corpus_document_once"),
            models.UniqueConstraint(fields=["thread", "order"], name="corpus_document_order"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.locator}".rstrip()

    @property
    def root_id(self) -> int:
        """The key of the document that was received: its own, but for a copy."""
        return self.copy_of_id or self.pk


class Boilerplate(Spanned):
    """A stretch that is no one's words: title line, header, navigation, signature."""

    class Kind(models.TextChoices):
        TITLE = "title", _("title line")
        HEADER = "header", _("header line")
        NAVIGATION = "navigation", _("navigation")
        SIGNATURE = "signature", _("signature")
        #: In a later version of a thread, what an earlier one brought in already.
        REPEATED = "repeated", _("repeated from an earlier version")
        #: What another thread has, since they were parted; its words are shown there alone.
        ELSEWHERE = "elsewhere", _("in another thread")

    document = models.ForeignKey(
        SourceDocument,
        on_delete=models.CASCADE,
        related_name="boilerplate",
        verbose_name=_("source document"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    basis = models.CharField(
        _("basis"), max_length=16, choices=Basis.choices, default=Basis.INFERRED
    )
    confidence = models.FloatField(_("confidence"), null=True, blank=True)

    class Meta(Spanned.Meta):
        verbose_name = _("boilerplate")
        verbose_name_plural = _("boilerplate")
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["document", "start"], name="corpus_boilerplate_start_once"
            ),
            share_of_one("confidence", "corpus_boilerplate_confidence"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.start}–{self.end}"
