"""What follows from changes that others make: forum users and moderators, and the admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from corpus.annotation.coding import codes_published
from corpus.curation import Touched, thread_changed
from corpus.models import (
    Collection,
    CollectionGroup,
    CurationEvent,
    Quotation,
    Thread,
)
from forumimport import indexing, projection, runs
from forumimport.engines import engine
from forumimport.models import ProjectedPost, ProjectedTopic


def connect() -> None:
    """Connect to the corpus's models and the engine's."""
    _forum, topic, post = engine().models()
    thread_changed.connect(thread_curated)
    codes_published.connect(codes_changed)
    post_save.connect(event_recorded, sender=CurationEvent)
    pre_delete.connect(thread_leaves, sender=Thread)
    pre_delete.connect(collection_leaves, sender=Collection)
    post_save.connect(collection_saved, sender=Collection)
    for changed in (post_save, post_delete):
        changed.connect(readers_changed, sender=CollectionGroup)
    User: Any = get_user_model()
    for granted in (Group.permissions, User.user_permissions, User.groups):
        m2m_changed.connect(curators_changed, sender=granted.through)
    post_save.connect(post_saved, sender=post)
    pre_delete.connect(post_leaves, sender=post)
    post_delete.connect(post_left, sender=post)
    pre_save.connect(topic_saving, sender=topic)
    post_save.connect(topic_saved, sender=topic)
    pre_delete.connect(topic_leaves, sender=topic)


def thread_curated(thread: Thread, touched: Touched, **kwargs: Any) -> None:
    projection.project(thread.pk, touched)


def codes_changed(threads: Iterable[int], **kwargs: Any) -> None:
    """Let posts be found by the codes that their annotators released."""
    shown = ProjectedPost.objects.filter(topic__thread__in=threads, utterance__isnull=False)
    indexing.changed(list(shown.values_list("post", flat=True)))


def event_recorded(instance: CurationEvent, created: bool, **kwargs: Any) -> None:
    """Let the index follow what the forum does not show: states, and what is a quotation."""
    if not created:
        return
    touched = Touched.by(instance.changes)
    of = Quotation.objects.filter(pk__in=touched.quotations).values_list("utterance", flat=True)
    shown = ProjectedPost.objects.filter(utterance__in=touched.utterances.union(of))
    indexing.changed(list(shown.values_list("post", flat=True)))


def thread_leaves(instance: Thread, **kwargs: Any) -> None:
    projection.withdraw([instance.pk])


def collection_leaves(instance: Collection, **kwargs: Any) -> None:
    runs.collection_leaves(instance)
    projection.withdraw_collection(instance)


def collection_saved(instance: Collection, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        runs.collection_saved(instance)
        projection.project_collection(instance)


def readers_changed(instance: CollectionGroup, **kwargs: Any) -> None:
    """Let a collection's curators read its forum, once it is known that the collection stays."""

    def follow() -> None:
        for collection in Collection.objects.filter(pk=instance.collection_id):
            projection.project_collection(collection)

    transaction.on_commit(follow)


def curators_changed(action: str, **kwargs: Any) -> None:
    """Let those who may curate, and no others, read what is for curators only."""
    if action in ("post_add", "post_remove", "post_clear"):
        for collection in Collection.objects.all():
            projection.project_collection(collection)


def post_saved(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if raw or projection.is_writing():
        return
    indexing.changed([instance.pk])
    for row in ProjectedPost.objects.filter(post=instance.pk).select_related("topic"):
        _restore(row.topic.thread_id)


def post_leaves(instance: Any, **kwargs: Any) -> None:
    if not projection.is_writing():
        for row in ProjectedPost.objects.filter(post=instance.pk).select_related("topic"):
            _restore(row.topic.thread_id)


def post_left(instance: Any, **kwargs: Any) -> None:
    if not projection.is_writing():
        indexing.changed([instance.pk])


def topic_saving(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Remember whether this save changes what the topic's posts are found by.

    The engine saves a topic after every post, mostly to count.
    """
    instance._corpus_changed = False
    if raw or projection.is_writing() or instance.pk is None:
        return
    found_by = ("subject", "forum_id", "approved")
    before = type(instance).objects.filter(pk=instance.pk).values(*found_by).first()
    instance._corpus_changed = before is not None and any(
        before[name] != getattr(instance, name) for name in found_by
    )


def topic_saved(instance: Any, **kwargs: Any) -> None:
    if getattr(instance, "_corpus_changed", False):
        indexing.changed(list(instance.posts.values_list("pk", flat=True)))
        for row in ProjectedTopic.objects.filter(topic=instance.pk):
            _restore(row.thread_id)


def topic_leaves(instance: Any, **kwargs: Any) -> None:
    if not projection.is_writing():
        for row in ProjectedTopic.objects.filter(topic=instance.pk):
            _restore(row.thread_id)


def _restore(thread: int) -> None:
    """Make the forum show the corpus again after the engine's own tools changed a post.

    Only after the transaction: until then the engine is still at work on it.
    """
    transaction.on_commit(lambda: projection.project(thread))
