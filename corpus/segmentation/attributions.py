"""Lines that say whose words come next: "Fen wrote:", "Originally posted by Fen", "[quote=Fen]"."""

from __future__ import annotations

import re
from functools import cache

from corpus.segmentation import datelines, mailboxes
from corpus.segmentation.data import labels, load

#: Words of a name at most; "the man I met on the train said:" introduces, but names no one.
WORDS = 4
#: Longest line looked at.
LONGEST = 200

_BBCODE = re.compile(r"\[quote(?P<said>[=: ][^\]]*)?\]\s*$", re.IGNORECASE)
# [quote="Fen"], [quote=Fen;123], [quote:1a2b="Fen"], [quote author=Fen link=…], [quote name="Fen"]
_CODED = re.compile(
    r"(?:^(?::\w+)?|\b(?:author|name|user|username))=\s?"
    r"(?:(?P<sign>[\"'“])(?P<quoted>[^\]\"”;,]{1,60}?)(?:[\"'”](?!\w)|[;,]|$)"
    r"|(?P<name>[^\]\"”;,=]{1,60}?)(?=\s\w+=|[\];,]|$))",
    re.IGNORECASE,
)
_TAGS = re.compile(r"\[/?\w{1,8}\]")
_ARROWS = " ↑→⇧⇒»"
#: What engines put behind the name: a link to the post, its number.
_BEHIND = re.compile(r"\s+(?:view post|\([^()]*\d[^()]*\)?)$", re.IGNORECASE)
_ADDRESSED = re.compile(r"^.*<[^<>\s]+>,\s(?=.*\w)")
_EDGE = " \t\u00a0,;:«»\"“”'()@"


def recognised(line: str) -> bool:
    """Whether the line is one, with or without a name.

    >>> [recognised(line) for line in ("Fen wrote:", "Quote:", "Note:", "I wrote this.")]
    [True, True, False, False]
    """
    return _found(line) is not None


def name(line: str) -> str:
    """The name in it, empty if it has none or is no such line.

    >>> name("On Fri, 3 May 2011 at 10:00, Fen Marsh wrote:")
    'Fen Marsh'
    >>> name("Quote from: Fen on 3 May 2011"), name("Quote:")
    ('Fen', '')
    """
    return _found(line) or ""


def _found(line: str) -> str | None:
    if len(line) > LONGEST or not line or line[-1] in "?!":
        return None
    # Some engines link the post with an arrow, and put its date behind.
    before, arrow, _date = line.partition("↑")
    if line[0] in _ARROWS or line[-1] in _ARROWS or (arrow and before.rstrip().endswith(":")):
        line = (before if before.strip(_ARROWS) else line).strip(_ARROWS)
    if not line or (line[-1] != ":" and line[0] not in _initials()):
        return None
    if line[0] == "[":
        if code := _BBCODE.match(line):
            named = _CODED.search(code["said"] or "")
            return (named["quoted"] or named["name"]).strip() if named else ""
        plain = _TAGS.sub("", line)
        return _found(plain) if plain != line else None
    return _written(line) if line.endswith(":") else _quoted(line)


def _written(line: str) -> str | None:
    """The name in "Fen wrote:", "On <date>, Fen wrote:", "Am <date> schrieb Fen:"."""
    words = line[:-1].rstrip()
    if words.casefold() in labels("quote"):
        return ""
    if (phrase := _quoting().match(line)) and phrase.end() < len(line):
        return _quoted(line)
    verbs = [at for at in _word_spans(words) if words[at[0] : at[1]].casefold() in labels("wrote")]
    if not verbs:
        return None
    start, end = verbs[-1]
    date = datelines.find(words)
    before, after = words[:start], words[end:]
    if date and date.end <= start:
        before = words[date.end : start]
    elif date and date.start >= end:
        after = words[end : date.start]
    found = _without_auxiliary(_stripped(_ADDRESSED.sub("", before))) or _stripped(after)
    return found if len(found.split()) <= WORDS else None


def _quoted(line: str) -> str | None:
    """The name in "Originally posted by Fen" and "Quote from: Fen on <date>"."""
    phrase = _quoting().match(line)
    if not phrase:
        return None
    date = datelines.find(line)
    rest = line[phrase.end() : date.start if date and date.start > phrase.end() else len(line)]
    found = _stripped(_BEHIND.sub("", rest.strip(_EDGE[:7])))
    return found if len(found.split()) <= WORDS else None


def _stripped(words: str) -> str:
    """Without the small words and signs before and after a name."""
    words = words.strip(" \t\u00a0,;:")
    named = mailboxes.name(words)
    parts = words[named.start : named.stop].strip(_EDGE).split()
    while parts and parts[-1].strip(_EDGE).casefold() in labels("edges"):
        parts.pop()
    while parts and parts[0].strip(_EDGE).casefold() in labels("edges"):
        parts.pop(0)
    found = " ".join(parts).strip(_EDGE)
    return f"{found})" if found.count("(") > found.count(")") else found


def _without_auxiliary(name: str) -> str:
    """ "Fen a" of "Fen a écrit" without the last word."""
    first, _, last = name.rpartition(" ")
    return first if first and last in labels("auxiliaries") else name


def _word_spans(words: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"[^\W\d_]+(?:\([^\W\d_]+\))?", words)]


@cache
def _initials() -> frozenset[str]:
    """What a line that is one begins with, unless it ends with a colon: most lines do not."""
    initials = {phrase[0] for phrase in load("labels")["quoting"]}
    return frozenset("[").union(initials, map(str.upper, initials), map(str.lower, initials))


@cache
def _quoting() -> re.Pattern[str]:
    phrases = sorted(load("labels")["quoting"], key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, phrases))})\b\s?:?", re.IGNORECASE)
