"""Topics and posts as machina's columns keep them: what is too long is cut, visibly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.text import slugify

from forumimport.engines import rows
from forumimport.engines.base import Discussion, PostContent
from forumimport.engines.machina import tables

#: Lengths of machina's columns.
_SUBJECT, _POSTER, _KEY, _FORUM = 255, 155, 100, 100
#: The columns of new topics and posts, in the order in which they are written.
TOPIC = (
    *("id", "forum_id", "subject", "slug", "type", "status", "approved", "posts_count"),
    *("last_post_on", "first_post_id", "last_post_id", "created", "updated"),
)
POST = (
    *("id", "topic_id", "approved", "subject", "content", "_content_rendered"),
    *("username", "anonymous_key", "created", "updated"),
)


def forum_name(name: str) -> str:
    return _cut(name, _FORUM)


def subject(written: str) -> str:
    return _cut(written, _SUBJECT)


def titled(written: str) -> dict[str, str]:
    """Return the columns of a topic that its subject fills."""
    return {
        "subject": subject(written),
        "slug": slugify(written, allow_unicode=True)[:_SUBJECT] or "topic",
    }


def fitted(post: PostContent) -> PostContent:
    if (
        len(post.subject) <= _SUBJECT
        and len(post.poster) <= _POSTER
        and len(post.poster_key) <= _KEY
    ):
        return post
    return replace(
        post,
        subject=_cut(post.subject, _SUBJECT),
        poster=_cut(post.poster, _POSTER),
        poster_key=_cut(post.poster_key, _KEY),
    )


def of_post(post: PostContent) -> dict[str, Any]:
    """Return the columns that show a post."""
    post = fitted(post)
    return {
        "subject": post.subject,
        "content": post.words,
        "_content_rendered": post.html,
        "username": post.poster,
        "anonymous_key": post.poster_key,
        **of_time(post.time),
    }


def of_time(time: datetime) -> dict[str, Any]:
    """Return the columns that order a post."""
    return {"created": time, "updated": time}


def topic_row(topic: int, forum: int, one: Discussion, posts: Sequence[int]) -> rows.Row:
    """Return the row of a new topic: in it what the refreshed counters would say."""
    model = tables.topic()
    last = posts[-1] if posts and one.approved else None
    return (
        topic,
        forum,
        *titled(one.subject).values(),
        model.TOPIC_POST,
        model.TOPIC_UNLOCKED,
        one.approved,
        len(posts) if one.approved else 0,
        one.posts[-1].time if last else None,
        posts[0] if posts else None,
        last,
        one.time,
        one.time,
    )


def post_row(key: int, topic: int, one: Discussion, post: PostContent) -> rows.Row:
    post = fitted(post)
    return (
        *(key, topic, one.approved, post.subject, post.words, post.html),
        *(post.poster, post.poster_key, post.time, post.time),
    )


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
