"""A thread's documents as one text, so that replies and quotations may lead across them. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.segmentation.known_posts import resolved
from corpus.segmentation.structure import Link, RecoveredQuotation, RecoveredUtterance, Structure
from corpus.spans import Span
from forumimport.composition import GAP, dangling
from forumimport.drafts import ThreadDraft, Unread


@dataclass(frozen=True, slots=True)
class Joined:
    """All documents of a thread run together; ``bases`` is where each begins.

    Utterances are numbered, and spans counted, through the whole ``text``.
    """

    text: str
    structure: Structure
    bases: tuple[int, ...]

    def document_at(self, offset: int) -> int:
        """Return the number of the document that holds this character."""
        return bisect_right(self.bases, offset) - 1 if len(self.bases) > 1 else 0


def joined(draft: ThreadDraft) -> Joined:
    """Return a segmented draft's documents as one text.

    Where there are several, names of posts that a document could not explain are looked up in
    the earlier ones, and quotations traced through all of them.
    """
    parts = list(draft.structures())
    if len(parts) == 1:
        document, structure = parts[0]
        return Joined(document.text, structure, (0,))
    text = GAP.join(document.text for document, _structure in parts)
    bases = tuple(_bases(parts_text=[document.text for document, _structure in parts]))
    structure = _named(_moved([structure for _document, structure in parts], bases))
    return Joined(text, resolved(text, structure), bases)


def unexplained(draft: ThreadDraft, whole: Joined) -> tuple[Unread, ...]:
    """Return the draft's problems without those that another document of it has solved."""
    solved = {
        (name, dangling(one.answers))
        for number, one in enumerate(whole.structure.utterances)
        if one.answers and one.reply_to is not None
        for name in (one.identifier, f"post {number + 1}")
    }
    return tuple(p for p in draft.problems if (p.locator, p.reason) not in solved)


def _bases(parts_text: Sequence[str]) -> Iterator[int]:
    at = 0
    for text in parts_text:
        yield at
        at += len(text) + len(GAP)


def _moved(structures: Sequence[Structure], bases: Sequence[int]) -> Structure:
    utterances: list[RecoveredUtterance] = []
    quotations: list[RecoveredQuotation] = []
    links: list[Link] = []
    for structure, base in zip(structures, bases, strict=True):
        first = len(utterances)
        quotations += (
            replace(
                quotation,
                utterance=quotation.utterance + first,
                span=_by(quotation.span, base),
                source=_by(quotation.source, base) if quotation.source else None,
                source_utterance=_plus(quotation.source_utterance, first),
            )
            for quotation in structure.quotations
        )
        links += (replace(link, span=_by(link.span, base)) for link in structure.links)
        utterances += (
            replace(one, span=_by(one.span, base), reply_to=_plus(one.reply_to, first))
            for one in structure.utterances
        )
    return Structure(structures[0].title, tuple(utterances), tuple(quotations), (), tuple(links))


def _named(structure: Structure) -> Structure:
    """Let names of posts mean the first earlier post of the whole thread that bears them."""
    places: dict[str, int] = {}
    for number, one in enumerate(structure.utterances):
        if one.identifier:
            places.setdefault(one.identifier, number)

    def earlier(name: str, than: int) -> int | None:
        found = places.get(name)
        return found if found is not None and found < than else None

    return replace(
        structure,
        utterances=tuple(
            replace(one, reply_to=earlier(one.answers, number))
            if one.answers and one.reply_to is None
            else one
            for number, one in enumerate(structure.utterances)
        ),
        quotations=tuple(
            replace(one, source_utterance=earlier(one.of, one.utterance), of="")
            if one.of and earlier(one.of, one.utterance) is not None
            else one
            for one in structure.quotations
        ),
    )


def _by(span: Span, base: int) -> Span:
    return Span(span.start + base, span.end + base)


def _plus(number: int | None, first: int) -> int | None:
    return None if number is None else number + first
