"""The recovered structure of a draft, as people look at it before it is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from corpus.conf import unsure_below
from corpus.models.utterances import CUE_WORDS
from corpus.rendering import excerpt
from corpus.segmentation import RecoveredQuotation, Structure
from forumimport.drafts import DocumentDraft, ThreadDraft


@dataclass(frozen=True, slots=True)
class PreviewedQuotation:
    """``source`` is the number of the quoted post, None where the original is unknown."""

    words: str
    source: int | None
    whole: bool
    marked: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class PreviewedPost:
    """One recovered post, numbered from 1 in its document; ``speaker`` and ``date`` are as
    written, empty if unknown."""

    number: int
    words: str
    characters: int
    cue: str | Promise
    confidence: float
    reply_to: int | None
    quotations: tuple[PreviewedQuotation, ...]
    speaker: str = ""
    date: str = ""

    @property
    def unsure(self) -> bool:
        return self.confidence < unsure_below()


def posts(draft: ThreadDraft, *, length: int = 160) -> Iterator[PreviewedPost]:
    """Yield the posts of a segmented draft, each with the first ``length`` characters."""
    for document, structure in draft.structures():
        quotations: dict[int, list[RecoveredQuotation]] = {}
        for quotation in structure.quotations:
            quotations.setdefault(quotation.utterance, []).append(quotation)
        for index in range(len(structure.utterances)):
            yield _post(document, structure, index, quotations.get(index, []), length)


def _post(
    document: DocumentDraft,
    structure: Structure,
    index: int,
    quotations: list[RecoveredQuotation],
    length: int,
) -> PreviewedPost:
    utterance = structure.utterances[index]
    return PreviewedPost(
        number=index + 1,
        words=excerpt(document.text, utterance.span, length=length),
        characters=len(utterance.span),
        cue=CUE_WORDS[utterance.cue] if utterance.cue else _("stated by the source"),
        confidence=utterance.confidence,
        reply_to=None if utterance.reply_to is None else utterance.reply_to + 1,
        speaker=utterance.speaker,
        date=utterance.date_text,
        quotations=tuple(
            PreviewedQuotation(
                words=excerpt(document.text, quotation.span, length=length // 2),
                source=None
                if quotation.source_utterance is None
                else quotation.source_utterance + 1,
                whole=quotation.whole,
                marked=quotation.marked,
                confidence=quotation.confidence,
            )
            for quotation in quotations
        ),
    )
