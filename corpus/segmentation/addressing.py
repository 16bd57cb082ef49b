"""Whom a post addresses by name: "@Fen" anywhere in it, or "Fen, …" where its own words begin.

Only names of earlier speakers of the thread count, so where the text names nobody nothing is
recovered. Words that a post quotes address nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from corpus.segmentation.data import load
from corpus.segmentation.structure import RecoveredQuotation, RecoveredUtterance
from corpus.spans import Span

#: How sure such a reply is. Set by hand, on the careful side: the labelled threads that there are
#: bear invented names, which no post addresses.
AT_SIGN, OPENING = 0.9, 0.7
#: Longest name that is looked for.
LONGEST = 60

_NUMBER = re.compile(r"(?<![>\w])>>(\d{1,9})\b")
_AT = re.compile(r"(?<![\w@.])@(?=\w)")
# Where a name may end: names may end in a sign themselves, as "Wren K." does.
_EDGE = re.compile(r"\b|(?<=\S)(?=[\s,:;!]|$)")
_BREAK = re.compile(r"[ \t]*(?:[,:;!–—…]|\.{2,}|-\s|$)", re.MULTILINE)
_FIRST = re.compile(r"(\w+)[ \t,]+")
_WORD = re.compile(r"\w")


def answering(
    text: str, utterances: Sequence[RecoveredUtterance], quoted: Sequence[RecoveredQuotation]
) -> Iterator[RecoveredUtterance]:
    """The utterances; those that answer nothing yet now answer whom they address.

    That is the earlier one whose number they name (">>12"), or the latest earlier one of the first
    speaker whom they address, never their own.

    >>> fen, wren = (RecoveredUtterance(Span(*span), None, 1, None, None, speaker=name)
    ...              for span, name in (((0, 4), "Fen"), ((6, 20), "Wren")))
    >>> [post.reply_to for post in answering("Why?\\n\\nFen, because.", [fen, wren], [])]
    [None, 0]
    """
    quotations: dict[int, list[Span]] = {}
    for quotation in quoted:
        quotations.setdefault(quotation.utterance, []).append(quotation.span)
    latest: dict[str, int] = {}
    numbered: dict[str, int] = {}
    for number, utterance in enumerate(utterances):
        name, answer = utterance.speaker.casefold(), None
        if number and utterance.reply_to is None and not utterance.answers:
            own = list(_parts(text, utterance.span, quotations.get(number, ())))
            answer = _Reader(text, latest, numbered, name).answer(own)
        if answer:
            utterance = replace(
                utterance, reply_to=answer[0], reply_basis="inferred", reply_confidence=answer[1]
            )
        yield utterance
        if name:
            latest[name] = number
        if utterance.identifier and utterance.basis == "inferred":
            numbered.setdefault(utterance.identifier, number)


def _parts(text: str, span: Span, quoted: Sequence[Span]) -> Iterator[Span]:
    """The parts of a post with words that are not quoted."""
    at = span.start
    for start, end in (*((one.start, one.end) for one in sorted(quoted)), (span.end, span.end)):
        if _WORD.search(text, at, max(at, start)):
            yield Span(at, start)
        at = max(at, end)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads names in a text: those of the ``latest`` utterances, but for the post's ``own``; and
    numbers, of those that are ``numbered``."""

    text: str
    latest: Mapping[str, int]
    numbered: Mapping[str, int]
    own: str

    def answer(self, parts: Sequence[Span]) -> tuple[int, float] | None:
        """The utterance that a post of these parts answers, and how sure that is."""
        for part in parts if self.numbered else ():
            for named in _NUMBER.finditer(self.text, part.start, part.end):
                if named[1] in self.numbered:
                    return self.numbered[named[1]], AT_SIGN
        if not self.latest:
            return None
        for part in parts:
            for sign in _AT.finditer(self.text, part.start, part.end):
                if addressed := self._named(sign.end(), part.end):
                    return self.latest[addressed[0]], AT_SIGN
        name = self._opening(parts[0]) if parts else ""
        return (self.latest[name], OPENING) if name else None

    def _opening(self, part: Span) -> str:
        """The name with which the words begin, perhaps behind a greeting."""
        first = _WORD.search(self.text, part.start, part.end)
        starts = [first.start()] if first else []
        greeting = _FIRST.match(self.text, starts[0], part.end) if starts else None
        if greeting and greeting[1].casefold() in _before_names():
            starts.append(greeting.end())
        for start in starts:
            name, end = self._named(start, part.end) or ("", start)
            if name and name not in _said() and _BREAK.match(self.text, end, part.end):
                return name
        return ""

    def _named(self, start: int, end: int) -> tuple[str, int] | None:
        """The longest name that stands at ``start``, and where it ends."""
        edges = _EDGE.finditer(self.text, start + 1, min(end, start + LONGEST))
        for edge in reversed([edge.start() for edge in edges]):
            name = self.text[start:edge].casefold()
            if name in self.latest and name != self.own:
                return name, edge
        return None


@cache
def _before_names() -> frozenset[str]:
    """Words that stand before the name of whom they are said to: "Hi Fen,", "Thanks Fen,"."""
    kinds = ("greet", "thank", "agree", "object")
    return frozenset(word for kind in kinds for word in load("markers")[kind])


@cache
def _said() -> frozenset[str]:
    """Words that begin posts without naming anybody, whoever bears them as a name."""
    return frozenset(
        word for kind, words in load("markers").items() if kind != "note" for word in words
    )
