"""The forum objects that show the corpus: the difference between what a thread's topic should
show and what it shows, applied.

Exactly one post per utterance, in the same order, reading as the utterance reads (invariant 5).
Derived throughout, so :func:`project` may be called at any time and changes nothing when nothing
has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from corpus import rendering
from corpus.models import (
    Collection,
    Quotation,
    Redaction,
    SourceDocument,
    Thread,
    Utterance,
    Visibility,
)
from corpus.rendering import Hidden, Quoted
from forumimport import indexing
from forumimport.engines import engine
from forumimport.engines import rows as rows_in_bulk
from forumimport.engines.base import PostContent
from forumimport.models import ProjectedForum, ProjectedPost, ProjectedTopic

#: The time of the first post of a thread without any date. Never shown: pages say "date unknown".
UNDATED_FROM = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST = timedelta(microseconds=1)

_to_count: ContextVar[set[int] | None] = ContextVar("corpus_forums_to_count", default=None)
_writing: ContextVar[bool] = ContextVar("corpus_projection_writing", default=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """An utterance with the post that should show it."""

    utterance: Utterance
    content: PostContent


@contextmanager
def counted_once() -> Iterator[None]:
    """Let forums count their topics and posts at the end of the block, not after every thread.

    Counting takes as long as the forum has topics. Should the program be killed meanwhile, the
    next change in the forum counts anew.
    """
    forums: set[int] = set()
    token = _to_count.set(forums)
    try:
        yield
    finally:
        _to_count.reset(token)
        with transaction.atomic(), writing():
            engine().refresh_counters([], forums)


def _recount(forum: int) -> None:
    waiting = _to_count.get()
    if waiting is None:
        engine().refresh_counters([], [forum])
    else:
        waiting.add(forum)


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


def project(thread_id: int) -> None:
    """Make the thread's topic show exactly the thread; nothing if the thread is gone."""
    with transaction.atomic(), writing(), _site_language():
        # The row lock keeps two curators' projections of one thread apart.
        thread = (
            Thread.objects.select_for_update(of=("self",))
            .select_related("collection")
            .filter(pk=thread_id)
            .first()
        )
        if thread is not None:
            _project(thread)


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


def withdraw(thread: Thread) -> None:
    """Remove the thread's topic from the forum; the corpus rows stay."""
    with transaction.atomic(), writing():
        topic = ProjectedTopic.objects.filter(thread=thread).first()
        if topic is None:
            return
        indexing.changed(engine().posts_of([topic.topic_id]))
        engine().delete_topics([topic.topic_id])
        engine().refresh_counters([], [_forum_of(thread)])


def withdraw_collection(collection: Collection) -> None:
    """Remove the collection's forum; only for a collection without threads."""
    with transaction.atomic(), writing():
        for forum in ProjectedForum.objects.filter(collection=collection):
            indexing.changed(engine().posts_of(engine().topics_of(forum.forum_id)))
            engine().delete_forum(forum.forum_id)


def desired(thread: Thread) -> list[Shown]:
    """Return what the thread's topic should show, in order. Few queries, whatever the size."""
    documents = {document.pk: document for document in thread.documents.all()}
    utterances = list(
        Utterance.objects.filter(document__in=documents).select_related("speaker").in_order()
    )
    for utterance in utterances:
        utterance.document = documents[utterance.document_id]
    position = {utterance.pk: number for number, utterance in enumerate(utterances, 1)}
    hidden = hidden_spans(documents)
    quotations: dict[int, list[Quotation]] = {}
    known = {utterance.pk: utterance for utterance in utterances}
    for quotation in Quotation.objects.filter(utterance__document__in=documents):
        quotation.source = known.get(quotation.source_id or 0)
        quotations.setdefault(quotation.utterance_id, []).append(quotation)
    return [
        Shown(
            utterance,
            _content(
                thread,
                documents[utterance.document_id],
                utterance,
                [_quoted(q, position) for q in quotations.get(utterance.pk, ())],
                hidden.get(utterance.document_id, []),
                time,
            ),
        )
        for utterance, time in zip(utterances, times(utterances), strict=True)
    ]


def times(utterances: Sequence[Utterance]) -> Iterator[datetime]:
    """Yield a time for each utterance: its date where known, in any case strictly increasing.

    The engine orders posts by nothing but their time. An undated post stands as many milliseconds
    behind the last dated one (or before the first) as characters lie between their beginnings, so
    that splitting or merging posts moves no other post in time.
    """
    anchor = next((utterance for utterance in utterances if utterance.date), None)
    previous = None
    for utterance in utterances:
        if utterance.date:
            anchor = utterance
        time = utterance.date or _undated(utterance, anchor)
        if previous is not None and time <= previous:
            time = previous + _LEAST
        yield time
        previous = time


def _undated(utterance: Utterance, anchor: Utterance | None) -> datetime:
    if anchor is None or anchor.date is None:
        return UNDATED_FROM + _place(utterance)
    return anchor.date + _place(utterance) - _place(anchor)


def _place(utterance: Utterance) -> timedelta:
    """Return the utterance's place in its thread as a time; a document has at most a day."""
    return timedelta(days=utterance.document.order, milliseconds=utterance.start)


