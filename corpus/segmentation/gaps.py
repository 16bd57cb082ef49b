"""The longer gap: more blank lines before a post than before a paragraph.

How many blank lines a paragraph has is a habit of the document, so it is taken from the document.
"""

from __future__ import annotations

from collections.abc import Iterable

#: Stands for the gap between the posts around a header: wider than any.
BELOW_HEADER = 1_000_000


def paragraph_gap(gaps: Iterable[int]) -> int:
    """Blank lines before a paragraph that goes on with its post, by the document's own habit.

    ``gaps`` are the blank lines between its lines, 0 for a mere line end. One blank line is the
    habit unless the document shows another: where every gap is two or more, paragraphs are not set
    off at all, and where a conversion doubled every line end (1, 3 and 5 blank lines, nothing
    between) the paragraphs have three.

    >>> paragraph_gap([1, 2, 1, 0, 3]), paragraph_gap([2, 2]), paragraph_gap([1, 3, 1, 5, 3])
    (1, 0, 3)
    """
    widths = set(gaps)
    if not widths & {0, 1}:
        return 0
    doubled = widths >= {1, 3, 5} and all(width % 2 for width in widths)
    return 3 if doubled else 1


def longer(gap: int, paragraph: int) -> bool:
    """Whether ``gap`` is wider than a paragraph's.

    >>> longer(2, 1), longer(1, 1), longer(2, 0)
    (True, False, True)
    """
    return gap > paragraph
