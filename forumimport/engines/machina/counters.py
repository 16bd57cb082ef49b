"""Machina's own counters and its links to first and last posts."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from forumimport.engines.machina import tables


def refresh(topics: Iterable[int], forums: Iterable[int]) -> None:
    """Do what machina's ``update_trackers`` does, once per topic and forum.

    Of posts that are equally new in a forum, the one with the highest key is its last; machina
    names any of them until the forum is counted here again.
    """
    _refresh_topics(topics)
    _refresh_forums(forums)


def _refresh_topics(topics: Iterable[int]) -> None:
    posts = tables.post().objects.filter(topic=OuterRef("pk")).order_by("created")
    latest = posts.filter(approved=True).reverse()
    count = posts.filter(approved=True).order_by().values("topic").annotate(n=Count("pk"))
    for keys in tables.chunks(topics):
        tables.topic().objects.filter(pk__in=keys).update(
            posts_count=Coalesce(Subquery(count.values("n")), 0),
            first_post=Subquery(posts.values("pk")[:1]),
            last_post=Subquery(latest.values("pk")[:1]),
            last_post_on=Subquery(latest.values("created")[:1]),
        )


def _refresh_forums(forums: Iterable[int]) -> None:
    rows = tables.forum().objects
    newest = (
        tables.topic()
        .objects.filter(forum=OuterRef("pk"), approved=True)
        .order_by(F("last_post_on").desc(nulls_last=True), F("last_post").desc(nulls_last=True))
    )
    # Locked, so that of two imports at once the second counts what the first has added.
    for forum in rows.select_for_update().filter(pk__in=list(forums)).order_by("pk"):
        forum.update_trackers()
        rows.filter(pk=forum.pk).update(
            last_post=Subquery(newest.values("last_post")[:1]),
            last_post_on=Subquery(newest.values("last_post_on")[:1]),
        )


def shown(forum: int) -> tuple[int, int]:
    """Return how many topics and posts the forum's page says it has."""
    rows = tables.forum().objects.values_list("direct_topics_count", "direct_posts_count")
    topics, posts = rows.get(pk=forum)
    return topics, posts


def counted(forum: int) -> tuple[int, int]:
    """Return how many topics and posts the forum has for its readers."""
    topics = tables.topic().objects.filter(forum=forum, approved=True)
    posts = tables.post().objects.filter(topic__in=topics, approved=True)
    return topics.count(), posts.count()
