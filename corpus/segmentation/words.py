"""Words for comparing: casefolded and numbered, each with its place in the text.

Scripts that put no spaces between words count every character as one, so that "eight words" is a
measure of length everywhere.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate

from corpus.spans import Span

# Thai to Myanmar, Khmer, Kana, and the Han ideographs of the planes 0, 2 and 3.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003ffff"
_WORD = re.compile(f"([{_UNSPACED}]|[^\\W{_UNSPACED}]+)")


@dataclass(frozen=True, slots=True)
class Words:
    """Parallel columns, one entry a word: ``ids`` are equal where the casefolded words are.

    ``vocabulary`` holds the casefolded word of every id.
    """

    ids: list[int]
    starts: array[int]
    ends: array[int]
    vocabulary: list[str]

    def between(self, span: Span) -> range:
        """Indices of the words that start inside ``span``."""
        first = bisect_left(self.starts, span.start)
        return range(first, bisect_left(self.starts, span.end, lo=first))

    def span(self, chosen: range) -> Span:
        """From the first to the last of the words ``chosen``."""
        return Span(self.starts[chosen.start], self.ends[chosen.stop - 1])

    def of(self, chosen: range) -> list[int]:
        return self.ids[chosen.start : chosen.stop]


def find(text: str) -> Words:
    """All words of ``text``; "Isn't", "ISN'T" and "isn' t" are the same two.

    >>> find("Hey hey").ids
    [0, 0]
    """
    # What stands between words, and words, in turn: their lengths give every place at C's speed.
    parts = _WORD.split(text)
    edges = array("L", accumulate(map(len, parts)))
    folded = list(map(str.casefold, parts[1::2]))
    numbers = {word: number for number, word in enumerate(dict.fromkeys(folded))}
    return Words(
        ids=[numbers[word] for word in folded],
        starts=edges[:-1:2],
        ends=edges[1::2],
        vocabulary=list(numbers),
    )
