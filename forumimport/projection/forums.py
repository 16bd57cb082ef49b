"""The forum that shows a collection: who may read it, and what it counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from corpus.models import Collection, Visibility
from forumimport import indexing
from forumimport.engines import engine
from forumimport.models import PendingForum, ProjectedForum

#: Changes whose forums are counted in one go.
_ROWS = 1000

_postponed: ContextVar[bool] = ContextVar("corpus_counting_postponed", default=False)
_writing: ContextVar[bool] = ContextVar("corpus_projection_writing", default=False)


@contextmanager
def counted_once() -> Iterator[None]:
    """Let forums count their topics and posts at the end of the block, not after every thread.

    Counting takes as long as the forum has topics. What is to be counted is written down with the
    change itself, so where the program is killed meanwhile the end of the next such block does it.
    """
    token = _postponed.set(True)
    try:
        yield
    finally:
        _postponed.reset(token)
        _count()


def _count() -> None:
    """Count what this process postponed, or one that has died since."""
    while found := dict(PendingForum.objects.values_list("pk", "forum_id")[:_ROWS]):
        with transaction.atomic(), writing():
            engine().refresh_counters([], set(found.values()))
            # Only these: what another process has added meanwhile is counted for its own row.
            PendingForum.objects.filter(pk__in=found).delete()


def recount(forum: int) -> None:
    """Let the forum count its topics and posts, now or where :func:`counted_once` ends."""
    if _postponed.get():
        PendingForum.objects.create(forum_id=forum)
    else:
        engine().refresh_counters([], [forum])


def is_writing() -> bool:
    """Tell whether a change to forum objects is the projection's own."""
    return _writing.get()


@contextmanager
def writing() -> Iterator[None]:
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def project_collection(collection: Collection) -> int:
    """Make the collection's forum exist with its name and readers, and return its key."""
    with transaction.atomic(), writing():
        projected = ProjectedForum.objects.filter(collection=collection).first()
        if projected is None:
            forum = engine().create_forum(collection.name, collection.description)
            ProjectedForum.objects.create(collection=collection, forum_id=forum)
        else:
            forum = projected.forum_id
            renamed = engine().update_forum(forum, collection.name, collection.description)
            if renamed:
                indexing.changed(engine().posts_of(engine().topics_of(forum)))
        engine().set_readers(forum, Visibility(collection.visibility), **_curators(collection))
        return forum


def withdraw_collection(collection: Collection) -> None:
    """Remove the collection's forum; only for a collection without threads."""
    with transaction.atomic(), writing():
        for forum in ProjectedForum.objects.filter(collection=collection):
            indexing.changed(engine().posts_of(engine().topics_of(forum.forum_id)))
            engine().delete_forum(forum.forum_id)


def _curators(collection: Collection) -> dict[str, list[int]]:
    """Return the users and groups that may curate the collection."""
    curate = Permission.objects.filter(codename="curate_thread", content_type__app_label="corpus")
    users = get_user_model()._default_manager.filter(user_permissions__in=curate)
    groups = Group.objects.filter(permissions__in=curate)
    own = list(collection.groups.values_list("group", flat=True))
    if own:  # Closed to all others, whoever gave them the permission.
        users = users.filter(groups__in=own) | get_user_model()._default_manager.filter(
            groups__permissions__in=curate, pk__in=_members(own)
        )
        users, groups = users.distinct(), groups.filter(pk__in=own)
    return {
        "curators": list(users.values_list("pk", flat=True)),
        "groups": list(groups.values_list("pk", flat=True)),
    }


def _members(groups: Sequence[int]) -> QuerySet[Any]:
    return get_user_model()._default_manager.filter(groups__in=groups).values("pk")


@contextmanager
def site_language() -> Iterator[None]:
    """What is stored is in the site's language, whatever the curator's is."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
