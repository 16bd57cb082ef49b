"""Who may see and read a forum, written as machina's permissions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from corpus.models import Visibility
from forumimport.engines.machina import tables

_READING = ("can_see_forum", "can_read_forum")


def reading() -> QuerySet[Any]:
    """Return machina's permissions to see and to read."""
    permissions: QuerySet[Any] = tables.permission().objects.filter(codename__in=_READING)
    return permissions


def allow(
    forum: int, visibility: Visibility, *, curators: Collection[int], groups: Collection[int]
) -> None:
    """Let exactly these visitors see and read the forum; see ``Engine.set_readers``."""
    for permission in reading().order_by("pk"):
        own = {"forum_id": forum, "permission": permission}
        tables.user_permission().objects.filter(**own).delete()
        tables.group_permission().objects.filter(**own).delete()
        _allow_visitors(own, visibility, curators)
        _allow_groups(own, visibility, groups)


def _allow_visitors(own: dict[str, Any], visibility: Visibility, curators: Collection[int]) -> None:
    row = tables.user_permission()
    everybody = visibility == Visibility.PUBLIC
    row.objects.bulk_create(
        [
            row(**own, has_perm=everybody, anonymous_user=True),
            row(**own, has_perm=_members(visibility), authenticated_user=True),
            *(row(**own, has_perm=True, user_id=user) for user in curators),
        ]
    )


def _allow_groups(own: dict[str, Any], visibility: Visibility, groups: Collection[int]) -> None:
    row = tables.group_permission()
    # A group that may read every forum would read this one too, were it not refused.
    reading_all = row.objects.filter(forum=None, permission=own["permission"], has_perm=True)
    refused = set(reading_all.values_list("group_id", flat=True)) - set(groups)
    row.objects.bulk_create(
        [
            *(row(**own, has_perm=True, group_id=group) for group in groups),
            *(
                row(**own, has_perm=False, group_id=group)
                for group in ([] if _members(visibility) else refused)
            ),
        ]
    )


def _members(visibility: Visibility) -> bool:
    return visibility in (Visibility.PUBLIC, Visibility.MEMBERS)
