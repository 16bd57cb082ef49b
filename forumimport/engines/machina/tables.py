"""Machina's models, asked for by its own names when used, so that overridden apps are respected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps

#: Keys in one SQL condition: SQLite takes some thousands of parameters, older builds 999.
_CHUNK = 500


def forum() -> Any:
    return apps.get_model("forum", "Forum")


def topic() -> Any:
    return apps.get_model("forum_conversation", "Topic")


def post() -> Any:
    return apps.get_model("forum_conversation", "Post")


def permission() -> Any:
    return apps.get_model("forum_permission", "ForumPermission")


def group_permission() -> Any:
    return apps.get_model("forum_permission", "GroupForumPermission")


def user_permission() -> Any:
    return apps.get_model("forum_permission", "UserForumPermission")


def chunks(keys: Iterable[int]) -> Iterable[list[int]]:
    """Return the keys in as many lists as conditions can take."""
    keys = list(keys)
    return (keys[at : at + _CHUNK] for at in range(0, len(keys), _CHUNK))
