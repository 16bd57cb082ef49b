"""What tells whether repeated words are quoted, one row of numbers a run of unmarked copies.

``NAMES`` gives the columns. Nothing here knows a language; the weights are in ``data/quoting.json``
and say of short copies other things than of long ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import log, log1p

from corpus.segmentation import gaps, likeness, signs
from corpus.segmentation.copies import WORDS
from corpus.segmentation.data import load
from corpus.segmentation.document import Document
from corpus.segmentation.likeness import SAME_WORDS
from corpus.segmentation.model import logistic
from corpus.segmentation.runs import Run
from corpus.spans import Span

NAMES = (
    # Where the copy stands in its post, and how much is before and after it.
    "opens", "ends", "alone", "cut_off", "words_before", "words_after", "goes_on",
    "same_source", "answered_on_next_line", "colon_above",
    # What it is like.
    "verbatim", "same_words", "edited", "grown", "length", "very_long", "signs", "technical",
    "listed", "link", "asks", "leads",
    # What it copies.
    "whole_post", "alone_whole_post", "alone_back", "from_start", "to_end", "back",
    # How quotations are shown elsewhere in the document.
    "marked", "mostly_marked", "introduced",
)  # fmt: skip
#: What copies are judged as, with weights of their own.
KINDS = ("short", "long")
#: Share of digits and signs from which on a copy amid an utterance is program code or a log.
SIGNS = 0.09
#: From where on more digits and signs, words, and words around make no difference.
MOST_SIGNS, LONG, AROUND = 0.3, 60, 200
#: Marked quotations that make it a habit.
HABIT = 2
#: Words on a line, fewer of which make it a line of a list.
LISTED = 7
#: Signs that end a sentence or a line.
_ENDS = (".", "?", "!", ":", "…", "\n", "\r", "\u2028")
_LINK = re.compile(r"\s*(?:https?://|www\.)\S+\s*")


@dataclass(frozen=True, slots=True)
class Habits:
    """How the document shows its quotations: so many behind ">", introduced by name, neither."""

    marked: int
    introduced: int
    plain: int

    def columns(self) -> Iterator[float]:
        total = max(1, self.marked + self.introduced + self.plain)
        yield self.marked / total if self.marked >= HABIT else 0.0
        yield self.marked >= max(HABIT, self.plain)
        yield self.introduced / total


@dataclass(frozen=True, slots=True)
class Context:
    """The last copy above in the same post, and the words that are the source's post's own."""

    above: Run | None
    own: range

    def whole(self, run: Run) -> bool:
        """Whether all of them are copied."""
        copied = run.source.words if run.source else range(0)
        return bool(self.own) and copied.start <= self.own.start and self.own.stop <= copied.stop

    def signed(self, run: Run) -> bool:
        """Whether only the last of them are copied."""
        last = run.source is not None and run.source.words.stop == self.own.stop
        return last and not self.whole(run)


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight a column, for copies of a few words or for longer ones."""

    columns: Sequence[float]
    bias: float

    def confidence(self, row: Sequence[float]) -> float:
        """The probability that a copy with these columns is a quotation."""
        return logistic(self.bias + sum(map(float.__mul__, self.columns, row)))


def kind(words: int) -> str:
    """The one of ``KINDS`` as which a copy of so many words is judged."""
    return "short" if words < WORDS else "long"


@cache
def weights(kind: str) -> Weights:
    """The shipped weights for copies of this kind."""
    found = load("quoting")[kind]
    return Weights([found["weights"][name] for name in NAMES], found["bias"])


def row(
    document: Document, run: Run, utterance: Span, habits: Habits, context: Context
) -> list[float]:
    """The columns of an unmarked ``run`` in ``utterance``."""
    alone, whole = run.span == utterance, context.whole(run)
    back = log(max(1, run.utterance - run.source.utterance)) if run.source else 0.0
    return list(map(float, (
        *_place(document, run, utterance), *_below_copy(run, context.above),
        *_around(document, run), *_like(document, run), whole, alone and whole,
        alone * back, *_source(document, run), back, *habits.columns(),
    )))  # fmt: skip


def _place(document: Document, run: Run, utterance: Span) -> Iterator[float]:
    opens, ends = run.span.start == utterance.start, run.span.end == utterance.end
    own = document.words.between(utterance)
    yield opens and not ends
    yield ends and not opens
    yield opens and ends
    yield ends and gaps.longer(_below(document, run), document.paragraph_gap)
    yield log1p(min(run.words.start - own.start, AROUND))
    yield log1p(min(own.stop - run.words.stop, AROUND))


def _below_copy(run: Run, above: Run | None) -> Iterator[float]:
    """Whether it stands right below a copy, and one of words further up in the same post."""
    below = above is not None and above.words.stop == run.words.start
    yield below
    yield (
        below
        and above is not None
        and above.source is not None
        and run.source is not None
        and above.source.utterance == run.source.utterance
        and above.source.words.stop <= run.source.words.start
    )


def _below(document: Document, run: Run) -> int:
    """Blank lines below it; the end of the document is like any other end of a post."""
    at = run.lines.stop
    return document.lines[at].blanks if at < len(document.lines) else gaps.BELOW_HEADER


def _around(document: Document, run: Run) -> Iterator[float]:
    above = run.lines.start - 1
    yield _below(document, run) == 0
    yield above >= 0 and document.text[document.lines[above].span.end - 1] == ":"


def _like(document: Document, run: Run) -> Iterator[float]:
    similarity, said = likeness.of(document, run), run.span.of(document.text)
    yield similarity == 1.0
    yield SAME_WORDS <= similarity < 1.0
    yield 1.0 - similarity if similarity < SAME_WORDS else 0.0
    yield _grown(run) if similarity < SAME_WORDS else 0.0
    yield log(max(1, min(len(run.words), LONG)))
    yield log(max(1.0, len(run.words) / LONG))
    yield min(_signs(document, run.lines), MOST_SIGNS)
    yield _technical(document, run.lines)
    yield _listed(document, run)
    yield _LINK.fullmatch(said) is not None
    yield said.endswith("?")
    yield said.endswith((",", ":"))


def _grown(run: Run) -> float:
    """How much longer than its source it is, as a list is to which everyone adds a line."""
    return max(0.0, len(run.words) / len(run.source.words) - 1.0) if run.source else 0.0


def _listed(document: Document, run: Run) -> float:
    """The share of its lines, if there are more than two, that hold a few words only."""
    few = sum(len(document.words_in[line]) < LISTED for line in run.lines)
    return few / len(run.lines) if len(run.lines) > 2 else 0.0


def _technical(document: Document, lines: range) -> bool:
    """Whether this is a part of program code or a log: so is the line above or below."""
    around = [line for line in (lines.start - 1, lines.stop) if line < len(document.lines)]
    return _signs(document, lines) >= SIGNS and any(
        _signs(document, range(line, line + 1)) >= SIGNS for line in around if line >= 0
    )


def _signs(document: Document, lines: range) -> float:
    return signs.share(document.joined(lines).of(document.text))


def _source(document: Document, run: Run) -> Iterator[float]:
    """Whether it begins and ends with a sentence or a line."""
    source, text = run.source, document.text
    if source is None:
        return
    before = text[max(0, source.span.start - 3) : source.span.start].rstrip(" \t\"'“(*")
    yield not before or before.endswith(_ENDS)
    yield text[source.span.end - 1 : source.span.end + 1].rstrip(" ").endswith(_ENDS)
