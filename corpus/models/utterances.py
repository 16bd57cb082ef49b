"""What was said: one post as a span of a source document."""

from __future__ import annotations

from datetime import UTC

from django.db import models
from django.db.models import F, Q
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corpus.models.basis import Basis, Spanned, State, share_of_one
from corpus.models.documents import SourceDocument
from corpus.models.speakers import Speaker, words_for
from corpus.segmentation import Cue

#: Cues in words, as curators read them.
CUE_WORDS = {
    Cue.FIRST: _("first words of the text"),
    Cue.GAP: _("longer gap than between paragraphs"),
    Cue.QUOTATION: _("opens by repeating an earlier post"),
    Cue.MARKED: _("opens with a marked quotation"),
    Cue.HEADER: _("stands below a header with name or date"),
    Cue.OPENING: _("opens with words that posts open with"),
    Cue.LAYOUT: _("length, layout and manner of the paragraphs around"),
}


class DatePrecision(models.TextChoices):
    YEAR = "year", _("year")
    MONTH = "month", _("month")
    DAY = "day", _("day")
    MINUTE = "minute", _("minute")
    SECOND = "second", _("second")


_DATE_FORMATS = {
    DatePrecision.YEAR: "Y",
    DatePrecision.MONTH: "YEAR_MONTH_FORMAT",
    DatePrecision.DAY: "DATE_FORMAT",
    DatePrecision.MINUTE: "DATETIME_FORMAT",
    DatePrecision.SECOND: "DATETIME_FORMAT",
}


class UtteranceQuerySet(models.QuerySet["Utterance"]):
    def of_thread(self, thread_id: int) -> UtteranceQuerySet:
        return self.filter(document__thread=thread_id)

    def in_order(self) -> UtteranceQuerySet:
        """Order as the thread reads: by document, then by place in it."""
        return self.order_by("document__order", "start")


class Utterance(Spanned):
    """One post. Its order in the thread is its document's order, then ``start``.

    Speaker, date and reply each carry their own basis; an empty basis means that nothing is
    stated. Unknown is allowed and stays unknown. ``identifier`` is the source's own name for the
    post, empty where it has none.
    """

    document = models.ForeignKey(
        SourceDocument,
        on_delete=models.CASCADE,
        related_name="utterances",
        verbose_name=_("source document"),
    )
    identifier = models.CharField(_("name in the source"), max_length=255, blank=True)

    basis = models.CharField(
        _("basis of the boundary"), max_length=16, choices=Basis.choices, default=Basis.INFERRED
    )
    cue = models.CharField(
        _("cue"), max_length=32, blank=True, choices=[(c.value, CUE_WORDS[c]) for c in Cue]
    )
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.AUTOMATIC
    )

    speaker = models.ForeignKey(
        Speaker,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="utterances",
        verbose_name=_("speaker"),
    )
    speaker_basis = models.CharField(
        _("basis of the speaker"), max_length=16, blank=True, choices=Basis.choices
    )

    date = models.DateTimeField(_("date"), null=True, blank=True)
    date_precision = models.CharField(
        _("precision of the date"), max_length=16, blank=True, choices=DatePrecision.choices
    )
    date_text = models.CharField(_("date as written"), max_length=200, blank=True)
    date_basis = models.CharField(
        _("basis of the date"), max_length=16, blank=True, choices=Basis.choices
    )

    reply_to = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replies",
        verbose_name=_("replies to"),
    )
    reply_basis = models.CharField(
        _("basis of the reply"), max_length=16, blank=True, choices=Basis.choices
    )
    reply_confidence = models.FloatField(_("confidence of the reply"), null=True, blank=True)

    objects = UtteranceQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("utterance")
        verbose_name_plural = _("utterances")
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["document", "start"], name="corpus_utterance_start_once"
            ),
            models.UniqueConstraint(fields=["document", "end"], name="corpus_utterance_end_once"),
            share_of_one("confidence", "corpus_utterance_confidence"),
            share_of_one("reply_confidence", "corpus_utterance_reply_confidence"),
            models.CheckConstraint(
                condition=Q(speaker__isnull=True) | ~Q(speaker_basis=""),
                name="corpus_utterance_speaker_has_basis",
            ),
            models.CheckConstraint(
                condition=Q(date__isnull=True) | (~Q(date_basis="") & ~Q(date_precision="")),
                name="corpus_utterance_date_has_basis",
            ),
            models.CheckConstraint(
                condition=Q(reply_to__isnull=True) | ~Q(reply_basis=""),
                name="corpus_utterance_reply_has_basis",
            ),
            models.CheckConstraint(
                condition=Q(reply_to__isnull=True) | ~Q(reply_to=F("id")),
                name="corpus_utterance_no_self_reply",
            ),
        ]
        indexes = [models.Index(fields=["confidence"], name="corpus_utterance_by_confidence")]

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"

    @property
    def date_words(self) -> str:
        """The date as far as it is known, in the reader's language; says so where it is not."""
        if self.date is None:
            return gettext("date unknown")
        precision = DatePrecision(self.date_precision)
        # A day is a day wherever it is read; only a time of day is told in the reader's zone.
        clocked = precision in (DatePrecision.MINUTE, DatePrecision.SECOND)
        date = timezone.localtime(self.date) if clocked else self.date.astimezone(UTC)
        return formats.date_format(date, _DATE_FORMATS[precision])

    @property
    def speaker_words(self) -> str:
        """The speaker's name as shown; says so where the speaker is not known."""
        return words_for(self.speaker)
