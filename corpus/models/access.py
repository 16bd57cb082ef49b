"""Which curators may work on a collection."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from corpus.models.collections import Collection


class CollectionGroup(models.Model):
    """Opens a collection to the curators of one group.

    A collection without any is open to all curators; with one or more it is closed to the others,
    who see no trace of it in the admin.
    """

    collection = models.ForeignKey(
        Collection, on_delete=models.CASCADE, related_name="groups", verbose_name=_("collection")
    )
    group = models.ForeignKey(
        # Protected: with its last group gone, a collection would be open to all.
        Group,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("group"),
    )

    class Meta:
        verbose_name = _("group of curators")
        verbose_name_plural = _("open to these groups only (to all curators if none is named)")
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "group"], name="corpus_collectiongroup_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.group)
