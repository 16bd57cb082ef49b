"""How much of a known structure is recovered, in the measures the field uses.

Boundaries are compared as sets and as segmentations of the text's lines (Pk, WindowDiff, Boundary
Similarity); quotations by their characters and their source; confidences by how often they hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

from corpus.segmentation import copies, document, gaps
from corpus.segmentation.document import Document
from corpus.segmentation.learning.libraries import library
from corpus.segmentation.learning.threads import KnownQuotation, KnownThread
from corpus.segmentation.recovery import recover
from corpus.segmentation.structure import Cue, RecoveredUtterance, Structure
from corpus.spans import Span

#: Confidences are compared in so many groups of equal width.
BINS = 10
#: Share of a quotation's characters that must be recovered for it to count as found.
FOUND = 0.5

_library = partial(library, extra="evaluate")

Starts = Callable[[Document], Iterable[int]]


def _every_gap(read: Document) -> Iterator[int]:
    yield from (n for n, line in enumerate(read.lines) if line.blanks or not n)


def _longer_gaps(read: Document) -> Iterator[int]:
    for number, line in enumerate(read.lines):
        if not number or gaps.longer(line.blanks, read.paragraph_gap):
            yield number


def _with_onsets(read: Document) -> Iterator[int]:
    found = copies.find(read)
    onsets = {copy.lines.start for copy in found if read.lines[copy.lines.start].blanks}
    inner = {later.lines.start for copy, later in pairwise(found)
             if copy.lines.stop == later.lines.start}  # fmt: skip
    yield from sorted({*_longer_gaps(read), *(onsets - inner)})


#: Simple rules to compare with, by name.
BASELINES: dict[str, Starts] = {
    "every blank line": _every_gap,
    "longer gaps": _longer_gaps,
    "and quotation onset": _with_onsets,
}


@dataclass(slots=True)
class Shares:
    """Counts of what was right; ``share`` is None where there was nothing to count."""

    right: float = 0
    total: float = 0

    def add(self, right: float, total: float = 1) -> None:
        self.right += right
        self.total += total

    @property
    def share(self) -> float | None:
        return round(self.right / self.total, 4) if self.total else None


@dataclass(slots=True)
class Sets:
    """Recovered and true members, for precision, recall and F1."""

    found: set[Any] = field(default_factory=set)
    true: set[Any] = field(default_factory=set)

    def figures(self) -> dict[str, float | None]:
        scores = _library("nltk.metrics.scores")
        return {
            name: _rounded(getattr(scores, measure)(self.true, self.found))
            for name, measure in (
                ("precision", "precision"),
                ("recall", "recall"),
                ("f1", "f_measure"),
            )
        }


@dataclass(slots=True)
class Tally:
    """Everything counted over the threads of one group."""

    threads: int = 0
    posts: int = 0
    boundaries: Sets = field(default_factory=Sets)
    exact: Shares = field(default_factory=Shares)
    pk: Shares = field(default_factory=Shares)
    windowdiff: Shares = field(default_factory=Shares)
    similarity: Shares = field(default_factory=Shares)
    quoted_found: Shares = field(default_factory=Shares)
    quoted_precision: Shares = field(default_factory=Shares)
    quoted_recall: Shares = field(default_factory=Shares)
    sources: Shares = field(default_factory=Shares)
    replies: Sets = field(default_factory=Sets)
    speakers: Shares = field(default_factory=Shares)
    dates: Shares = field(default_factory=Shares)
    confidences: list[tuple[float, bool]] = field(default_factory=list)
    baselines: dict[str, Sets] = field(default_factory=lambda: defaultdict(Sets))

    def figures(self) -> dict[str, Any]:
        precision, recall = self.quoted_precision.share, self.quoted_recall.share
        both = (precision or 0) + (recall or 0)
        return {
            "threads": self.threads,
            "posts": self.posts,
            "boundaries": self.boundaries.figures(),
            "exact posts": self.exact.share,
            "pk": self.pk.share,
            "windowdiff": self.windowdiff.share,
            "boundary similarity": self.similarity.share,
            "quotations": {
                "found": self.quoted_found.share,
                "f1": round(2 * (precision or 0) * (recall or 0) / both, 4) if both else None,
                "source": self.sources.share,
            },
            "replies": self.replies.figures(),
            "speakers": self.speakers.share,
            "dates": self.dates.share,
            "calibration error": calibration_error(self.confidences),
            "reliability": reliability(self.confidences),
            "baselines": {name: sets.figures()["f1"] for name, sets in self.baselines.items()},
        }


def evaluate(threads: Iterable[KnownThread]) -> dict[str, dict[str, Any]]:
    """Figures for all threads, and for those of every dialect and every source."""
    tallies: dict[str, Tally] = {"all": Tally()}
    for number, thread in enumerate(threads):
        structure, read = recover(thread.text), document.read(thread.text)
        for group in dict.fromkeys(("all", thread.dialect, thread.source)):
            if group:
                count(tallies.setdefault(group, Tally()), number, thread, structure, read)
    return {group: tally.figures() for group, tally in tallies.items()}


def count(
    tally: Tally, number: int, thread: KnownThread, structure: Structure, read: Document
) -> None:
    """Add one thread to ``tally``."""
    tally.threads += 1
    tally.posts += len(thread.posts)
    starts = {post.start for post in thread.posts}
    bodies = {post.body for post in thread.posts}
    found = {opening(utterance) for utterance in structure.utterances}
    _add(tally.boundaries, number, found, starts)
    tally.exact.add(len(bodies & {u.span for u in structure.utterances}), len(bodies))
    for utterance in structure.utterances:
        if utterance.cue is not Cue.FIRST:
            tally.confidences.append((utterance.confidence, opening(utterance) in starts))
    body_starts = {post.body.start for post in thread.posts}
    lines = [line.span.start for line in read.lines]
    _compare(tally, lines, body_starts, {u.span.start for u in structure.utterances})
    for name, rule in BASELINES.items():
        _add(tally.baselines[name], number, {lines[n] for n in rule(read)}, body_starts)
    _quotations(tally, thread, structure)
    _said(tally, number, thread, structure)


def opening(utterance: RecoveredUtterance) -> int:
    """Where the post begins, its header included."""
    return (utterance.header or utterance.span).start


def _add(sets: Sets, number: int, found: set[Any], true: set[Any]) -> None:
    sets.found |= {(number, one) for one in found}
    sets.true |= {(number, one) for one in true}


def _compare(tally: Tally, lines: Sequence[int], true: set[int], found: set[int]) -> None:
    """Pk, WindowDiff and Boundary Similarity over the lines, where there are enough of them."""
    segmentation = _library("nltk.metrics.segmentation")
    reference, recovered = ("".join("01"[line in starts] for line in lines[1:])
                            for starts in (true, found))  # fmt: skip
    window = max(2, round(len(lines) / (2 * max(1, len(true)))))
    if window < len(reference):
        tally.pk.add(segmentation.pk(reference, recovered, window))
        tally.windowdiff.add(segmentation.windowdiff(reference, recovered, window))
    if len(lines) > 1:
        alike = _library("segeval").boundary_similarity(_masses(recovered), _masses(reference))
        tally.similarity.add(float(alike))


def _masses(marks: str) -> tuple[int, ...]:
    return tuple(len(part) + 1 for part in marks.split("1"))


def _quotations(tally: Tally, thread: KnownThread, structure: Structure) -> None:
    """Characters of quotations whose words occur earlier, and the posts they are traced to."""
    true = [quote for post in thread.posts for quote in post.quotations
            if quote.occurs and quote.source is not None]  # fmt: skip
    others = [quote.span for post in thread.posts for quote in post.quotations if quote not in true]
    resolved = [quote for quote in structure.quotations if quote.source]
    for known in true:
        shared = [(_shared(known.span, one.span), one) for one in resolved
                  if known.span.overlaps(one.span)]  # fmt: skip
        length = sum(size for size, _ in shared)
        tally.quoted_recall.add(length, len(known.span))
        tally.quoted_found.add(length >= FOUND * len(known.span))
        if length >= FOUND * len(known.span):
            best = max(shared, key=lambda one: one[0])[1]
            tally.sources.add(_comes_from(thread, known, best.source))
    for one in resolved:
        if not any(one.span.overlaps(other) for other in others):
            inside = sum(_shared(one.span, known.span) for known in true
                         if one.span.overlaps(known.span))  # fmt: skip
            tally.quoted_precision.add(inside, len(one.span))


def _shared(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _comes_from(thread: KnownThread, known: KnownQuotation, source: Span | None) -> bool:
    return (
        source is not None
        and known.source is not None
        and thread.posts[known.source].body.contains(source)
    )


def _said(tally: Tally, number: int, thread: KnownThread, structure: Structure) -> None:
    """Replies, speakers and dates, by the place where the post's words begin."""
    recovered = {utterance.span.start: utterance for utterance in structure.utterances}
    replies = {(u.span.start, structure.utterances[u.reply_to].span.start)
               for u in structure.utterances if u.reply_to is not None}  # fmt: skip
    true = set()
    for post in thread.posts:
        answered = next((q.source for q in post.quotations if q.source is not None), None)
        if answered is not None:
            true.add((post.body.start, thread.posts[answered].body.start))
        utterance = recovered.get(post.body.start)
        if post.author:
            tally.speakers.add(utterance is not None and utterance.speaker == post.author)
        if post.date:
            said = utterance.date.isoformat() if utterance and utterance.date else ""
            tally.dates.add(said.startswith(post.date.rstrip("Z")))
    _add(tally.replies, number, replies, true)


def reliability(decisions: Sequence[tuple[float, bool]]) -> list[dict[str, float]]:
    """By tenths of stated confidence: how many decisions, stated and real share of right ones."""
    groups: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for stated, right in decisions:
        groups[min(int(stated * BINS), BINS - 1)].append((stated, right))
    return [
        {
            "from": group / BINS,
            "decisions": len(members),
            "stated": round(sum(stated for stated, _ in members) / len(members), 4),
            "right": round(sum(right for _, right in members) / len(members), 4),
        }
        for group, members in sorted(groups.items())
    ]


def calibration_error(decisions: Sequence[tuple[float, bool]]) -> float | None:
    """Mean distance of stated confidence and real share (ECE), weighted by decisions.

    >>> calibration_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)])
    0.0
    """
    if not decisions:
        return None
    error = sum(
        group["decisions"] * abs(group["stated"] - group["right"])
        for group in reliability(decisions)
    )
    return round(error / len(decisions), 4)


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)
