"""What can be counted at a place between two blocks, so many numbers a place.

``NAMES`` tells which, in the order in which the model learned them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.segmentation.contents import KINDS, LAST_KINDS
from corpus.segmentation.gathering import Column, Gathered
from corpus.segmentation.places import NONE, ROW, Places

#: Kinds of words that are looked at where the block below begins.
_NEXT_KINDS = 6
#: Places that are looked at together.
PART = 500

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
    *(f"above_closes_{kind}" for kind in LAST_KINDS),
    *(f"next_opens_{kind}" for kind in KINDS[:_NEXT_KINDS]),
)

Columns = NDArray[np.float64]

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
#: What is read of the blocks around a place, by how far they are from the one below it.
_TABLES = {"two above": -2, "above": -1, "below": 0, "next": 1}


def _sources() -> Iterator[tuple[str, str]]:
    """For each of ``NAMES`` the table that it is in, and its row there."""
    yield from (("page", name) for name in PAGE_NAMES)
    yield from (_BESIDE.get(name, ("alone", name)) for name in PLACE_NAMES)
    yield from (("below", name) for name in BLOCK_NAMES)
    yield from (("above", name) for name in BLOCK_NAMES)
    yield from (("next", name) for name in BLOCK_NAMES[:5])
    yield from (("below", f"opens_{kind}") for kind in KINDS)
    yield from (("above", f"opens_{kind}") for kind in KINDS)
    yield from (("above", f"closes_{kind}") for kind in LAST_KINDS)
    yield from (("next", f"opens_{kind}") for kind in KINDS[:_NEXT_KINDS])


def _chosen(table: str) -> tuple[list[int], list[str]]:
    """Which of ``NAMES`` are in a table, and their rows there."""
    chosen = [(n, row) for n, (name, row) in enumerate(_sources()) if name == table]
    return [n for n, _ in chosen], [row for _, row in chosen]


def _blocks_chosen(table: str) -> tuple[list[int], Column]:
    columns, rows = _chosen(table)
    return columns, np.array([[ROW[row]] for row in rows])


_PAGE, _ALONE = _chosen("page"), _chosen("alone")
_AROUND = {step: _blocks_chosen(table) for table, step in _TABLES.items()}
_MORE, _APART = _blocks_chosen("more"), _blocks_chosen("apart")


def columns(gathered: Gathered) -> Iterator[Columns]:
    """A row for each of ``NAMES``, a column for every block but the first of each document: does a
    post start with it? At most ``PART`` at a time: those of a long document would take up a
    thousand bytes a place."""
    tables = _Tables.of(gathered)
    at, documents = gathered.edges.places, gathered.edges.documents[gathered.edges.places]
    for first in range(0, len(at), PART):
        part = slice(first, first + PART)
        yield tables.columns(at[part], documents[part], part)


@dataclass(frozen=True, slots=True)
class _Tables:
    """What is known of all blocks, padded, of every document, and of all places."""

    shown: Column
    page: Column
    alone: Column

    @classmethod
    def of(cls, gathered: Gathered) -> _Tables:
        places = Places.of(gathered)
        page = places.page()
        alone = places.alone(page["size"])
        return cls(
            shown=_padded(gathered, places.shown),
            page=np.array([page[name] for name in _PAGE[1]]),
            alone=np.array([alone[name] for name in _ALONE[1]], dtype=np.float64),
        )

    def columns(self, blocks: Column, documents: Column, part: slice) -> Columns:
        """Those of the places above the ``blocks``, which are of these ``documents``."""
        found = np.empty((len(NAMES), len(blocks)))
        found[_PAGE[0]] = self.page[:, documents]
        found[_ALONE[0]] = self.alone[:, part]
        # In front of every document one column is padded, and one behind it.
        below = blocks + 1 + 2 * documents
        for step, (names, rows) in _AROUND.items():
            found[names] = self.shown[rows, below + step]
        for (names, rows), made in ((_MORE, np.positive), (_APART, np.abs)):
            found[names] = made(self.shown[rows, below] - self.shown[rows, below - 1])
        return found


def _padded(gathered: Gathered, table: Column) -> Column:
    """The table with a column before and behind each document, for what its edges have not."""
    found = np.full((len(table), len(gathered) + 2 * len(gathered.documents)), NONE)
    found[:, np.arange(len(gathered)) + 1 + 2 * gathered.edges.documents] = table
    return found
