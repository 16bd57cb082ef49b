"""Names among the other words of a line: what stands around them is theirs in every header.

What all lines of one shape have at a side of the name is ``constant``, written "^by" where it is
before the name and "by$" where it is behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.segmentation import mailboxes
from corpus.segmentation.data import labels

#: Longest name.
LONGEST_NAME = 60

#: Words with what names have inside, and signs.
TOKEN = re.compile(r"[^\W_][\w'’.()-]*|[^\w\s]+|_\S*")
# "1", "1." and "No.1", which count.
_COUNTED = re.compile(r"((?:[^\W\d_]{1,4}\.)?)\d+[.)]?")
_EDGE = " \t\u00a0,;:|»«›‹·•–—-#"


def constant(lines: Sequence[str], *, alone: bool) -> frozenset[str]:
    """Words that all lines have around the name; none if the lines are all the same.

    A number at the side of it is one of them, whatever its value. Names that stand ``alone`` may
    share words, as those of a family do: only what is no name is taken there.
    """
    if all(line == lines[0] for line in lines):
        return frozenset()
    sides = [list(map(_counted, TOKEN.findall(line))) for line in lines]
    ends = [side[::-1] for side in sides]
    known = [f"^{word}" for word in _common(sides)] + [f"{word}$" for word in _common(ends)]
    if alone:
        known = [one for one in known if _is_no_name(one.strip("^$").casefold())]
    return frozenset(map(str.casefold, known))


def _common(sides: Sequence[Sequence[str]]) -> Iterator[str]:
    """The words with which all ``sides`` begin."""
    for words in zip(*sides, strict=False):
        if len(set(words)) > 1:
            return
        yield words[0]


def _is_no_name(word: str) -> bool:
    known = word in labels("ranks") or word in labels("edges") or word in labels("states")
    return known or not word[:1].isalpha()


def _counted(token: str) -> str:
    """What counts masked, all else as it is."""
    match = _COUNTED.fullmatch(token)
    return f"{match[1]}0" if match else token


def is_rank(words: str) -> bool:
    return all(word in labels("ranks") for word in words.split())


def bare(words: str, start: int, end: int, constant: frozenset[str] | None) -> range:
    """The name between ``start`` and ``end``: without the words and signs around it.

    Behind a label (``constant`` is None) every word is the name's.
    """
    tokens = [(m.start() + start, m.end() + start) for m in TOKEN.finditer(words[start:end])]
    if constant is not None:
        begin, stop = 0, len(tokens)
        while begin < stop and _edge(words, tokens[begin], "^{}", constant):
            begin += 1
        while begin < stop and _edge(words, tokens[stop - 1], "{}$", constant):
            stop -= 1
        tokens = tokens[begin:stop]
    if not tokens or (constant is not None and all(words[a:b].isdigit() for a, b in tokens)):
        return range(0)
    first, last = tokens[0][0], tokens[-1][1]
    while last > first and words[last - 1] in ",;:":
        last -= 1
    named = mailboxes.name(words[first:last])
    first, last = first + named.start, first + named.stop
    return range(first, last) if last - first <= LONGEST_NAME else range(0)


def _edge(words: str, token: tuple[int, int], side: str, constant: frozenset[str]) -> bool:
    word = words[token[0] : token[1]].casefold()
    if side.format(_counted(word)) in constant:
        return True
    return word in labels("edges") or not word.strip(_EDGE)
