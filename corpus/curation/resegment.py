from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from corpus.curation.base import Operation
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import (
    Basis,
    Boilerplate,
    Quotation,
    SourceDocument,
    Speaker,
    State,
    Thread,
    Utterance,
)
from corpus.segmentation import RecoveredQuotation, RecoveredUtterance, Structure, recover


@dataclass(frozen=True)
class ResegmentThread(Operation):
    """Recover a thread's structure anew; only where no person has stated anything yet.

    Posts that begin and end where they did stay the same rows.
    """

    name = "resegment-thread"

    subject: Thread

    @property
    def thread(self) -> Thread:
        return self.subject

    def check(self) -> None:
        posts = Utterance.objects.of_thread(self.subject.pk)
        if posts.filter(basis=Basis.ATTESTED).exists():
            raise OperationRefused(_("The source states where these posts begin; that is kept."))
        later = Boilerplate.objects.filter(
            document__thread=self.subject, kind=Boilerplate.Kind.REPEATED
        )
        if later.exists():
            raise OperationRefused(_("The thread was imported in several versions; it is kept."))
        stated = posts.filter(state=State.CONFIRMED).exists() or any(
            posts.filter(**{column: Basis.CURATED}).exists()
            for column in ("basis", "speaker_basis", "date_basis", "reply_basis")
        )
        quotations = Quotation.objects.filter(utterance__in=posts, state=State.CONFIRMED)
        furniture = Boilerplate.objects.filter(document__thread=self.subject, basis=Basis.CURATED)
        if stated or quotations.exists() or furniture.exists():
            raise OperationRefused(
                _("Curators have stated something about this thread; it is kept.")
            )
        if not any(self._differs(document) for document in self._documents()):
            raise OperationRefused(_("The structure is what would be recovered anew."))

    @classmethod
    def possible(cls, threads: QuerySet[Thread]) -> QuerySet[Thread]:
        """Return those of the threads where nothing is stated yet.

        Whether the structure would be another is known only when it is recovered.
        """
        within: dict[str, Any] = {"document__thread": OuterRef("pk")}
        stated = Q(basis=Basis.ATTESTED) | Q(state=State.CONFIRMED)
        for column in ("basis", "speaker_basis", "date_basis", "reply_basis"):
            stated |= Q(**{column: Basis.CURATED})
        furniture = Q(kind=Boilerplate.Kind.REPEATED) | Q(basis=Basis.CURATED)
        copies = Quotation.objects.filter(
            utterance__document__thread=OuterRef("pk"), state=State.CONFIRMED
        )
        return threads.exclude(
            Exists(Utterance.objects.filter(stated, **within))
            | Exists(Boilerplate.objects.filter(furniture, **within))
            | Exists(copies)
        )

    def apply(self, changes: Changes) -> None:
        for document in self._documents():
            if self._differs(document):
                _Replacing(changes, document, recover(document.text)).run()

    def summary(self) -> str:
        return "Recovered the structure anew"

    def _documents(self) -> QuerySet[SourceDocument]:
        # Headers and quotations are recovered within a document, so each stands for itself.
        return self.subject.documents.order_by("order")

    def _differs(self, document: SourceDocument) -> bool:
        recovered = recover(document.text)
        stored = Utterance.objects.filter(document=document).order_by("start")
        return [
            (row.start, row.end, row.cue, row.confidence) for row in stored
        ] != [
            (one.span.start, one.span.end, one.cue, one.confidence)
            for one in recovered.utterances
        ]  # fmt: skip


class _Replacing:
    """The rows of one document made those of a structure."""

    def __init__(self, changes: Changes, document: SourceDocument, structure: Structure) -> None:
        self.changes, self.document, self.structure = changes, document, structure

    def run(self) -> None:
        old = list(Utterance.objects.filter(document=self.document))
        for quotation in Quotation.objects.filter(utterance__in=old):
            self.changes.delete(quotation)
        for quotation in Quotation.objects.filter(source__in=old):
            self.changes.delete(quotation)
        for row in Boilerplate.objects.filter(document=self.document):
            self.changes.delete(row)
        self._drop(old)
        for one in self.structure.boilerplate:
            self.changes.create(
                Boilerplate(
                    document=self.document, start=one.span.start, end=one.span.end, kind=one.kind
                )
            )
        posts = [self._made(one) for one in self.structure.utterances]
        for post, recovered in zip(posts, self.structure.utterances, strict=True):
            if recovered.reply_to is not None:
                self.changes.update(
                    post,
                    reply_to=posts[recovered.reply_to],
                    reply_basis=Basis.INFERRED,
                    reply_confidence=recovered.reply_confidence,
                )
        for quoted in self.structure.quotations:
            self.changes.create(_quotation(quoted, posts))

    def _drop(self, old: list[Utterance]) -> None:
        """Delete the posts that are none any more, and keep the others as bare spans."""
        spans = {(one.span.start, one.span.end) for one in self.structure.utterances}
        replies = Utterance.objects.filter(reply_to__in=old)
        for reply in replies:
            self.changes.update(reply, reply_to=None, reply_basis="", reply_confidence=None)
        self.kept: dict[tuple[int, int], Utterance] = {}
        for row in old:
            row.refresh_from_db()
            if (row.start, row.end) in spans:
                self.kept[row.start, row.end] = row
            else:
                self.changes.delete(row)

    def _made(self, recovered: RecoveredUtterance) -> Utterance:
        speaker = self._speaker(recovered.speaker)
        columns = {
            "cue": recovered.cue or "",
            "confidence": recovered.confidence,
            "speaker": speaker,
            "speaker_basis": Basis.ATTESTED if speaker else "",
            "date": recovered.date,
            "date_text": recovered.date_text[:200],
            "date_precision": recovered.date_precision,
            "date_basis": Basis.ATTESTED if recovered.date_text else "",
        }
        span = recovered.span
        if (row := self.kept.get((span.start, span.end))) is not None:
            self.changes.update(row, **columns)
            return row
        row = Utterance(document=self.document, start=span.start, end=span.end, **columns)
        self.changes.create(row)
        return row

    def _speaker(self, name: str) -> Speaker | None:
        handle = name[: Speaker._meta.get_field("handle").max_length]
        if not handle:
            return None
        return Speaker.objects.get_or_create(
            collection=self.document.thread.collection, handle=handle
        )[0]


def _quotation(recovered: RecoveredQuotation, posts: list[Utterance]) -> Quotation:
    source = recovered.source
    extent = Quotation.Extent.UNKNOWN
    if source:
        extent = Quotation.Extent.WHOLE if recovered.whole else Quotation.Extent.FRAGMENT
    home = recovered.source_utterance
    return Quotation(
        utterance=posts[recovered.utterance],
        start=recovered.span.start,
        end=recovered.span.end,
        source=None if home is None else posts[home],
        source_start=source.start if source else None,
        source_end=source.end if source else None,
        similarity=recovered.similarity,
        extent=extent,
        marked=recovered.marked,
        confidence=recovered.confidence,
    )
