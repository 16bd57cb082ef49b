"""The posts of a topic, brought in line with what they should show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.db.models import F, QuerySet

from corpus.curation import Touched
from forumimport.engines import engine
from forumimport.engines import rows as rows_in_bulk
from forumimport.models import ProjectedPost, ProjectedTopic
from forumimport.projection.wanted import Shown, Wanted

#: Kinds of moves that are written by one statement for many rows, and rows that it may name.
_STEPS, _AT_ONCE = 5, 500


class _Standing(NamedTuple):
    """A post that shows an utterance of the thread now."""

    row: int
    post: int
    position: int


class _Move(NamedTuple):
    """A post that gets another number."""

    row: int
    before: int
    after: int


def bring_in_line(topic: ProjectedTopic, wanted: Wanted, touched: Touched) -> list[int]:
    """Make the topic's posts those wanted, and return the keys of those found otherwise now.

    Number and time are compared of every post; what it shows only where ``touched`` or a number
    may have made it another.
    """
    parted = touched.everything or touched.parted
    taken = _taken_over(topic) if parted else []
    standing, obsolete = _standing(topic, wanted)
    given = _given_away(topic) if parted else set[int]()
    engine().delete_posts(post for post in obsolete if post not in given)
    new = wanted.said.keys() - standing.keys()
    moved = {
        pk: _Move(one.row, one.position, wanted.position[pk])
        for pk, one in standing.items()
        if one.position != wanted.position[pk]
    }
    unlike = wanted.unlike(touched, {*moved, *new}) | new
    shown = list(wanted.posts(unlike))
    _renumber(moved.values())
    redated = _retime(topic, standing, wanted)
    found_otherwise = _update(standing, [one for one in shown if one.utterance not in new])
    created = _create(topic, wanted, [one for one in shown if one.utterance in new])
    return [*obsolete, *taken, *redated, *found_otherwise, *created]


def _taken_over(topic: ProjectedTopic) -> list[int]:
    """Take the posts that show the thread's utterances out of other topics, and return their keys.

    Where utterances come from another thread; that one's topic is projected as well.
    """
    rows = ProjectedPost.objects.filter(utterance__document__thread=topic.thread_id)
    return _move(rows.exclude(topic=topic), topic)


def _given_away(topic: ProjectedTopic) -> set[int]:
    """Leave posts to those other topics whose threads have their utterances now."""
    given = set[int]()
    rows = topic.posts.exclude(utterance__document__thread=topic.thread_id)
    homes = rows.values_list("utterance__document__thread", flat=True).distinct()
    for other in ProjectedTopic.objects.filter(thread__in=list(homes)).select_related("thread"):
        given.update(_move(rows.filter(utterance__document__thread=other.thread_id), other))
    return given


def _move(rows: QuerySet[ProjectedPost], topic: ProjectedTopic) -> list[int]:
    posts = list(rows.values_list("post", flat=True))
    if posts:
        engine().move_posts(posts, topic.topic_id, approved=not topic.held)
        engine().set_subject(posts, topic.thread.title)
        rows.update(topic=topic)
    return posts


def _standing(topic: ProjectedTopic, wanted: Wanted) -> tuple[dict[int, _Standing], list[int]]:
    """Return the topic's posts by utterance, and those whose utterance is none of the thread's."""
    standing, obsolete = dict[int, _Standing](), list[int]()
    for utterance, *row in topic.posts.values_list("utterance", "pk", "post", "position"):
        if utterance in wanted.said:
            standing[utterance] = _Standing(*row)
        else:
            obsolete.append(row[1])
    return standing, obsolete


def _renumber(moves: Iterable[_Move]) -> None:
    """Give posts their new numbers: by a few statements those that move by as much as others."""
    alike = dict[int, list[_Move]]()
    for move in moves:
        alike.setdefault(move.after - move.before, []).append(move)
    if len(alike) > _STEPS:
        rows = [(move.row, {"position": move.after}) for some in alike.values() for move in some]
        rows_in_bulk.update(ProjectedPost, rows)
        return
    for step, some in alike.items():
        for at in range(0, len(some), _AT_ONCE):
            keys = [move.row for move in some[at : at + _AT_ONCE]]
            ProjectedPost.objects.filter(pk__in=keys).update(position=F("position") + step)


def _retime(topic: ProjectedTopic, standing: dict[int, _Standing], wanted: Wanted) -> list[int]:
    """Give posts the times that order them, and return the keys of those found otherwise then.

    One date moves all undated posts around it, but those are found by no time.
    """
    now = engine().times(topic.topic_id)
    late = [(pk, one.post) for pk, one in standing.items() if now[one.post] != wanted.times[pk]]
    engine().set_times((post, wanted.times[pk]) for pk, post in late)
    return [post for pk, post in late if wanted.said[pk].date]


def _update(standing: dict[int, _Standing], shown: Sequence[Shown]) -> list[int]:
    """Let posts show what they should, and return the keys of those that are found otherwise."""
    now = engine().contents(standing[one.utterance].post for one in shown)
    pairs = [(standing[one.utterance].post, one.content) for one in shown]
    changes = [(post, content) for post, content in pairs if now[post] != content]
    engine().update_posts(changes)
    # A quotation's line "from post 12" is markup only: nothing is found by it.
    return [
        post
        for post, content in changes
        if replace(now[post], html="") != replace(content, html="")
    ]


def _create(topic: ProjectedTopic, wanted: Wanted, shown: Sequence[Shown]) -> list[int]:
    keys = engine().create_posts(
        topic.topic_id, [one.content for one in shown], approved=not topic.held
    )
    columns = ["topic_id", "utterance_id", "post_id", "position"]
    rows_in_bulk.Table(ProjectedPost, columns).insert(
        (topic.pk, one.utterance, key, wanted.position[one.utterance])
        for key, one in zip(keys, shown, strict=True)
    )
    return keys
