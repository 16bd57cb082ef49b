"""The passages of a text that a query found, with the found words marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from corpus.search.analysis import WORD, stem

_WORD = re.compile(WORD)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage; ``found`` if the query asked for it."""

    text: str
    found: bool


def pieces(text: str, query: str, *, length: int = 300) -> Iterator[Piece]:
    """Yield the ``length`` characters around the first word of ``query`` in ``text``.

    Words match by their stem, as in the index. Without a match the text's beginning is given.
    """
    stems = {stem(word.lower()) for word in _WORD.findall(query)}
    found = [match for match in _WORD.finditer(text) if stem(match.group().lower()) in stems]
    start = max(0, found[0].start() - length // 3) if found else 0
    start = _word_start(text, start)
    end = min(len(text), start + length)
    if start:
        yield Piece("…", found=False)
    at = start
    for match in found:
        if match.end() > end:
            break
        yield Piece(text[at : match.start()], found=False)
        yield Piece(match.group(), found=True)
        at = match.end()
    yield Piece(text[at:end] + ("…" if end < len(text) else ""), found=False)


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
