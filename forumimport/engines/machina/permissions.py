"""Who may read which forum, told in time that grows with the forums, not with their square."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from machina.core.loading import get_class

from forumimport.engines.machina import tables

PermissionHandler = get_class("forum_permission.handler", "PermissionHandler")


class ForumsOfMany(PermissionHandler):  # type: ignore[misc,valid-type]
    """Machina's own answers; only the walk through the tree of forums is another."""

    def _filter_granted_forums_using_tree(self, granted_forums: Iterable[Any]) -> Any:
        """Return the granted forums of which every ancestor is granted too.

        Machina compares each with all the others, as model instances.
        """
        parents = {forum.pk: forum.parent_id for forum in granted_forums}

        def reached(forum: int | None) -> bool:
            while forum is not None:
                if forum not in parents:
                    return False
                forum = parents[forum]
            return True

        return tables.forum().objects.filter(pk__in=[forum for forum in parents if reached(forum)])


class ManyForums:
    """Mixed into a view of machina's that shows a tree of forums."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.forum_permission_handler = ForumsOfMany()  # type: ignore[attr-defined]
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response
