"""How firm a stored statement is, and how a stretch of text is stored."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from corpus.spans import Span


class Basis(models.TextChoices):
    """Where a statement about a text comes from; kept apart through to every export."""

    ATTESTED = "attested", _("attested: the source says so")
    INFERRED = "inferred", _("inferred: recovered from the text")
    CURATED = "curated", _("curated: a person decided")


class State(models.TextChoices):
    """Whether a person has looked at a recovered statement."""

    AUTOMATIC = "automatic", _("automatic")
    CONFIRMED = "confirmed", _("confirmed")


class Spanned(models.Model):
    """A stretch ``[start, end)`` in code points of one source document's text."""

    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(start__lt=F("end")), name="%(app_label)s_%(class)s_start_before_end"
            )
        ]

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


def share_of_one(field: str, name: str) -> models.CheckConstraint:
    """Constrain ``field`` to a probability: 0 to 1, or nothing."""
    within = Q(**{f"{field}__gte": 0, f"{field}__lte": 1})
    return models.CheckConstraint(condition=Q(**{f"{field}__isnull": True}) | within, name=name)
