"""Threads whose structure is known: what training learns from and evaluation compares with.

The format is one JSON object a line: ``id``, ``source``, ``dialect``, ``text`` and ``truth`` with
``posts``, each with ``start``, ``body_start``, ``end`` and where known ``author``, ``date`` and
``quotes`` (``start``, ``end``, ``source_post``, ``match``).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.spans import Span


@dataclass(frozen=True, slots=True)
class KnownQuotation:
    """``source`` is the number of the quoted post; ``found`` tells whether its words occur."""

    span: Span
    source: int | None
    occurs: bool
    head: Span | None = None


@dataclass(frozen=True, slots=True)
class KnownPost:
    """``start`` is where its header begins, or its words if it has none."""

    start: int
    body: Span
    author: str | None = None
    date: str | None = None
    quotations: tuple[KnownQuotation, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownThread:
    """A text with all its posts, in order."""

    text: str
    posts: tuple[KnownPost, ...]
    name: str = ""
    source: str = ""
    dialect: str = ""
    title: Span | None = field(default=None)


def read(path: Path) -> Iterator[KnownThread]:
    """The threads of a file of JSON lines, packed with gzip or not."""
    unpack = gzip.open if path.suffix == ".gz" else open
    with unpack(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield from_json(json.loads(line))


def from_json(found: Mapping[str, Any]) -> KnownThread:
    """One thread of the format above.

    >>> truth = {"posts": [{"start": 3, "end": 7}]}
    >>> from_json({"text": "T\\n\\nWhy?", "truth": truth}).posts[0].body
    Span(start=3, end=7)
    """
    truth = found["truth"]
    title = truth.get("title_span")
    return KnownThread(
        text=found["text"],
        posts=tuple(map(_post, truth["posts"])),
        name=str(found.get("id", "")),
        source=str(found.get("source", "")),
        dialect=str(found.get("dialect", "")),
        title=Span(*title) if title and title[0] < title[1] else None,
    )


def _post(found: Mapping[str, Any]) -> KnownPost:
    return KnownPost(
        start=found["start"],
        body=Span(found.get("body_start", found["start"]), found["end"]),
        author=found.get("author"),
        date=found.get("date"),
        quotations=tuple(
            KnownQuotation(
                span=Span(quote["start"], quote["end"]),
                source=quote.get("source_post"),
                occurs=quote.get("match") != "none",
                head=Span(*quote["head"]) if quote.get("head") else None,
            )
            for quote in found.get("quotes", ())
        ),
    )
