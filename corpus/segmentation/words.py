"""Words for comparing: casefolded and numbered, each with its place in the text.

Scripts that put no spaces between words count every character as one, so that "eight words" is a
measure of length everywhere.
"""

from __future__ import annotations

import re
import sys
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, count, islice

from corpus.spans import Span

# Thai to Myanmar, Khmer, Kana, and the Han ideographs of the planes 0, 2 and 3.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003ffff"
#: Words in a shingle: four in a row are rarely shared by chance.
SHINGLE = 4
_WORD = re.compile(f"([{_UNSPACED}]|[^\\W{_UNSPACED}]+)")


@dataclass(frozen=True)
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

    def places(self, chosen: range, within: range) -> Iterator[int]:
        """Where in ``within`` all of the ``chosen`` words stand, in order; looked up at C's speed.

        >>> list(find("a b a b a").places(range(0, 2), range(1, 5)))
        [2]
        """
        wanted = self._row[chosen.start : chosen.stop]
        at = self._row.find(wanted, within.start, within.stop) if wanted else -1
        while at >= 0:
            if self.ids[at : at + len(wanted)] == self.of(chosen):
                yield at
            at = self._row.find(wanted, at + 1, within.stop)

    @cached_property
    def _row(self) -> str:
        """The words as characters; of more words than there are characters some share one."""
        ids: Iterable[int] = self.ids
        if len(self.vocabulary) > sys.maxunicode:
            ids = (one % sys.maxunicode for one in ids)
        return "".join(map(chr, ids))

    @cached_property
    def recurring(self) -> list[int]:
        """Where shingles begin that occur more than once; and others of an equal hash.

        Most occur once and need not be looked at: told here at C's speed.
        """
        columns = (islice(self.ids, skipped, None) for skipped in range(SHINGLE))
        shingles = zip(*columns, strict=False)
        hashes = list(map(hash, shingles))
        counted = Counter(hashes)
        if len(counted) == len(hashes):
            return []
        return [at for at, one in enumerate(hashes) if counted[one] > 1]


def find(text: str) -> Words:
    """All words of ``text``; "Isn't", "ISN'T" and "isn' t" are the same two.

    >>> find("Hey hey").ids
    [0, 0]
    """
    # What stands between words, and words, in turn: their lengths give every place at C's speed.
    parts = _WORD.split(text)
    edges = array("L", accumulate(map(len, parts)))
    folded = list(map(str.casefold, parts[1::2]))
    numbers = dict(zip(dict.fromkeys(folded), count()))
    return Words(
        ids=list(map(numbers.__getitem__, folded)),
        starts=edges[:-1:2],
        ends=edges[1::2],
        vocabulary=list(numbers),
    )
