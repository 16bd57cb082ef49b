"""Threads that belong together, and the thread itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from corpus.models.basis import Basis


class Visibility(models.TextChoices):
    """Who may read a collection in the forum and find it by search."""

    PUBLIC = "public", _("everybody")
    MEMBERS = "members", _("logged-in users")
    CURATORS = "curators", _("curators only")


class Collection(models.Model):
    """Threads that belong together, with what a reader must know about their origin.

    Shown as one forum of the engine.
    """

    # 100: the longest name a machina forum can bear.
    name = models.CharField(_("name"), max_length=100, unique=True)
    description = models.TextField(_("description"), blank=True)
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        help_text=_("BCP 47 tag of the main language, such as en or is."),
    )
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    origin = models.CharField(_("where from"), max_length=500, blank=True)
    visibility = models.CharField(
        _("who may see it"),
        max_length=16,
        choices=Visibility.choices,
        default=Visibility.PUBLIC,
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="corpus_collection_named"),
            models.CheckConstraint(
                condition=models.Q(visibility__in=Visibility.values),
                name="corpus_collection_visibility_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Thread(models.Model):
    """One discussion: a title, source documents in order, and the utterances in them.

    ``version`` grows by one with every curation step; a step built on an older version is
    refused. ``held`` keeps all its posts from readers until a curator releases it. ``identifier``
    is the source's own name for it (an address, an id), empty where it has none: a later version
    of the thread bears it too. ``metadata`` is what else the source says of it.
    """

    collection = models.ForeignKey(
        Collection, on_delete=models.PROTECT, related_name="threads", verbose_name=_("collection")
    )
    title = models.TextField(_("title"))
    language = models.CharField(_("language"), max_length=35, blank=True)
    language_basis = models.CharField(
        _("basis of the language"), max_length=16, blank=True, choices=Basis.choices
    )
    identifier = models.CharField(_("name in the source"), max_length=500, blank=True)
    metadata = models.JSONField(_("further statements of the source"), default=dict, blank=True)
    held = models.BooleanField(
        _("held"), default=False, help_text=_("Held threads are visible to curators only.")
    )
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    created = models.DateTimeField(_("imported"), auto_now_add=True)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        permissions = [("curate_thread", _("Can curate threads and see held ones"))]
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="corpus_thread_titled"),
            models.UniqueConstraint(
                fields=["collection", "identifier"],
                condition=~models.Q(identifier=""),
                name="corpus_thread_identified_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title if len(self.title) <= 120 else f"{self.title[:119]}…"
