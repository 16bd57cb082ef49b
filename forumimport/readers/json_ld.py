"""Threads that a page states in JSON-LD, as schema.org's DiscussionForumPosting."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from forumimport.readers.stated import Stated

_THREAD = "DiscussionForumPosting"
#: Comments below comments that are looked at.
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class LinkedThread:
    posts: tuple[Stated, ...]
    title: str
    address: str


def thread(scripts: Iterable[str]) -> LinkedThread | None:
    """Return the first thread in a page's scripts, None if there is none."""
    for script in scripts:
        try:
            values = json.loads(script)
        except (ValueError, RecursionError):
            continue  # Of another kind, or broken: the page is judged by the others.
        for one in _objects(values):
            if _is(one, _THREAD):
                posts = tuple(_posts(one, None, 0))
                if any(isinstance(post.text, str) and post.text.strip() for post in posts):
                    title = _string(one.get("headline") or one.get("name"))
                    return LinkedThread(posts, title, _string(one.get("url") or one.get("@id")))
    return None


def _objects(values: Any) -> Iterator[dict[str, Any]]:
    for one in values if isinstance(values, list) else [values]:
        if isinstance(one, dict):
            yield one
            graph = one.get("@graph")
            yield from (
                (node for node in graph if isinstance(node, dict))
                if isinstance(graph, list)
                else ()
            )
            if isinstance(one.get("mainEntity"), dict):
                yield one["mainEntity"]


def _posts(post: dict[str, Any], above: str | None, depth: int) -> Iterator[Stated]:
    name = _string(post.get("url") or post.get("@id") or post.get("identifier")) or None
    text = post.get("text") or post.get("articleBody")
    if isinstance(text, str):
        yield Stated(
            text=text,
            identifier=name,
            author=_author(post.get("author")),
            date=_string(post.get("datePublished") or post.get("dateCreated")),
            reply_to=above,
            html="<" in text and ">" in text,
        )
    comments = post.get("comment")
    for comment in comments if isinstance(comments, list) else [comments]:
        if isinstance(comment, dict) and depth < _DEEPEST:
            # Comments of the thread itself are its posts, not said to answer the first.
            yield from _posts(comment, name if depth else None, depth + 1)


def _author(author: Any) -> str:
    found = author[0] if isinstance(author, list) and author else author
    return _string(found.get("name") if isinstance(found, dict) else found)


def _is(values: dict[str, Any], kind: str) -> bool:
    stated = values.get("@type")
    return kind in stated if isinstance(stated, list) else stated == kind


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
