"""Quotations behind "> ": how deep a line is quoted, and the line that introduces them."""

from __future__ import annotations

import re

from corpus.segmentation import attributions, tags

# Not a smiley (">_<", ">:("): signs directly behind the last ">" make no quotation.
_MARKS = re.compile(r"(?:>[ \t]?)+(?![_:;.()=<>-])")
# ">>101" before whatever is the number of a post that is answered.
_POST = re.compile(r">>\d+(?!\w)")
# ">!so it was he!<" hides words, which are the writer's own.
_SPOILER = re.compile(r">!.*?!<")
#: Characters an introducing line has at most; "On <date>, <name> wrote:" stays well below.
LONGEST_INTRODUCTION = 200


def depth(line: str) -> int:
    """How often a (trimmed) line is quoted; 0 if it is not.

    >>> depth("> > two"), depth(">> two"), depth("> one"), depth("none"), depth(">_<")
    (2, 2, 1, 0, 0)
    """
    if not line.startswith(">") or _POST.match(line) or _SPOILER.match(line):
        return 0
    marks = _MARKS.match(line)
    return marks.group().count(">") if marks else 0


def stripped(line: str) -> str:
    """The line without the marks before it.

    >>> stripped("> > two"), stripped("none")
    ('two', 'none')
    """
    return line.lstrip("> \t") if line.startswith(">") else line


def bare(line: str) -> bool:
    """Whether there is nothing but marks on the line, or the end of a quotation.

    >>> bare("> >"), bare("> a"), bare("[/quote]")
    (True, False, True)
    """
    return not stripped(line) or tags.closing(line)


def introduces(line: str) -> bool:
    """Whether a line can introduce the quotation right after it.

    >>> introduces("Fen wrote:"), introduces("Quote from Fen"), introduces("I disagree.")
    (True, True, False)
    """
    if len(line) > LONGEST_INTRODUCTION:
        return False
    return line.endswith(":") or attributions.recognised(line)
