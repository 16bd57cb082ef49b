from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from corpus.curation.base import UtteranceOperation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import Basis, DatePrecision, Utterance


@dataclass(frozen=True)
class AssignDate(UtteranceOperation):
    """State when an utterance was written, as precisely as is known; None states that it is not.

    ``written`` keeps the words in which the date was given, if any.
    """

    name = "assign-date"

    date: datetime | None
    precision: str = ""
    written: str = ""

    def check(self) -> None:
        if self.date is None:
            return
        if self.precision not in DatePrecision.values:
            raise OperationRefused(
                _("“%(precision)s” is no precision of a date; use one of %(known)s.")
                % {"precision": self.precision, "known": ", ".join(DatePrecision.values)}
            )
        if not 1 < self.date.year < 9999:
            raise OperationRefused(
                _("Nobody wrote in a forum in the year %(year)s.") % {"year": self.date.year}
            )
        if timezone.is_naive(self.date):
            raise OperationRefused(_("A date needs a time zone, such as +00:00."))

    def apply(self, changes: Changes) -> None:
        changes.update(
            self.utterance,
            date=self.date,
            date_precision=self.precision if self.date else "",
            date_text=self.written[:200],
            date_basis=Basis.CURATED,
        )

    def summary(self) -> str:
        before = self.utterance.date_words
        after = Utterance(date=self.date, date_precision=self.precision).date_words
        return f"Date of {_named(self.utterance)}: {before} → {after}"


def _named(utterance: Utterance) -> str:
    return f"the post {utterance.start}–{utterance.end}"
