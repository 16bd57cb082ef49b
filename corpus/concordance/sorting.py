"""The order of lines: by the words at chosen places around the node."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus.concordance.lines import Context
from corpus.search.analysis import folded

#: Left 5 to right 5; L1 stands directly before the node.
POSITIONS = ("L5", "L4", "L3", "L2", "L1", "node", "R1", "R2", "R3", "R4", "R5")
#: Words kept of each context: as far as lines may be sorted by.
REACH = 5


def sort_key(positions: Sequence[str]) -> Callable[[Context], tuple[str, ...]]:
    """Return the key that sorts contexts by these positions, the first first.

    Words compare without accents, a missing word before any other.

    >>> sort_key(["R1", "L1"])(Context(("a",), ("frost",), ("Él",)))
    ('el', 'a')
    """
    return lambda context: tuple(_word(context, position) for position in positions)


def _word(context: Context, position: str) -> str:
    if position == "node":
        return folded(" ".join(context.node).lower())
    side = context.left if position[0] == "L" else context.right
    distance = int(position[1:])
    return folded(side[distance - 1].lower()) if distance <= len(side) else ""
