"""Weights that tell quotations from other repeated words, from threads whose quotations are known.

Deterministic for the same threads and the same scikit-learn. Every thread is looked at twice, with
its posts as known and as recovered, since quotations are looked for in both.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from corpus.segmentation import copies, document, evidence, quotations, recovery
from corpus.segmentation.learning.libraries import library
from corpus.segmentation.learning.threads import KnownThread
from corpus.spans import Span

#: Strength of the weights (inverse regularisation), as chosen on a part of the threads.
STRENGTH = 0.03
#: Share of a copy's characters that must be quoted for it to count as a quotation.
QUOTED = 0.5

_library = partial(library, extra="train")


@dataclass(slots=True)
class _Seen:
    """Copies of one kind: their columns, and whether they are quotations."""

    rows: list[Sequence[float]] = field(default_factory=list)
    answers: list[bool] = field(default_factory=list)


def weights(threads: Iterable[KnownThread], *, note: str) -> dict[str, Any]:
    """The content of ``data/quoting.json``; ValueError if the threads tell nothing."""
    seen = {kind: _Seen() for kind in evidence.KINDS}
    for thread in threads:
        for row, words, answer in _answered(thread):
            one = seen[evidence.kind(words)]
            one.rows.append(row)
            one.answers.append(answer)
    return {"note": note, **{kind: _fitted(one, kind) for kind, one in seen.items()}}


def written(made: Mapping[str, Any]) -> str:
    """One line a weight."""
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _answered(thread: KnownThread) -> Iterator[tuple[Sequence[float], int, bool]]:
    """Columns, words and truth of all unmarked copies, with known and with recovered posts."""
    read = document.read(thread.text)
    copied = copies.find(read)
    known = [span for post in thread.posts if (span := post.body.trimmed(thread.text))]
    true = [quote.span for post in thread.posts for quote in post.quotations]
    for spans in (known, recovery.spans(read, copied)):
        for one in quotations.judged(read, copied, spans):
            if one.row:
                span = one.run.span
                share = sum(map(partial(_shared, span), true)) / len(span)
                yield one.row, len(one.run.words), share >= QUOTED


def _shared(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _fitted(seen: _Seen, kind: str) -> dict[str, Any]:
    if len(set(seen.answers)) < 2:
        raise ValueError(
            f"Cannot learn from these threads; they need {kind} copies, quoted and not."
        )
    np = _library("numpy")
    columns, answers = np.array(seen.rows), np.array(seen.answers)
    mean, spread = columns.mean(axis=0), columns.std(axis=0)
    spread[spread == 0] = 1.0
    models = _library("sklearn.linear_model")
    made = models.LogisticRegression(C=STRENGTH, max_iter=5000, random_state=0)
    made.fit((columns - mean) / spread, answers)
    found = made.coef_[0] / spread
    return {
        "bias": round(float(made.intercept_[0] - (found * mean).sum()), 4),
        "weights": {
            name: round(float(weight), 4)
            for name, weight in zip(evidence.NAMES, found, strict=True)
        },
    }
