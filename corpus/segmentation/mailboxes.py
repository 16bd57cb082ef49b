"""Names that stand with an electronic address: ``"Ada Reed" <ada@…>``, ``ada@… (Ada Reed)``."""

from __future__ import annotations

import re

#: Longest words that are looked at: those of mail programs stay well below.
LONGEST = 400
_ADDRESS = r"[^\s<>()\[\]@]{1,64}@[^\s<>()\[\]@]{1,250}"
_NAMED = re.compile(
    r"\s*+[\"“']?(?P<name>(?:[^\"“”<>@\w]|_)*+[^\W_][^\"“”<>@]*?)[\"”']?"
    rf"\s*[<\[(](?:mailto:)?{_ADDRESS}[>\])]\s*"
)
_COMMENTED = re.compile(rf"\s*<?{_ADDRESS}>?\s*\((?P<name>(?:[^()@\w]|_)*+[^\W_][^()@]*+)\)\s*")


def name(words: str) -> range:
    """Where the name stands in words that may be a name with an address; else all of them.

    >>> [part[name(part).start : name(part).stop] for part in
    ...  ('"B. Voss" <b@x.example>', "b@x.example (B. Voss)", "B. Voss", "b@x.example")]
    ['B. Voss', 'B. Voss', 'B. Voss', 'b@x.example']
    """
    if "@" in words and len(words) <= LONGEST:
        found = _NAMED.fullmatch(words) or _COMMENTED.fullmatch(words)
        if found:
            return range(*found.span("name"))
    return range(len(words))
