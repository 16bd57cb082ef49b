"""The passages of a text in which something was found, with what was found marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape

from django.utils.safestring import SafeString, mark_safe

from corpus.search.analysis import tokens

#: Where something was found: ``[start, end)`` in characters.
Place = tuple[int, int]

#: Characters shown before and after what was found, and passages of one text.
_BEFORE, _AFTER, _MOST = 60, 110, 3
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage; ``found`` if the query asked for it."""

    text: str
    found: bool = False


def pieces(text: str, found: Sequence[Place], *, length: int = 300) -> Iterator[Piece]:
    """Yield the passages around what was ``found`` (in order), or the beginning of the text.

    A text that is not longer than ``length`` is given whole.
    """
    shown = _passages(text, found, length)
    places = iter([*found, (len(text) + 1, len(text) + 1)])
    place = next(places)
    for start, end in shown:
        at = start
        if start:
            yield Piece("… " if start == shown[0][0] else " … ")
        while place[0] < end:
            if place[0] >= at:
                yield Piece(text[at : place[0]])
                yield Piece(text[place[0] : place[1]], found=True)
                at = place[1]
            place = next(places)
        if at < end:
            yield Piece(text[at:end])
    if shown and shown[-1][1] < len(text):
        yield Piece(" …")


def joined(places: Iterable[Place]) -> list[Place]:
    """Return places in order, those that overlap as one.

    >>> joined([(4, 9), (0, 3), (6, 12)])
    [(0, 3), (4, 12)]
    """
    found: list[Place] = []
    for start, end in sorted(places):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def marked(parts: Iterable[Piece]) -> SafeString:
    """Return pieces as safe HTML with what was found in ``<mark>``.

    >>> marked([Piece("a <b> "), Piece("cat", found=True)])
    'a &lt;b&gt; <mark>cat</mark>'
    """
    return mark_safe(  # noqa: S308 — each piece is escaped.
        "".join(
            f"<mark>{escape(part.text)}</mark>" if part.found else escape(part.text)
            for part in parts
        )
    )


def highlighted(stored: str, looked_for: Callable[[str], bool], *, escaped: bool) -> str:
    """Return the passages as haystack's highlighters do, with found words in ``<em>``.

    Text that is stored as HTML stays that; any other is given as it is.
    """
    shown = escape if escaped else str
    text = unescape(stored) if escaped else stored
    found = [(start, end) for word, start, end in tokens(text) if looked_for(word)]
    return "".join(
        f"<em>{shown(piece.text)}</em>" if piece.found else shown(piece.text)
        for piece in pieces(text, found)
    )


def _passages(text: str, found: Sequence[Place], length: int) -> list[Place]:
    """Return the stretches to show: in order, disjoint, none inside a word."""
    if len(text) <= length:
        return [(0, len(text))]
    if not found:
        return [(0, _word_end(text, length))]
    shown: list[Place] = []
    for start, end in found:
        if shown and end <= shown[-1][1]:
            continue
        begin = _word_start(text, max(0, start - _BEFORE))
        stop = _word_end(text, max(end, min(start + _AFTER, len(text))))
        if shown and begin <= shown[-1][1]:
            shown[-1] = (shown[-1][0], stop)
        elif len(shown) == _MOST:
            break
        else:
            shown.append((begin, stop))
        if sum(b - a for a, b in shown) > 2 * length:
            break
    if len(shown) == 1:  # One place: as much of its surroundings as there is room for.
        begin, stop = shown[0]
        shown = [(begin, max(stop, _word_end(text, min(begin + length, len(text)))))]
    return shown


def _word_start(text: str, at: int) -> int:
    """Return the next beginning of a word, so that no passage begins inside one."""
    if at == 0:
        return 0
    space = _SPACE.search(text, at, at + 40)
    return space.end() if space else at


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = _SPACE.search(text, at, at + 40)
    return space.start() if space else at
