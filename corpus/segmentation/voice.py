"""How a writer writes, whatever about: habits of signs and capitals, as bits.

Two stretches of one writer share more of them than two of different writers.
"""

from __future__ import annotations

#: What shows each habit, in the order of the bits; looked for as they stand, which costs little.
_HABITS = (
    ".  ", "’", "'", "“", '"', " i ", " I ", "..", "...", "....", "…", "!!", "??", ":-", ":)", ";)",
    " ,", " .", " !", " ?", " - ", " – ", "(", "&", " u ", "/", "%", "*", ": ", "; ", "  ",
)  # fmt: skip
_UNENDED, _SMALL, _CAPITAL = (1 << len(_HABITS) + bit for bit in range(3))
BITS = len(_HABITS) + 3
#: Characters of a stretch that are looked at.
LONGEST = 600


def of(text: str) -> int:
    """The habits that ``text`` shows.

    >>> of("so i know..") == of("So I know.")
    False
    >>> of("I know...") == of("So we know...")
    True
    """
    seen = text[:LONGEST]
    found = 0
    for bit, sign in enumerate(_HABITS):
        if sign in seen:
            found |= 1 << bit
    if text[-1:].isalnum():
        found |= _UNENDED
    if text[:1].islower():
        found |= _SMALL
    return found | _CAPITAL if text[:1].isupper() else found
