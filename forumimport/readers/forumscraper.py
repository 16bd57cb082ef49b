"""Threads as the scraper *forumscraper* writes them, for each of the forum engines it knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from forumimport.readers.base import BadRecord, Head
from forumimport.readers.records import Record
from forumimport.readers.stated import Stated, StatedThread, drafted
from forumimport.readers.threads_json import ThreadsJsonReader, digest, stated_list
from forumimport.readers.values import metadata

_VERSION = (
    r"(?P<engine>phpbb|vbulletin|xenforo|invision|smf|xmb|hackernews|stackexchange)[-+\d.]*-thread"
)
_HEAD = re.compile(rf'"format_version"\s*:\s*"{_VERSION}"'.encode())
#: Names of fields by engine version; a post has one of each.
_TEXTS = ("text", "content", "body")
_NAMES = ("id", "postid")


class ForumscraperReader(ThreadsJsonReader):
    id = "forumscraper"
    title = "Threads scraped by forumscraper"

    def sniff(self, head: Head) -> float:
        return 0.95 if _HEAD.search(head.start) else 0.0

    def thread(self, record: Record, values: dict[str, Any]) -> StatedThread:
        version = values.get("format_version")
        found = re.fullmatch(_VERSION, version) if isinstance(version, str) else None
        if not found:
            raise BadRecord(f"Its format_version is {str(version)[:60]!r}, which is no thread.")
        posts, problems = drafted(_posts(found["engine"], values))
        return StatedThread(
            posts,
            sha256=digest(record),
            locator=record.locator,
            title=values.get("title"),
            identifier=values.get("url") or values.get("id"),
            metadata=metadata(values, without=("title", "posts", "comments", "text")),
            problems=problems,
        )


def _posts(engine: str, values: dict[str, Any]) -> Iterator[Stated]:
    if engine == "hackernews":
        yield from _story(values)
        return
    posts = stated_list(values, "posts")
    if engine == "stackexchange":
        yield from _question(posts)
    else:
        yield from map(_post, posts)


def _post(post: dict[str, Any], *, reply_to: Any = None, prefix: str = "") -> Stated:
    name = _first(post, _NAMES)
    return Stated(
        text=_first(post, _TEXTS) or "",
        identifier=None if name is None else f"{prefix}{name}",
        author=_author(post),
        date=post.get("date"),
        reply_to=reply_to,
        html=True,
        signature=post.get("signature"),
    )


def _question(posts: list[dict[str, Any]]) -> Iterator[Stated]:
    """A question and its answers, each with the comments below it."""
    question = None
    for post in posts:
        yield _post(post, reply_to=question)
        yield from _remarks(post)
        question = question or _first(post, _NAMES)


def _story(values: dict[str, Any]) -> Iterator[Stated]:
    """A story and its comments, which come depth first with their level."""
    above: list[Any] = []
    if values.get("text"):
        yield _post(values)
        above = [values.get("id")]
    root = len(above)
    for comment in stated_list(values, "comments"):
        level = comment.get("lvl")
        depth = root + level if isinstance(level, int) and 0 <= level <= len(above) else root
        del above[depth:]
        yield _post(comment, reply_to=above[-1] if above else None)
        above.append(comment.get("id"))


def _remarks(post: dict[str, Any]) -> Iterator[Stated]:
    """The comments below a question or an answer; they are numbered apart from posts."""
    if isinstance(post.get("comments"), list):
        for comment in stated_list(post, "comments"):
            yield _post(comment, reply_to=_first(post, _NAMES), prefix="comment-")


def _author(post: dict[str, Any]) -> Any:
    author = post.get("user") or post.get("author")
    return author.get("name") if isinstance(author, dict) else author


def _first(values: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((values[name] for name in names if values.get(name) is not None), None)
