"""The topic that shows a thread, brought in line with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from corpus import linked
from corpus.models import Quotation, Redaction, Thread, Utterance
from corpus.rendering import Hidden, Quoted
from forumimport import indexing
from forumimport.engines import engine
from forumimport.engines import rows as rows_in_bulk
from forumimport.engines.base import PostContent
from forumimport.models import ProjectedForum, ProjectedPost, ProjectedTopic
from forumimport.projection.content import (
    UNDATED_FROM,
    Placed,
    Words,
    address_of,
    attribution,
    content,
    times,
)
from forumimport.projection.forums import project_collection, recount, site_language, writing


@dataclass(frozen=True, slots=True)
class Shown:
    """An utterance with the post that should show it."""

    utterance: Utterance
    content: PostContent


def project(thread_id: int) -> None:
    """Make the thread's topic show exactly the thread; nothing if the thread is gone."""
    with transaction.atomic(), writing(), site_language():
        # The row lock keeps two curators' projections of one thread apart.
        thread = (
            Thread.objects.select_for_update(of=("self",))
            .select_related("collection")
            .filter(pk=thread_id)
            .first()
        )
        if thread is not None:
            _project(thread)


def withdraw(thread: Thread) -> None:
    """Remove the thread's topic from the forum; the corpus rows stay."""
    with transaction.atomic(), writing():
        topic = ProjectedTopic.objects.filter(thread=thread).first()
        if topic is None:
            return
        indexing.changed(engine().posts_of([topic.topic_id]))
        engine().delete_topics([topic.topic_id])
        engine().refresh_counters([], [_forum_of(thread)])


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
    links = linked.links(thread.collection_id, documents)
    quotations: dict[int, list[Quotation]] = {}
    known = {utterance.pk: utterance for utterance in utterances}
    for quotation in Quotation.objects.filter(utterance__document__in=documents):
        quotation.source = known.get(quotation.source_id or 0)
        quotations.setdefault(quotation.utterance_id, []).append(quotation)
    return [
        Shown(
            utterance,
            engine().fitted(
                content(
                    thread.title,
                    Words(
                        documents[utterance.document_id].text,
                        utterance.span,
                        [_quoted(q, position) for q in quotations.get(utterance.pk, ())],
                        hidden.get(utterance.document_id, []),
                        linked.within(links.get(utterance.document_id, ()), utterance.span),
                    ),
                    utterance.speaker_words,
                    utterance.speaker_id,
                    time,
                )
            ),
        )
        for utterance, time in zip(utterances, times(_places(utterances)), strict=True)
    ]


def _places(utterances: Sequence[Utterance]) -> list[Placed]:
    return [Placed(one.date, one.document.order, one.start) for one in utterances]


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


def _quoted(quotation: Quotation, position: dict[int, int]) -> Quoted:
    source = quotation.source
    if source is None or source.pk not in position:
        return Quoted(quotation.span, marked=quotation.marked)
    return Quoted(
        quotation.span,
        attribution=attribution(
            source.speaker.name if source.speaker else None, position[source.pk]
        ),
        source_url=address_of(source.pk),
        marked=quotation.marked,
    )


def _forum_of(thread: Thread) -> int:
    forums = ProjectedForum.objects.filter(collection=thread.collection_id)
    return forums.values_list("forum", flat=True).first() or 0
