"""Topics as Discourse gives them at /t/ID.json: posts in HTML under ``post_stream``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from forumimport.drafts import QuotationDraft, Unread
from forumimport.readers.base import BadRecord, Head
from forumimport.readers.records import Record
from forumimport.readers.stated import Stated, StatedThread, drafted, together
from forumimport.readers.threads_json import ThreadsJsonReader, digest, stated_list
from forumimport.readers.values import label, metadata

_SMALL_ACTION = 3
_GONE = "It is deleted in the forum; what stands there now is kept."


class DiscourseReader(ThreadsJsonReader):
    id = "discourse"
    title = "Discourse topics in JSON"

    def sniff(self, head: Head) -> float:
        told = b'"post_stream"' in head.start or (
            b'"cooked"' in head.start and b'"post_number"' in head.start
        )
        return 0.95 if told and head.start.lstrip()[:1] in (b"{", b"[") else 0.0

    def thread(self, record: Record, values: dict[str, Any]) -> StatedThread:
        stream = values.get("post_stream")
        if not isinstance(stream, dict):
            raise BadRecord("It has no “post_stream”, so it is no Discourse topic.")
        number = label(values.get("id"), "id")
        stated = stated_list(stream, "posts")
        posts, problems = drafted(_posts(stated))
        return StatedThread(
            [replace(post, quotations=of_topic(post.quotations, number)) for post in posts],
            sha256=digest(record),
            locator=record.locator,
            title=values.get("title"),
            identifier=f"/t/{number}" if number else None,
            metadata=metadata(values, without=("title", "post_stream", "suggested_topics")),
            problems=[
                *problems,
                *together(_deleted(stated), _GONE),
                *_absent(stream, stated),
            ],
        )


def of_topic(quotations: Iterable[QuotationDraft], topic: str) -> tuple[QuotationDraft, ...]:
    """Return quotations that name posts of the topic by their number, and no others."""
    return tuple(replace(quotation, of=_within(quotation.of, topic)) for quotation in quotations)


def _within(quoted: str, topic: str) -> str:
    where, slash, number = quoted.partition("/")
    return (number if where == topic else "") if slash else quoted


def _posts(stated: list[dict[str, Any]]) -> Iterator[Stated]:
    for post in stated:
        if post.get("post_type") == _SMALL_ACTION and not post.get("cooked"):
            continue  # "closed this topic": an event, without words.
        raw = post.get("cooked") is None
        yield Stated(
            text=post.get("raw") if raw else post["cooked"],
            identifier=post.get("post_number"),
            author=post.get("username"),
            date=post.get("created_at"),
            reply_to=post.get("reply_to_post_number"),
            html=not raw,
        )


def _deleted(stated: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The posts that their writers or moderators deleted: what is left is the forum's own note."""
    return [
        (f"post {number}", "")
        for number, post in enumerate(stated, 1)
        if post.get("user_deleted") is True or post.get("deleted_at")
    ]


def _absent(stream: dict[str, Any], posts: list[dict[str, Any]]) -> Iterator[Unread]:
    every = stream.get("stream")
    if isinstance(every, list) and len(every) > len(posts):
        yield Unread(
            "",
            f"The file holds {len(posts):,} of the topic's {len(every):,} posts; fetch the others "
            "from /t/ID/posts.json.",
            lost=False,
        )
