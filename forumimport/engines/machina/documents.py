"""Posts as search documents: what the index and machina's search page ask of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.html import strip_tags

from corpus.rendering import lines_folded
from forumimport.engines.machina import tables

#: What the search page prints, by where it stands.
_DOCUMENT = {
    "poster_id": "poster",
    "topic__forum_id": "forum",
    "topic__forum__slug": "forum_slug",
    "topic__forum__name": "forum_name",
    "topic_id": "topic",
    "topic__slug": "topic_slug",
    "topic__subject": "topic_subject",
    "created": "created",
    "updated": "updated",
}


def shown() -> QuerySet[Any]:
    """Return the posts that readers may be shown."""
    posts: QuerySet[Any] = tables.post().objects.filter(approved=True, topic__approved=True)
    return posts


def of_posts(posts: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    for keys in tables.chunks(posts):
        rows = shown().filter(pk__in=keys).order_by("pk")
        found = list(rows.values_list("pk", "username", *_DOCUMENT))
        names = _member_names({poster for _, _, poster, *_ in found if poster})
        for pk, username, *values in found:
            document = dict(zip(_DOCUMENT.values(), values, strict=True))
            document["poster_name"] = names.get(document["poster"], username or "")
            yield pk, document


def _member_names(members: set[int]) -> dict[int, str]:
    # Imported late: with machina's models.
    from machina.core.loading import get_class

    name_of = get_class("forum_member.shortcuts", "get_forum_member_display_name")
    if not members:
        return {}
    return {pk: name_of(user) for pk, user in get_user_model().objects.in_bulk(members).items()}


def words(posts: Sequence[int]) -> dict[int, str]:
    """Return what is read in these posts, without markup."""
    return {
        pk: lines_folded(unescape(strip_tags(rendered or "")))
        for keys in tables.chunks(posts)
        for pk, rendered in tables.post()
        .objects.filter(pk__in=keys)
        .values_list("pk", "_content_rendered")
    }
