"""Where machina shows forums, topics and posts."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from forumimport.engines.machina import tables


def of_forum(forum: int) -> str:
    slug = tables.forum().objects.values_list("slug", flat=True).get(pk=forum)
    return reverse("forum:forum", kwargs={"slug": slug, "pk": forum})


def of_topic(topic: int) -> str:
    slug, forum, forum_slug = (
        tables.topic().objects.values_list("slug", "forum", "forum__slug").get(pk=topic)
    )
    return _topic(forum_slug, forum, slug, topic)


def of_posts(posts: Iterable[int]) -> dict[int, str]:
    """Return the addresses of those of the posts that exist."""
    return {
        post: f"{_topic(*topic)}?post={post}#{post}"
        for keys in tables.chunks(posts)
        for post, *topic in tables.post()
        .objects.filter(pk__in=keys)
        .values_list("pk", "topic__forum__slug", "topic__forum", "topic__slug", "topic")
    }


def answered() -> list[str]:
    """Return an address of each page of ours that stands before one of machina's."""
    return [
        reverse("forum:index"),
        reverse("forum:forum", args=["any", 1]),
        _topic("any", 1, "any", 1),
        reverse("forum_conversation:post_create", args=["any", 1, "any", 1]),
        reverse("forum_search:search"),
        reverse("forum_feeds:latest_topics"),
        reverse("forum_feeds:forum_latest_topics", args=["any", 1]),
        reverse("forum_feeds:forum_latest_topics_with_descendants", args=["any", 1]),
        reverse("forum_member:user_subscriptions"),
        reverse("forum_moderation:queue"),
        reverse("forum_moderation:queued_post", args=[1]),
        reverse("forum_tracking:unread_topics"),
    ]


def _topic(forum_slug: str, forum: int, slug: str, topic: int) -> str:
    return reverse(
        "forum_conversation:topic",
        kwargs={"forum_slug": forum_slug, "forum_pk": forum, "slug": slug, "pk": topic},
    )
