"""How much of a stretch is digits, punctuation or capitals, counted at C's speed.

Much of a log, a list or program code is digits and punctuation.
"""

from __future__ import annotations

import string

_SIGNS = dict.fromkeys(map(ord, string.digits + string.punctuation))
_CAPITALS = string.ascii_uppercase.encode()
_TECHNICAL = rb"0123456789{}=<>/\_"


def share(text: str) -> float:
    """The share of characters that are digits or signs of ASCII.

    >>> share("x=1;"), share("well")
    (0.75, 0.0)
    """
    return 1 - len(text.translate(_SIGNS)) / len(text)


def capitals_in(text: str) -> int:
    """How many characters are capitals, of whichever script.

    >>> capitals_in("The BBC"), capitals_in("Það")
    (4, 1)
    """
    if not text.isascii():
        return sum(map(str.isupper, text))
    return len(text) - len(text.encode().translate(None, _CAPITALS))


def technical_in(text: str) -> int:
    """How many characters are digits or signs that program code and addresses are full of.

    >>> technical_in("x = {1}"), technical_in("So?")
    (4, 0)
    """
    stored = text.encode(errors="surrogatepass")
    return len(stored) - len(stored.translate(None, _TECHNICAL))
