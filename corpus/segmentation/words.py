"""Words for comparing: casefolded and numbered, each with its place in the text.

Scripts that put no spaces between words count every character as one, so that "eight words" is a
measure of length everywhere.
"""

from __future__ import annotations

import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

import numpy as np
from numpy.typing import NDArray

from corpus.segmentation.characters import Kinds, codes
from corpus.spans import Span

# Thai to Myanmar, Khmer, Kana, and the Han ideographs of the planes 0, 2 and 3.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003ffff"
#: Words in a shingle: four in a row are rarely shared by chance.
SHINGLE = 4
#: By what a shingle's hash is multiplied before each word: odd, with bits all over (2**64 by the
#: golden ratio: Knuth, The Art of Computer Programming 3, 6.4).
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SPACELESS = re.compile(f"[{_UNSPACED}]")


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

    def in_each(self, spans: Sequence[Span]) -> list[range]:
        """The same of many spans."""
        edges = [edge for span in spans for edge in (span.start, span.end)]
        found = np.searchsorted(np.frombuffer(self.starts, dtype=np.int64), edges).tolist()
        return list(map(range, found[::2], found[1::2]))

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
    def numbers(self) -> NDArray[np.int64]:
        """The ids as one array."""
        return np.fromiter(self.ids, dtype=np.int64, count=len(self.ids))

    @cached_property
    def recurring(self) -> list[int]:
        """Where shingles begin that occur more than once; and others of an equal hash.

        Most occur once and need not be looked at: told here at C's speed.
        """
        count = len(self.ids) - SHINGLE + 1
        if count < 2:
            return []
        numbers = self.numbers.view(np.uint64)
        hashes = numbers[:count].copy()
        for skipped in range(1, SHINGLE):
            hashes *= _FACTOR
            hashes += numbers[skipped : count + skipped]
        order = np.argsort(hashes)
        equal = np.diff(hashes[order]) == 0
        again = np.append(equal, False) | np.append(False, equal)
        found: list[int] = np.sort(order[again]).tolist()
        return found


def find(text: str) -> Words:
    """All words of ``text``; "Isn't", "ISN'T" and "isn' t" are the same two.

    >>> find("Hey hey").ids
    [0, 0]
    """
    kinds = _kinds.each(text)
    # A letter goes on with the word of the one before it; a character that is a word alone never.
    goes_on = (kinds[1:] == _LETTER) & (kinds[:-1] == _LETTER)
    some = kinds != _BETWEEN
    starts = np.flatnonzero(some & ~np.append(False, goes_on))
    ends = np.flatnonzero(some & ~np.append(goes_on, False)) + 1
    folded = _folded(text, kinds) or [
        text[start:end].casefold()
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    numbers = dict(zip(dict.fromkeys(folded), count()))
    return Words(
        ids=list(map(numbers.__getitem__, folded)),
        starts=array("q", starts.astype(np.int64).tobytes()),
        ends=array("q", ends.astype(np.int64).tobytes()),
        vocabulary=list(numbers),
    )


def _folded(text: str, kinds: NDArray[np.uint8]) -> list[str]:
    """The casefolded words, or none if spaces cannot part them.

    They cannot if a letter is a word alone, or if one becomes two and moves those behind it.
    """
    folded = text.casefold()
    if len(folded) != len(text) or (kinds == _ALONE).any():
        return []
    spaced = np.where(kinds == _BETWEEN, _SPACE, codes(folded))
    return spaced.tobytes().decode("utf-32-le", "surrogatepass").split()


#: What a character is in words.
_BETWEEN, _LETTER, _ALONE = 1, 2, 3
_SPACE = np.uint32(ord(" "))


def _kind(char: str) -> int:
    if _SPACELESS.match(char):
        return _ALONE
    return _LETTER if char.isalnum() or char == "_" else _BETWEEN


_kinds = Kinds(_kind)
