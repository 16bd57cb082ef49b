"""What machina's list of forums asks of each forum, fetched for all of them at once.

Its templates and its tracking follow links forum by forum: the newest post's topic and writer,
the forums above. Here the very objects that they follow get the answers beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model

from forumimport.engines import engine


def at_hand(tree: Any) -> None:
    """Give the forums of a visibility tree their newest posts and the forums above them.

    Three queries, however many forums there are.
    """
    _newest_posts([node.obj for node in tree.nodes])
    for node in tree.nodes:
        node.obj.get_ancestors = _ancestors(node)
    # The template asks of each forum whether its neighbours are among them.
    tree.visible_forums = dict.fromkeys(tree.visible_forums)


def _newest_posts(forums: list[Any]) -> None:
    _forum, topic_model, post_model = engine().models()
    keys = {forum.last_post_id for forum in forums if forum.last_post_id}
    # Without the words, which may be long and are not shown.
    rows = post_model._default_manager.defer("content", "_content_rendered")
    posts: dict[int, Any] = rows.in_bulk(keys)
    topics = topic_model._default_manager.in_bulk({post.topic_id for post in posts.values()})
    users = get_user_model()._default_manager
    writers = users.in_bulk({post.poster_id for post in posts.values() if post.poster_id})
    for post in posts.values():
        post.topic = topics[post.topic_id]
        post.poster = writers.get(post.poster_id)
    for forum in forums:
        if forum.last_post_id:
            forum.last_post = posts.get(forum.last_post_id)


def _ancestors(node: Any) -> Callable[..., list[Any]]:
    """What MPTT would read from the database, from the tree that is in memory."""

    def ancestors(ascending: bool = False, include_self: bool = False) -> list[Any]:
        found = [node.obj] if include_self else []
        above = node.parent
        while above is not None:
            found.append(above.obj)
            above = above.parent
        return found if ascending else found[::-1]

    return ancestors
