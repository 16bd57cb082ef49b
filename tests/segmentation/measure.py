"""Recovered against true structure, for the floors in test_threads.py.

``python -m tests.segmentation.measure dev`` prints the figures of every dialect.
"""

import gzip
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from corpus.segmentation import recover

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


@dataclass
class Count:
    """Right, recovered and true, of places or spans."""

    right: int = 0
    found: int = 0
    true: int = 0

    def add(self, found, true):
        self.right += len(found & true)
        self.found += len(found)
        self.true += len(true)

    @property
    def precision(self):
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self):
        return self.right / self.true if self.true else 0.0

    @property
    def f1(self):
        return 2 * self.right / (self.found + self.true) if self.found + self.true else 0.0

    def __str__(self):
        return f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"


def threads(part):
    with gzip.open(SHARED / "threads" / f"{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def true_quotations(truth, starts):
    """Spans of the quotations whose words occur earlier, with the start of the source post."""
    for post in truth["posts"]:
        for quote in post["quotes"]:
            if quote["match"] != "none" and quote["source_post"] is not None:
                source = truth["posts"][quote["source_post"]]
                yield (quote["start"], quote["end"]), (source["start"], source["end"])


def measure(part):
    """By dialect: boundaries, quotation spans, and those with a source inside the right post."""
    boundaries, spans, sources = (defaultdict(Count) for _ in range(3))
    for thread in threads(part):
        structure, truth = recover(thread["text"]), thread["truth"]
        starts = {post["start"] for post in truth["posts"]}
        boundaries[thread["dialect"]].add(
            {(u.header or u.span).start for u in structure.utterances}, starts
        )
        true = dict(true_quotations(truth, starts))
        found = {(q.span.start, q.span.end): q.source for q in structure.quotations if q.source}
        spans[thread["dialect"]].add(found.keys(), true.keys())
        resolved = {
            (span, true[span])
            for span, source in found.items()
            if span in true and true[span][0] <= source.start and source.end <= true[span][1]
        }
        unresolved = {(span, None) for span in found} - {(span, None) for span, _ in resolved}
        sources[thread["dialect"]].add(resolved | unresolved, set(true.items()))
    return boundaries, spans, sources


def main(part):
    for title, counts in zip(
        ["boundaries", "quotation spans", "with the right source"], measure(part), strict=True
    ):
        for dialect, count in sorted(counts.items()):
            print(f"{title:22} {dialect:12} {count}")


if __name__ == "__main__":
    main(sys.argv[1])
