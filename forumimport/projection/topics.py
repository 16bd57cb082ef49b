"""The topic that shows a thread, brought in line with it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from corpus.curation.touched import EVERYTHING, Touched
from corpus.models import Thread
from forumimport import indexing
from forumimport.engines import engine
from forumimport.models import ProjectedForum, ProjectedTopic
from forumimport.projection.content import UNDATED_FROM
from forumimport.projection.forums import project_collection, recount, site_language, writing
from forumimport.projection.posts import bring_in_line
from forumimport.projection.wanted import Wanted


def project(thread_id: int, touched: Touched = EVERYTHING) -> None:
    """Make the thread's topic show exactly the thread; nothing if the thread is gone.

    With ``touched``, what an operation changed since the topic last showed the thread, the rows
    come out the same at less cost: posts that it leaves alone are not rendered again.
    """
    with transaction.atomic(), writing(), site_language():
        # The row lock keeps two curators' projections of one thread apart.
        thread = (
            Thread.objects.select_for_update(of=("self",))
            .select_related("collection")
            .filter(pk=thread_id)
            .first()
        )
        if thread is not None:
            _project(thread, touched)


def withdraw(threads: Collection[int]) -> None:
    """Remove the topics of the threads from the forum; the corpus rows stay."""
    with transaction.atomic(), writing():
        topics = list(
            ProjectedTopic.objects.filter(thread__in=threads).values_list("topic_id", flat=True)
        )
        if not topics:
            return
        indexing.changed(engine().posts_of(topics))
        engine().delete_topics(topics)
        forums = ProjectedForum.objects.filter(collection__threads__in=threads).distinct()
        for forum in forums.values_list("forum", flat=True):
            recount(forum)


def _project(thread: Thread, touched: Touched) -> None:
    forum = _forum_of(thread) or project_collection(thread.collection)
    wanted = Wanted(thread)
    start = next(iter(wanted.times.values()), UNDATED_FROM)
    topic = ProjectedTopic.objects.filter(thread=thread).first()
    if topic is None:
        key = engine().create_topic(forum, thread.title, time=start, approved=not thread.withheld)
        topic = ProjectedTopic.objects.create(thread=thread, topic_id=key, held=thread.withheld)
        before, retitled = forum, False
    else:
        before = engine().forum_of_topic(topic.topic_id)
        retitled = engine().update_topic(
            topic.topic_id, forum=forum, subject=thread.title, time=start
        )
    if retitled:
        engine().set_subject(topic.posts.values_list("post", flat=True), thread.title)
    changed = bring_in_line(topic, wanted, touched)
    if retitled or before != forum:  # What people wrote in the topic is found otherwise too.
        changed = [*changed, *engine().posts_of([topic.topic_id])]
    if before != forum:
        recount(before)
    if topic.held or topic.held != thread.withheld:
        # While it is held also what a moderator has approved since.
        posts = topic.posts.values_list("post", flat=True)
        engine().set_approved(topic.topic_id, posts, not thread.withheld)
        # With what people wrote in the topic: it is found no more, or again.
        changed = [*changed, *engine().posts_of([topic.topic_id])]
        ProjectedTopic.objects.filter(pk=topic.pk).update(held=thread.withheld)
    engine().refresh_counters([topic.topic_id], [])
    recount(forum)
    indexing.changed(changed)


def _forum_of(thread: Thread) -> int:
    forums = ProjectedForum.objects.filter(collection=thread.collection_id)
    return forums.values_list("forum", flat=True).first() or 0
