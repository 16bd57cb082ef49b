"""The passages of a text that a query found, with the found words marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from corpus.search.analysis import tokens, words
from corpus.search.whoosh_backend.stems import stem


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage; ``found`` if the query asked for it."""

    text: str
    found: bool


def pieces(text: str, query: str, *, length: int = 300) -> Iterator[Piece]:
    """Yield the ``length`` characters around the first word of ``query`` in ``text``.

    Words match by their stem, as in the index. Without a match the text's beginning is given.
    """
    stems = {stem(word) for word in words(query)}
    return around(text, lambda word: stem(word) in stems, length=length)


def around(text: str, looked_for: Callable[[str], bool], *, length: int = 300) -> Iterator[Piece]:
    """Yield the ``length`` characters around the first word that is ``looked_for``."""
    found = [(start, end) for word, start, end in tokens(text) if looked_for(word)]
    start = max(0, found[0][0] - length // 3) if found else 0
    start = _word_start(text, start)
    end = min(len(text), start + length)
    if start:
        yield Piece("…", found=False)
    at = start
    for first, last in found:
        if last > end:
            break
        yield Piece(text[at:first], found=False)
        yield Piece(text[first:last], found=True)
        at = last
    yield Piece(text[at:end] + ("…" if end < len(text) else ""), found=False)


def highlighted(stored: str, looked_for: Callable[[str], bool], *, escaped: bool) -> str:
    """Return the passage as haystack's highlighters do, with found words in ``<em>``.

    Text that is stored as HTML stays that; any other is given as it is.
    """
    shown = escape if escaped else str
    return "".join(
        f"<em>{shown(piece.text)}</em>" if piece.found else shown(piece.text)
        for piece in around(unescape(stored) if escaped else stored, looked_for)
    )


def marked(text: str, query: str, *, length: int = 300) -> SafeString:
    """Return the passage as safe HTML with the found words in ``<mark>``.

    >>> marked("a <b> cat", "cats")
    'a &lt;b&gt; <mark>cat</mark>'
    """
    return format_html_join(
        "",
        "{}",
        (
            (mark_safe(f"<mark>{escape(piece.text)}</mark>") if piece.found else piece.text,)  # noqa: S308
            for piece in pieces(text, query, length=length)
        ),
    )


def _word_start(text: str, at: int) -> int:
    """Return the next beginning of a word, so that no passage begins inside one."""
    if at == 0:
        return 0
    space = re.compile(r"\s").search(text, at, at + 40)
    return space.end() if space else at