def hidden_spans(documents: Iterable[int]) -> dict[int, list[Hidden]]:
    """Return the redactions of the documents, by document."""
    hidden: dict[int, list[Hidden]] = {}
    for redaction in Redaction.objects.filter(document__in=list(documents)):
        hidden.setdefault(redaction.document_id, []).append(
            Hidden(redaction.span, redaction.get_kind_display())
        )
    return hidden


def _project(thread: Thread) -> None:
    forum = _forum_of(thread) or project_collection(thread.collection)
    shown = desired(thread)
    start = shown[0].content.time if shown else UNDATED_FROM
    topic = ProjectedTopic.objects.filter(thread=thread).first()
    if topic is None:
        key = engine().create_topic(forum, thread.title, time=start, approved=not thread.withheld)
        topic = ProjectedTopic.objects.create(thread=thread, topic_id=key, held=thread.withheld)
        before = forum
    else:
        before = engine().forum_of_topic(topic.topic_id)
        engine().update_topic(topic.topic_id, forum=forum, subject=thread.title, time=start)
    changed = _apply(topic, shown)
    if before != forum:  # What people wrote in the topic moves too.
        changed = [*changed, *engine().posts_of([topic.topic_id])]
        _recount(before)
    if topic.held or topic.held != thread.withheld:
        # While it is held also what a moderator has approved since.
        posts = topic.posts.values_list("post", flat=True)
        engine().set_approved(topic.topic_id, posts, not thread.withheld)
        # With what people wrote in the topic: it is found no more, or again.
        changed = engine().posts_of([topic.topic_id])
        ProjectedTopic.objects.filter(pk=topic.pk).update(held=thread.withheld)
    engine().refresh_counters([topic.topic_id], [])
    _recount(forum)
    indexing.changed(changed)


def _apply(topic: ProjectedTopic, shown: Sequence[Shown]) -> list[int]:
    """Bring the topic's posts in line, and return the keys of those that are found otherwise."""
    ids = {item.utterance.pk for item in shown}
    taken = _taken_over(topic)
    standing = list(topic.posts.all())
    obsolete = [row.post_id for row in standing if row.utterance_id not in ids]
    rows = {row.utterance_id: row for row in standing if row.utterance_id in ids}
    engine().delete_posts(obsolete)

    now = engine().contents(row.post_id for row in rows.values())
    changes: list[tuple[int, PostContent]] = []
    found_otherwise: list[int] = []
    moved: list[tuple[int, dict[str, int]]] = []
    new: list[tuple[int, Shown]] = []
    for position, item in enumerate(shown, 1):
        row = rows.get(item.utterance.pk)
        if row is None:
            new.append((position, item))
            continue
        before = now[row.post_id]
        if before != item.content:
            changes.append((row.post_id, item.content))
            # A quotation's line "from post 12" is markup only: nothing is found by it.
            if replace(before, html="") != replace(item.content, html=""):
                found_otherwise.append(row.post_id)
        if row.position != position:
            moved.append((row.pk, {"position": position}))
    engine().update_posts(changes)
    rows_in_bulk.update(ProjectedPost, moved)
    keys = engine().create_posts(
        topic.topic_id, [item.content for _position, item in new], approved=not topic.held
    )
    ProjectedPost.objects.bulk_create(
        ProjectedPost(topic=topic, utterance=item.utterance, post_id=key, position=position)
        for key, (position, item) in zip(keys, new, strict=True)
    )
    return [*obsolete, *taken, *found_otherwise, *keys]


def _taken_over(topic: ProjectedTopic) -> list[int]:
    """Remove the posts that show the thread's utterances in other topics, and return their keys.

    Where a source document comes from another thread; that one's topic is projected as well.
    """
    rows = ProjectedPost.objects.filter(utterance__document__thread=topic.thread_id)
    posts = list(rows.exclude(topic=topic).values_list("post", flat=True))
    engine().delete_posts(posts)
    return posts


def _content(
    thread: Thread,
    document: SourceDocument,
    utterance: Utterance,
    quotations: Sequence[Quoted],
    hidden: Sequence[Hidden],
    time: datetime,
) -> PostContent:
    speaker = utterance.speaker
    return engine().fitted(
        PostContent(
            subject=thread.title,
            words=rendering.reading_text(document.text, utterance.span, hidden),
            html=rendering.html(document.text, utterance.span, quotations, hidden),
            poster=utterance.speaker_words,
            poster_key=f"corpus-{speaker.pk if speaker else 'unknown'}",
            time=time,
        )
    )


def _quoted(quotation: Quotation, position: dict[int, int]) -> Quoted:
    source = quotation.source
    if source is None or source.pk not in position:
        return Quoted(quotation.span, marked=quotation.marked)
    if source.speaker:
        attribution = _("%(speaker)s in post %(number)s") % {
            "speaker": source.speaker.name,
            "number": position[source.pk],
        }
    else:
        attribution = _("from post %(number)s") % {"number": position[source.pk]}
    return Quoted(
        quotation.span,
        attribution=attribution,
        source_url=reverse("forumimport:utterance", args=[source.pk]),
        marked=quotation.marked,
    )


def _forum_of(thread: Thread) -> int:
    forums = ProjectedForum.objects.filter(collection=thread.collection_id)
    return forums.values_list("forum", flat=True).first() or 0


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
def _site_language() -> Iterator[None]:
    """What is stored is in the site's language, whatever the curator's is."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
