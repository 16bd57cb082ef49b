"""Posts that seem to quote themselves: where they must part after all.

Hardly anyone repeats a paragraph of the same post word for word. So a copy whose original stands
in the same post is evidence that a boundary between the two was missed, and weighs against what
the places between them look like.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from math import prod

from corpus.segmentation import signs
from corpus.segmentation.blocks import Blocks
from corpus.segmentation.copies import WORDS, Copy
from corpus.segmentation.document import Document

#: How much likelier a verbatim copy is of another post's words than of the same post's, as chosen
#: on a part of the training threads (3 to 15 differ little, from 30 on lists are cut).
LIKELIER = 4.0
#: Share of digits and signs above which it is a list, a log or program code, which repeats itself.
SIGNS = 0.12
#: Share of places added that were right, 18 of 31 in half of the training threads.
RIGHT = 0.58


def boundaries(
    blocks: Blocks,
    copies: Sequence[Copy],
    probabilities: Sequence[float],
    chosen: Sequence[tuple[int, float]],
) -> list[tuple[int, float]]:
    """The ``chosen`` blocks and probabilities with those added that were missed, in order.

    ``probabilities`` has one entry a block. Added is the likeliest place between an original and
    its copy, if it is likelier than not that a post begins at any of them.
    """
    opened = [0, *(at for at, _ in chosen)]
    found = list(chosen)
    for original, copy in _pairs(blocks, copies):
        at = bisect_right(opened, original)
        if at < len(opened) and opened[at] <= copy:
            continue
        between = range(original + 1, copy + 1)
        none = prod(1 - probabilities[place] for place in between)
        if LIKELIER * (1 - none) < none:
            continue
        best = max(between, key=probabilities.__getitem__)
        insort(opened, best)
        insort(found, (best, max(probabilities[best], RIGHT)))
    return found


def _pairs(blocks: Blocks, copies: Sequence[Copy]) -> Iterator[tuple[int, int]]:
    """The blocks of every telling original and of its copy."""
    if not copies:
        return
    lines = [some.start for some in blocks.lines]
    words = [some.start for some in blocks.words]
    for copy in copies:
        if copy.original is None or copy.original.share < 1.0:
            continue
        at = bisect_right(lines, copy.lines.start) - 1
        original = bisect_right(words, copy.original.words.start) - 1
        if 0 <= original < at and _telling(blocks.document, copy):
            yield original, at


def _telling(document: Document, copy: Copy) -> bool:
    if len(document.words_of(copy.lines)) < WORDS:
        return False
    return signs.share(document.joined(copy.lines).of(document.text)) <= SIGNS
