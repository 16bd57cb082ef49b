"""Numbers as requests state them."""

from __future__ import annotations

from typing import Any

#: What a database holds as a key has fewer digits; Python refuses to read some thousands of them.
_DIGITS = 19


def number(written: Any, otherwise: int = -1) -> int:
    """Return the whole number that is written; ``otherwise`` if it is none, or one too long.

    Whoever asks gets a number for whatever a browser sends, so that no address ends in an error.
    """
    text = "" if written is None else str(written)
    return int(text) if text.isdecimal() and len(text) < _DIGITS else otherwise
