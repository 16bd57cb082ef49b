"""Threads that have just been stored, shown all at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forumimport import indexing
from forumimport.engines import engine
from forumimport.engines import rows as rows_in_bulk
from forumimport.engines.base import Discussion, PostContent
from forumimport.models import ProjectedPost, ProjectedTopic
from forumimport.projection.content import UNDATED_FROM
from forumimport.projection.forums import recount, writing


@dataclass(frozen=True, slots=True)
class NewThread:
    """A stored thread without a topic: its key, and of every utterance the key and the post."""

    key: int
    title: str
    held: bool
    utterances: Sequence[int]
    posts: Sequence[PostContent]


def show_new(threads: Sequence[NewThread], forum: int) -> None:
    """Give each thread its topic; the same rows as :func:`project` would write, in bulk."""
    if not threads:
        return
    with writing():
        made = engine().create_discussions(forum, [_discussion(thread) for thread in threads])
        keys = rows_in_bulk.reserve(ProjectedTopic, len(threads))
        rows_in_bulk.Table(ProjectedTopic, ["id", "thread_id", "topic_id", "held"]).insert(
            (key, thread.key, topic, thread.held)
            for key, thread, (topic, _posts) in zip(keys, threads, made, strict=True)
        )
        rows_in_bulk.Table(
            ProjectedPost, ["topic_id", "utterance_id", "post_id", "position"]
        ).insert(_projected(keys, threads, made))
        recount(forum)
        indexing.changed([post for _topic, posts in made for post in posts])


def _discussion(thread: NewThread) -> Discussion:
    time = thread.posts[0].time if thread.posts else UNDATED_FROM
    return Discussion(thread.title, time, not thread.held, thread.posts)


def _projected(
    keys: Sequence[int], threads: Sequence[NewThread], made: Sequence[tuple[int, list[int]]]
) -> Iterator[rows_in_bulk.Row]:
    for key, thread, (_topic, posts) in zip(keys, threads, made, strict=True):
        for position, (utterance, post) in enumerate(zip(thread.utterances, posts, strict=True), 1):
            yield key, utterance, post, position
