"""What can be counted at a place between two blocks, one row of numbers a place.

``NAMES`` gives the columns, in the order in which the model learned them. Nothing here knows a
language except through ``blocks.KINDS``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.segmentation.blocks import KINDS, Block
from corpus.segmentation.document import Document
from corpus.segmentation.places import NONE, ROW, Column, Places

#: Kinds of words that are looked at where a block ends: thank, close, laugh.
_LAST_BITS = (2, 4, 5)
#: Kinds of words that are looked at where the block below begins.
_NEXT_KINDS = 6
#: Places that are looked at together.
PART = 2_000

BLOCK_NAMES = (
    "chars", "words", "lines", "end", "start", "sentences", "sentence", "questions", "shouts",
    "dots", "links", "digits", "bullet", "you", "me", "copied", "repeated", "signed",
    "commas", "capitals", "word_length", "quotes",
)  # fmt: skip
PAGE_NAMES = (
    "blocks", "long", "marked", "copies", "size", "typical", "lower", "open", "short", "wrapped",
    "run", "onsets", "hidden", "questions", "signed",
)  # fmt: skip
PLACE_NAMES = (
    "long", "gap", "index", "left", "since_long", "until_long", "stretch", "like_above",
    "like_two_above", "like_below", "like_recent", "like_first", "above_below",
    "depth", "above_deep", "introduces",
    "above_introduces", "attribution", "copy_first", "above_copy_last", "source_back",
    "source_in_stretch", "source_step", "since_copy", "until_copy", "copies_in_stretch",
    "quoted_first", "above_quoted_last", "quoted_inner", "quoted_whole", "above_quoted_whole",
    "since_short", "chars_in_stretch", "size", "above_size", "case_change", "end_change",
    "you_change", "me_change", "digit_change", "comma_change", "capital_change", "length_change",
    "next_copied", "two_above_copied", "two_above_chars", "next_attribution", "next_gap",
    "voice_shared", "voice_differs", "voice_rare", "next_voice_differs", "voice_two_above_differs",
    "voice_two_above_shared",
    "above_signed", "below_signed", "above_name_alone", "addresses", "addresses_above",
    "above_named", "next_depth", "below_first_line", "below_last_line", "above_first_line",
    "above_last_line",
)  # fmt: skip
NAMES = (
    *(f"page_{name}" for name in PAGE_NAMES),
    *PLACE_NAMES,
    *(f"below_{name}" for name in BLOCK_NAMES),
    *(f"above_{name}" for name in BLOCK_NAMES),
    *(f"next_{name}" for name in BLOCK_NAMES[:5]),
    *(f"opens_{kind}" for kind in KINDS),
    *(f"above_opens_{kind}" for kind in KINDS),
    *(f"above_closes_{KINDS[bit]}" for bit in _LAST_BITS),
    *(f"next_opens_{kind}" for kind in KINDS[:_NEXT_KINDS]),
)

Rows = NDArray[np.float64]

#: What of ``PLACE_NAMES`` is said of one block next to the place, or is how much more of it the
#: block below has than the one above, or how far apart they are. The others are counted alone.
_BESIDE = {
    "gap": ("below", "gap"),
    "next_gap": ("next", "gap"),
    "depth": ("below", "depth"),
    "above_deep": ("above", "ends_deep"),
    "next_depth": ("next", "depth"),
    "introduces": ("below", "introduces"),
    "above_introduces": ("above", "introduces"),
    "attribution": ("below", "attribution"),
    "next_attribution": ("next", "attribution"),
    "copy_first": ("below", "copy_first"),
    "above_copy_last": ("above", "copy_last"),
    "next_copied": ("next", "copied"),
    "two_above_copied": ("two above", "copied"),
    "quoted_first": ("below", "quoted_first"),
    "quoted_inner": ("below", "quoted_inner"),
    "above_quoted_last": ("above", "quoted_last"),
    "quoted_whole": ("below", "quoted_whole"),
    "above_quoted_whole": ("above", "quoted_whole"),
    "two_above_chars": ("two above", "chars"),
    "below_first_line": ("below", "first_line"),
    "below_last_line": ("below", "last_line"),
    "above_first_line": ("above", "first_line"),
    "above_last_line": ("above", "last_line"),
    "case_change": ("more", "lower"),
    "you_change": ("more", "you"),
    "me_change": ("more", "me"),
    "digit_change": ("more", "digits"),
    "comma_change": ("apart", "commas"),
    "capital_change": ("apart", "capitals"),
    "length_change": ("apart", "word_length"),
}
_ALONE = tuple(name for name in PLACE_NAMES if name not in _BESIDE)

#: The tables that are made, one after the other, with the names of their rows.
_TABLES: dict[str, Iterable[str]] = {
    **dict.fromkeys(("below", "above", "next", "two above", "more", "apart"), ROW),
    **dict.fromkeys(("below opens", "above opens", "next opens", "above closes"), KINDS),
    "page": PAGE_NAMES,
    "alone": _ALONE,
}
_made = {
    place: n for n, place in enumerate((t, row) for t, rows in _TABLES.items() for row in rows)
}
#: Where each of ``NAMES`` is among their rows.
_ORDER = [
    _made[place]
    for place in (
        *(("page", name) for name in PAGE_NAMES),
        *(_BESIDE.get(name, ("alone", name)) for name in PLACE_NAMES),
        *(("below", name) for name in BLOCK_NAMES),
        *(("above", name) for name in BLOCK_NAMES),
        *(("next", name) for name in BLOCK_NAMES[:5]),
        *(("below opens", kind) for kind in KINDS),
        *(("above opens", kind) for kind in KINDS),
        *(("above closes", KINDS[bit]) for bit in _LAST_BITS),
        *(("next opens", kind) for kind in KINDS[:_NEXT_KINDS]),
    )
]


def rows(document: Document, blocks: Sequence[Block]) -> Iterator[Rows]:
    """One row for every block but the first: does a post start with it? At most ``PART`` at a time:
    those of a long document would take up a thousand bytes a place."""
    if len(blocks) < 2:
        return
    places = Places.of(document, blocks)
    page = places.page()
    alone = places.alone(page["size"])
    tables = _Tables(
        shown=_padded(places.shown),
        opens=_padded(_flags([block.opening for block in blocks])),
        closes=_padded(_flags([block.closing for block in blocks])),
        page=np.array([[page[name]] for name in PAGE_NAMES]),
        alone=np.array([alone[name] for name in _ALONE], dtype=np.float64),
    )
    for first in range(0, len(blocks) - 1, PART):
        yield tables.rows(first, min(first + PART, len(blocks) - 1))


@dataclass(frozen=True, slots=True)
class _Tables:
    """What is known of all blocks, padded, and of all places, a column each."""

    shown: Column
    opens: Column
    closes: Column
    page: Column
    alone: Column

    def rows(self, first: int, stop: int) -> Rows:
        """The rows of these places: each stands between the block of its number and the next."""
        # Padded, column n is the block two above place n; three more are around the last place.
        two_above, above, below, following = _around(self.shown[:, first : stop + 3])
        _, opens_above, opens_below, opens_next = _around(self.opens[:, first : stop + 3])
        more = below - above
        made = {
            "below": below,
            "above": above,
            "next": following,
            "two above": two_above,
            "more": more,
            "apart": np.abs(more),
            "below opens": opens_below,
            "above opens": opens_above,
            "next opens": opens_next,
            "above closes": _around(self.closes[:, first : stop + 3])[1],
            "page": np.broadcast_to(self.page, (len(self.page), stop - first)),
            "alone": self.alone[:, first:stop],
        }
        found: Rows = np.concatenate([made[name] for name in _TABLES])[_ORDER].T
        return found


def _padded(table: Column) -> Column:
    """The table with a column before and behind it, for what edges of the document have not."""
    found = np.full((len(table), table.shape[1] + 2), NONE)
    found[:, 1:-1] = table
    return found


def _around(table: Column) -> tuple[Column, Column, Column, Column]:
    """At every place what is said of the two blocks above and the two below."""
    return table[:, :-3], table[:, 1:-2], table[:, 2:-1], table[:, 3:]


def _flags(kinds: Sequence[int]) -> Column:
    """For each kind of words whether it is among a block's, which are given as bits."""
    flags: Column = np.array(kinds) >> np.arange(len(KINDS))[:, None] & 1
    return flags
