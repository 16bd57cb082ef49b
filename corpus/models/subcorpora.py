"""A part of the corpus that somebody gave a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Subcorpus(models.Model):
    """The posts that a query selects, by name.

    The query is kept, not the posts: what is imported or put right later belongs to it at once,
    nobody sees in it what he may not read, and nothing has to be made anew when posts are. Who
    needs the very posts of a day downloads them.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="subcorpora",
        verbose_name=_("whose it is"),
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(_("query"), blank=True)
    #: By index field, the values chosen of it.
    chosen = models.JSONField(_("chosen values"), default=dict, blank=True)
    shared = models.BooleanField(
        _("shared"), default=False, help_text=_("Everybody may use it; each sees his part.")
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("subcorpus")
        verbose_name_plural = _("subcorpora")
        ordering = ["name", "pk"]
        permissions = [("share_subcorpus", _("Can share subcorpora"))]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="corpus_subcorpus_name_once")
        ]

    def __str__(self) -> str:
        return self.name
