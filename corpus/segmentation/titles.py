"""The title line: the first line of a thread's text, set off from what follows."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.segmentation.lines import Line
from corpus.spans import Span

#: The longest title of the training threads has 155 characters.
LONGEST = 300


def find(lines: Sequence[Line]) -> Span | None:
    """The first line if a blank line sets it off, or if it is all there is.

    A first line that runs straight on into a second is taken for words of the first post: every
    training thread has a blank line after its title, and a text without a title is no error.
    """
    if not lines or len(lines[0].span) > LONGEST:
        return None
    if len(lines) > 1 and lines[1].blanks == 0:
        return None
    return lines[0].span


def folded(title: str) -> str:
    """On one line, single spaces.

    >>> folded("On \\t moles")
    'On moles'
    """
    return " ".join(title.split())
