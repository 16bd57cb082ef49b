"""What was recovered from a text: the values every later step of the story reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from corpus.spans import Span


class Cue(StrEnum):
    """The strongest evidence that an utterance starts at its place.

    Values are stored with every boundary, so they stay short and never change their meaning.
    """

    #: First words after the title.
    FIRST = "first-text"
    #: More blank lines before it than the document's paragraphs have.
    GAP = "longer-gap"
    #: Opens with an unmarked copy of earlier text.
    QUOTATION = "quotation-onset"
    #: Opens with a quotation behind "> ", or with the line that introduces one.
    MARKED = "marked-onset"
    #: Stands below header lines whose shape recurs in the document.
    HEADER = "header"
    #: Opens with words, or follows words, as posts do.
    OPENING = "opening-words"
    #: Length, layout and manner of the paragraphs around it.
    LAYOUT = "layout"


@dataclass(frozen=True, slots=True)
class RecoveredUtterance:
    """One post: ``span`` is trimmed; ``confidence`` is the probability that it starts there.

    ``reply_to`` is the index of the utterance whose words its first resolved quotation copies, or
    of the latest one of the speaker whom it addresses by name; it is never a guess from
    neighbourhood. What its header says comes with it: ``speaker`` as
    written, ``date_text`` as written, and ``date`` with its precision where that is a date.

    ``basis`` and ``reply_basis`` are "attested" where the source itself separates its posts and
    says what they answer: without a cue, at a confidence of 1. ``identifier`` is
    the name that the source has for the post (of inferred ones the number in its header),
    ``answers`` that of a post it answers which is not in this text.
    """

    span: Span
    cue: Cue | None
    confidence: float
    reply_to: int | None
    reply_confidence: float | None
    header: Span | None = None
    speaker: str = ""
    date: datetime | None = None
    date_text: str = ""
    date_precision: str = ""
    basis: str = "inferred"
    reply_basis: str = "inferred"
    identifier: str = ""
    answers: str = ""


@dataclass(frozen=True, slots=True)
class RecoveredQuotation:
    """A copy of earlier words inside the utterance with index ``utterance``.

    ``source`` is the earliest original, inside the one earlier ``source_utterance``; both are None
    for a marked quotation whose words do not occur before it. ``similarity`` is 1.0 for a
    verbatim copy. ``whole``: all the source's own words (its own quotations apart) are copied.
    ``attributed`` is the name in the line that introduces it. ``basis`` is "attested" where the
    source marks it by other means than characters (a block quotation in HTML). ``of`` is the
    source's name for a quoted post that is not in this text.
    """

    utterance: int
    span: Span
    source: Span | None
    source_utterance: int | None
    similarity: float | None
    marked: bool
    whole: bool
    confidence: float
    attributed: str = ""
    basis: str = "inferred"
    of: str = ""


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """A stretch that is no one's words, and what ``kind`` it is ("title", "header", "navigation",
    "signature")."""

    span: Span
    kind: str
    basis: str = "inferred"


@dataclass(frozen=True, slots=True)
class Link:
    """Words that led somewhere in the source, or stood for a picture ("link", "image")."""

    span: Span
    address: str
    kind: str


@dataclass(frozen=True, slots=True)
class Structure:
    """A text taken apart: every non-space character is in one utterance or boilerplate span."""

    title: str
    utterances: tuple[RecoveredUtterance, ...]
    quotations: tuple[RecoveredQuotation, ...]
    boilerplate: tuple[Boilerplate, ...]
    links: tuple[Link, ...] = ()
