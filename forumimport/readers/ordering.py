"""The order of posts that lie scattered: none may come before what it answers. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from forumimport.drafts import PostDraft
from forumimport.readers.base import Unreadable

ORDERS = TIME, DEPTH_FIRST, SOURCE = "time", "depth-first", "source"


def ordered(posts: Sequence[PostDraft], order: str | None, *, usual: str = TIME) -> list[PostDraft]:
    """Return posts in the order asked for: ``time``, ``depth-first``, or as in the ``source``.

    Raises:
        Unreadable: there is no such order.
    """
    chosen = order or usual
    if chosen == TIME:
        return by_time(posts)
    if chosen == DEPTH_FIRST:
        return depth_first(posts)
    if chosen == SOURCE:
        return list(posts)
    raise Unreadable(f"There is no order {chosen!r}; name time, depth-first or source.")


def by_time(posts: Sequence[PostDraft]) -> list[PostDraft]:
    """Sort posts by date, if all are dated; but every post behind the one that it answers.

    A circle of answers is broken at its first post. A name borne by several means the first by
    time.
    """
    dated = list(posts)
    if all(post.date for post in posts):
        dated.sort(key=lambda post: (post.date is None, post.date))
    places = _places(dated)
    result: list[PostDraft] = []
    done: set[int] = set()
    for number in range(len(dated)):
        waiting: list[int] = []
        at: int | None = number
        # Up to what is there already; a circle comes back to what waits.
        while at is not None and at not in done:
            done.add(at)
            waiting.append(at)
            at = places.get(dated[at].reply_to)
        result.extend(dated[place] for place in reversed(waiting))
    return result


def depth_first(posts: Sequence[PostDraft]) -> list[PostDraft]:
    """Sort posts so that all answers to a post, by time, directly follow it."""
    dated = by_time(posts)
    places = _places(dated)
    answers: dict[int | None, list[int]] = {}
    for number, post in enumerate(dated):
        answered = places.get(post.reply_to)
        # By time every post is behind what it answers, except where a circle was broken.
        known = answered is not None and answered < number
        answers.setdefault(answered if known else None, []).append(number)
    result: list[PostDraft] = []
    waiting = answers.get(None, [])[::-1]
    while waiting:
        number = waiting.pop()
        result.append(dated[number])
        waiting.extend(reversed(answers.get(number, ())))
    return result


def _places(posts: Sequence[PostDraft]) -> dict[str, int]:
    """Where each named post stands; of several with one name the first."""
    places: dict[str, int] = {}
    for number, post in enumerate(posts):
        if post.identifier:
            places.setdefault(post.identifier, number)
    return places
