"""Where an annotation from a file belongs in a text; pure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.spans import Span

MASK = "\N{FULL BLOCK}"
#: Characters of context that are compared.
_CONTEXT = 32


@dataclass(frozen=True, slots=True)
class Anchor:
    """An annotation as a file tells it; ``number`` is its line or place there.

    The code is told by ``identity`` or else by its path or name. ``guid`` may be unknown.
    """

    number: int
    source: str
    start: int
    end: int
    exact: str
    prefix: str = ""
    suffix: str = ""
    code: str = ""
    identity: uuid.UUID | None = None
    scope: str = "span"
    note: str = ""
    unsure: bool = False
    guid: uuid.UUID | None = None


def anchored(anchor: Anchor, text: str) -> Span | None:
    """Return where the anchor's words stand: where it says, or else nearest to it where they do.

    Masked characters, on either side, match any one. None if the words stand nowhere, or at
    several places that their context does not tell apart.

    >>> anchored(Anchor(1, "", 0, 3, "Ada"), "Call Ada.")
    Span(start=5, end=8)
    """
    if 0 <= anchor.start < anchor.end <= len(text):
        span = Span(anchor.start, anchor.end)
        if not anchor.exact or _alike(span.of(text), anchor.exact):
            return span
    if not anchor.exact:
        return None
    places = list(_places(anchor.exact, text))
    scored = sorted((-_context(anchor, span, text), span) for span in places)
    if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        return None
    return scored[0][1]


def _places(exact: str, text: str) -> Iterator[Span]:
    pattern = "".join("." if sign == MASK else f"[{re.escape(sign)}{MASK}]" for sign in exact)
    # Looked for ahead, so that places may overlap.
    for found in re.finditer(f"(?={pattern})", text, re.DOTALL):
        yield Span(found.start(), found.start() + len(exact))


def _context(anchor: Anchor, span: Span, text: str) -> int:
    """Return how many characters around a place are those around the anchor."""
    before = text[max(0, span.start - _CONTEXT) : span.start]
    after = text[span.end : span.end + _CONTEXT]
    return _common(before[::-1], anchor.prefix[::-1]) + _common(after, anchor.suffix)


def _common(one: str, other: str) -> int:
    count = 0
    for first, second in zip(one, other, strict=False):
        if not _alike(first, second):
            break
        count += 1
    return count


def _alike(one: str, other: str) -> bool:
    return len(one) == len(other) and all(
        first == second or MASK in (first, second) for first, second in zip(one, other, strict=True)
    )
