"""What always holds between the corpus, the forum and the index (DESIGN, section 3: 5 and 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import QuerySet
from haystack.query import SearchQuerySet

from corpus import conf
from corpus.invariants import Violation
from corpus.models import Thread
from forumimport import indexing, projection
from forumimport.engines import engine
from forumimport.models import ProjectedForum, ProjectedTopic


def violations(threads: QuerySet[Thread] | None = None) -> Iterator[Violation]:
    """Yield what does not hold of the projection, thread by thread, and then of the index."""
    chosen = Thread.objects.all() if threads is None else threads
    for thread in chosen.order_by("pk").select_related("collection").iterator(chunk_size=50):
        yield from _projected(thread)
    yield from _counted()
    yield from _indexed()


def _projected(thread: Thread) -> Iterator[Violation]:
    where = f"thread {thread.pk} ({thread})"
    topic = ProjectedTopic.objects.filter(thread=thread).first()
    if topic is None:
        yield Violation(5, where, "has no topic in the forum")
        return
    rows = {row.utterance_id: row for row in topic.posts.all()}
    found = engine().contents(row.post_id for row in rows.values())
    shown = projection.desired(thread)
    for position, item in enumerate(shown, 1):
        row = rows.pop(item.utterance, None)
        if row is None:
            yield Violation(5, where, f"post {position} is missing in the forum")
        elif found.get(row.post_id) != item.content:
            yield Violation(5, where, f"post {position} does not read as its utterance")
        elif row.position != position:
            yield Violation(5, where, f"post {position} is counted as {row.position}")
    for row in rows.values():
        yield Violation(5, where, f"post {row.post_id} shows no utterance")


def _counted() -> Iterator[Violation]:
    for row in ProjectedForum.objects.select_related("collection").order_by("pk"):
        said, real = engine().counters(row.forum_id), engine().counted(row.forum_id)
        if said != real:
            yield Violation(
                5,
                f"collection {row.collection_id} ({row.collection})",
                f"its forum counts {said[0]} topics and {said[1]} posts, but has {real[0]} and "
                f"{real[1]}",
            )


def misindexed() -> set[int]:
    """Return the posts that the index holds wrongly: missing, too often, or not to be seen."""
    if not indexing.keeps_index():
        return set()
    indexed, visible = _documents(), engine().visible()
    doubled = {post for post, times in indexed.items() if times > 1}
    return (visible ^ indexed.keys()) | doubled


def _indexed() -> Iterator[Violation]:
    if not indexing.keeps_index():
        return
    where = f"search index “{conf.search_connection()}”"
    indexed, visible = _documents(), engine().visible()
    wrong = visible ^ indexed.keys()
    waiting = wrong & indexing.waiting_posts() if wrong else set()
    if waiting:
        # Nothing is lost, and one line says it of all: the next change catches up, too.
        posts = f"{len(waiting):,} post{' waits' if len(waiting) == 1 else 's wait'}"
        yield Violation(6, where, f"{posts} to be indexed; run update_index --pending")
    for post in sorted(visible - indexed.keys() - waiting):
        yield Violation(6, where, f"post {post} is not in it")
    for post in sorted(indexed.keys() - visible - waiting):
        yield Violation(6, where, f"post {post} is in it but not to be seen")
    for post, times in sorted(indexed.items()):
        if times > 1:
            yield Violation(6, where, f"post {post} is in it {times} times")


def _documents() -> Counter[int]:
    """Return how often each post is in the index, by its key."""
    # By model: a query for everything passes over documents without a word, such as ":".
    post = engine().models()[2]._meta.label_lower
    results = SearchQuerySet(using=conf.search_connection()).filter(django_ct=post)
    return Counter(int(key) for key in results.values_list("pk", flat=True))
