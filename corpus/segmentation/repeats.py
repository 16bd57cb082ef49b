"""Copies that show only once posts are known: short ones, and marked ones wherever they come from.

A few words are no evidence by themselves. But a short paragraph that stands once in the posts
right before, and nowhere else there, is looked at; whether it is quoted is judged later.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice

from corpus.segmentation import copies as copying
from corpus.segmentation import gaps
from corpus.segmentation.copies import WORDS, Copy
from corpus.segmentation.document import Document
from corpus.segmentation.originals import Original
from corpus.spans import Span

#: A short copy is looked for in so many posts before its own, and so many words: of those from
#: further back 4 % were quotations in the training threads.
POSTS, LOOKED_AT = 8, 2000
#: What is marked is looked for further back.
MARKED_POSTS, MARKED_LOOKED_AT = 40, 6000
#: Fewest words of an unmarked copy; 6 % of single words were quotations.
LEAST = 2
#: Fewest words of one that ends its post; 1 % of shorter ones were quotations.
ALONE = 4
#: Words that stand in more places are a formula; so many places are looked at in all.
MOST, COMPARED = 4, 200
#: Fewest words of a marked copy that is looked for without a word at its edge, cut off in between.
CUT = 3


def completed(document: Document, copies: Sequence[Copy], utterances: Sequence[Span]) -> list[Copy]:
    """The ``copies``, marked ones traced further, with short ones added; in order, disjoint."""
    if len(utterances) < 2:
        return list(copies)
    return _Search(document, copies, utterances).run()


class _Search:
    """One pass over all stretches; words known to be copied are no original."""

    def __init__(
        self, document: Document, copies: Sequence[Copy], utterances: Sequence[Span]
    ) -> None:
        self.document = document
        self.starts = [span.start for span in utterances]
        words = document.words
        self.first_words = [words.between(span).start for span in utterances]
        self.known: dict[int, Copy] = {copy.lines.start: copy for copy in copies}
        self.copied: list[int] = []
        self.found: list[Copy] = []

    def run(self) -> list[Copy]:
        stretches = list(self._stretches())
        at = 0
        while at < len(stretches):
            copy = self.known.get(stretches[at].start)
            made = [self._traced(copy)] if copy else self._short(stretches, at)
            for one in made:
                self._keep(one)
            at += max(1, len(made))
        return self.found

    def _stretches(self) -> Iterator[range]:
        """The lines of every copy and, between them, paragraphs and what else can be one."""
        covered = sorted(self.known)
        taken = 0
        for lines in copying.stretches(self.document):
            while taken < len(covered) and covered[taken] < lines.stop:
                yield self.known[covered[taken]].lines
                taken += 1
            last = self.known[covered[taken - 1]].lines.stop if taken else 0
            if last <= lines.start:
                yield lines

    def _keep(self, copy: Copy) -> None:
        words = self.document.words_of(copy.lines)
        if words:
            self.copied += (words.start, words.stop)
        self.found.append(copy)

    def _traced(self, copy: Copy) -> Copy:
        """The copy with an original in another post if it is marked and had none there."""
        utterance = self._home(copy.lines)
        introduced = copy.marked or self.document.introduced(copy.lines.start)
        original = copy.original
        if not introduced or utterance < 1:
            return copy
        if original and original.words.start < self.first_words[utterance]:
            return copy
        words = self.document.words_of(copy.lines)
        for part in self._tries(copy.lines, words):
            if found := self._nearest(part, utterance):
                return Copy(copy.lines, copy.marked, Original(found, len(part) / len(words)))
        return copy

    def _tries(self, lines: range, words: range) -> Iterator[range]:
        """All words, or all but one cut in the middle, or those of the longest line."""
        if words:
            yield words
        if len(words) >= CUT:
            yield words[:-1]
            yield words[1:]
        longest = max((self.document.words_in[line] for line in lines), key=len)
        if CUT <= len(longest) < len(words):
            yield longest

    def _nearest(self, words: range, utterance: int) -> range | None:
        """Where the words stand in the nearest earlier post that has them."""
        stop = self.first_words[utterance]
        least = max(self.document.first_word, stop - MARKED_LOOKED_AT)
        for post in range(utterance - 1, max(-1, utterance - 1 - MARKED_POSTS), -1):
            if stop <= least:
                break
            start = max(self.first_words[post], least)
            for place in self._places(words, range(start, stop)):
                return range(place, place + len(words))
            stop = start
        return None

    def _short(self, stretches: Sequence[range], at: int) -> list[Copy]:
        """The copies that begin with a short stretch and go on as their original does."""
        document, lines = self.document, stretches[at]
        words = document.words_of(lines)
        if not 0 < len(words) < WORDS or document.depths[lines.start]:
            return []
        utterance = self._home(lines)
        if utterance < 1 or (self._last(stretches, at) and len(words) < ALONE):
            return []
        if document.introduced(lines.start):
            traced = self._traced(Copy(lines, False, None))
            return [traced] if traced.original else []
        stop = self.first_words[utterance]
        first = max(self.first_words[max(0, utterance - POSTS)], stop - LOOKED_AT)
        within = range(max(first, document.first_word), stop)
        places = list(self._places(words, within))
        found = [words]
        for behind in range(at + 1, len(stretches) if places else 0):
            lines = stretches[behind]
            on = self._going_on(places, found, lines, within)
            if not on or self._home(lines) != utterance:
                break
            places = on
            found.append(document.words_of(lines))
        if len(places) != 1 or sum(map(len, found)) < LEAST:
            return []
        return list(self._made(places[0], found, stretches[at : at + len(found)]))

    def _last(self, stretches: Sequence[range], at: int) -> bool:
        """Whether the post ends with this stretch."""
        home = self._home(stretches[at])
        return at + 1 == len(stretches) or self._home(stretches[at + 1]) != home

    def _going_on(
        self, places: Sequence[int], found: Sequence[range], lines: range, within: range
    ) -> list[int]:
        """Those of the places after which the words of ``lines`` come as well."""
        line, document = lines.start, self.document
        wide = gaps.longer(document.lines[line].blanks, document.paragraph_gap)
        words = document.words_of(lines)
        if line in self.known or wide or document.depths[line] or not words:
            return []
        ids, wanted = document.words.ids, document.words.of(words)
        behind = words.start - found[0].start
        return [
            place
            for place in places
            if place + behind + len(words) <= within.stop
            and ids[place + behind : place + behind + len(words)] == wanted
        ]

    def _made(
        self, place: int, found: Sequence[range], stretches: Sequence[range]
    ) -> Iterator[Copy]:
        for words, lines in zip(found, stretches, strict=True):
            start = place + words.start - found[0].start
            yield Copy(lines, False, Original(range(start, start + len(words)), 1.0))

    def _places(self, words: range, within: range) -> Iterator[int]:
        """Where in ``within`` the words stand and are not themselves copied, the first few."""
        found = islice(self.document.words.places(words, within), COMPARED)
        yield from islice((place for place in found if not self._copied(place)), MOST)

    def _copied(self, word: int) -> bool:
        return bisect_right(self.copied, word) % 2 == 1

    def _home(self, lines: range) -> int:
        return bisect_right(self.starts, self.document.lines[lines.start].span.start) - 1
