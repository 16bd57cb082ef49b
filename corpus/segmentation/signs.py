"""How much of a stretch is digits and punctuation: much of a log, a list or program code is."""

from __future__ import annotations

import string

_SIGNS = dict.fromkeys(map(ord, string.digits + string.punctuation))


def share(text: str) -> float:
    """The share of characters that are digits or signs of ASCII.

    >>> share("x=1;"), share("well")
    (0.75, 0.0)
    """
    return 1 - len(text.translate(_SIGNS)) / len(text)
