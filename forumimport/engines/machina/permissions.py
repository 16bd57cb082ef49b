"""Who may read which forum, told in time that grows with the forums, not with their square."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from machina.apps.forum_permission import checker, handler
from machina.core.loading import get_class

from forumimport.engines.machina import reading, tables

PermissionHandler = get_class("forum_permission.handler", "PermissionHandler")
PermissionChecker = get_class("forum_permission.checker", "ForumPermissionChecker")
#: Machina's rules are known; where a site has rules of its own, they are asked.
_KNOWN = (handler.PermissionHandler, checker.ForumPermissionChecker)


class ForumsOfMany(PermissionHandler):  # type: ignore[misc,valid-type]
    """Machina's own answers; only the walk through the tree of forums is another."""

    def _filter_granted_forums_using_tree(self, granted_forums: Iterable[Any]) -> Any:
        """Return the granted forums of which every ancestor is granted too.

        Machina compares each with all the others, as model instances.
        """
        parents = {forum.pk: forum.parent_id for forum in granted_forums}
        return tables.forum().objects.filter(pk__in=reading.reached(parents))


class ManyForums:
    """Mixed into a view of machina's that shows a tree of forums."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.forum_permission_handler = ForumsOfMany()  # type: ignore[attr-defined]
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


def readable_forums(user: Any) -> set[int]:
    """Return the forums whose posts the user may read."""
    if (PermissionHandler, PermissionChecker) == _KNOWN:
        return reading.forums(user)
    found = ForumsOfMany().get_readable_forums(tables.forum().objects.all(), user)
    return {forum.pk for forum in found}
