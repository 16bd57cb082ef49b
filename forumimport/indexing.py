"""The search index follows every change of a post, after the transaction that made it.

What is to be indexed is written down in that same transaction (:class:`PendingPost`), so a crash,
a locked index or a full disk delays a document but never loses it: the next change catches up, or
the next start of a server process, or ``update_index --pending``.

Where a request changes very many posts (another title for a thread of thousands), its answer does
not wait for them: they are indexed in the same process as soon as it is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import connections, transaction
from django.db.models import QuerySet
from django.utils import timezone
from haystack import connections as engines
from haystack.backends.simple_backend import SimpleSearchBackend

from corpus import conf
from forumimport.engines import engine, rows
from forumimport.models import PendingPost

logger = logging.getLogger(__name__)

#: Posts indexed in one go, and rows of the queue among which they are looked for.
_BATCH, _LOOKED_AT = 1000, 5000

#: Posts that an answer waits for; more are indexed behind it.
_WAITED_FOR = 100

#: Told how many changes the index has followed, and how many there are.
Heard = Callable[[int, int], None]

_postponed: ContextVar[bool] = ContextVar("corpus_indexing_postponed", default=False)
#: Of the request being answered, whether something is to be indexed behind its answer.
_behind: ContextVar[bool | None] = ContextVar("corpus_indexing_behind", default=None)
#: Whether what an earlier process left undone has been dealt with.
_caught_up = False


def changed(posts: Iterable[int]) -> None:
    """Let the index follow these posts (created, changed or deleted) after this transaction."""
    now = timezone.now()
    pending = [(post, now) for post in posts]
    if not pending:
        return
    rows.Table(PendingPost, ["post_id", "since"]).insert(pending)
    if not _postponed.get():
        transaction.on_commit(_follow)


@contextmanager
def postponed(heard: Heard | None = None) -> Iterator[None]:
    """Index once at the end of the block instead of after every transaction in it.

    A program that is told to end does not stay for that: what waits is caught up later.
    """
    token = _postponed.set(True)
    try:
        yield
    except Exception:
        _postponed.reset(token)
        catch_up(heard)
        raise
    except BaseException:
        _postponed.reset(token)
        raise
    _postponed.reset(token)
    catch_up(heard)


def follow_requests() -> None:
    """Index behind the answers of this process what they are not to wait for.

    Behind the first one also what an earlier process left undone.
    """
    request_started.connect(_request_started, dispatch_uid="corpus-indexing")
    request_finished.connect(_request_finished, dispatch_uid="corpus-indexing")


def catch_up(heard: Heard | None = None) -> int:
    """Index all that is pending and return how many changes of posts that were."""
    done, to_do = 0, waiting() if heard else 0
    if heard and to_do:
        heard(0, to_do)
    while batch := _catch_up_batch():
        done += batch
        if heard:
            # Of others that change posts meanwhile, some come and some are dealt with.
            heard(done, max(done, to_do))
    return done


def waiting() -> int:
    """Return how many changes of posts the index has still to follow."""
    return PendingPost.objects.count()


def _catch_up_batch() -> int:
    backend = engines[conf.search_connection()].get_backend()
    if hasattr(backend, "replace_by"):
        return _batch_in_turn(backend)
    with transaction.atomic():
        # The lock makes a second process wait here, so an older reading of a post can never
        # overwrite a newer one in the index.
        rows = list(_next(PendingPost.objects.select_for_update()))
        if rows:
            _index({row.post_id for row in rows})
            PendingPost.objects.filter(pk__in=[row.pk for row in rows]).delete()
        return len(rows)


def _batch_in_turn(backend: Any) -> int:
    """Index a batch by our own engine, whose index has a lock that a second process waits for.

    What it reads then is newer than all that the index holds; and nobody waits for the database,
    which SQLite has one lock for.
    """
    if not PendingPost.objects.exists():
        return 0
    with backend.writer() as writer:
        rows = list(_next(PendingPost.objects.all()))
        _index({row.post_id for row in rows}, writer)
    PendingPost.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _next(pending: QuerySet[PendingPost]) -> Iterator[PendingPost]:
    """Yield the rows of a batch of posts; of one step several may be about the same post."""
    posts = set[int]()
    for row in pending.order_by("pk")[:_LOOKED_AT]:
        if row.post_id in posts or len(posts) < _BATCH:
            posts.add(row.post_id)
            yield row


def keeps_index() -> bool:
    """Whether there is an index at all: haystack's simple engine reads the posts themselves."""
    backend = engines[conf.search_connection()].get_backend()
    return not isinstance(backend, SimpleSearchBackend)


def _index(posts: set[int], writer: Any = None) -> None:
    if not keeps_index():
        return
    connection = engines[conf.search_connection()]
    backend = connection.get_backend()
    post_model = engine().models()[2]
    index = connection.get_unified_index().get_index(post_model)
    visible = list(index.index_queryset().filter(pk__in=posts))
    label = post_model._meta.label_lower
    if writer is not None:
        identifiers = [f"{label}.{post}" for post in sorted(posts)]
        backend.replace_by(writer, identifiers, backend.documents(index, visible))
        return
    if visible:
        backend.update(index, visible)
    for post in posts - {row.pk for row in visible}:
        backend.remove(f"{label}.{post}")


def _request_started(**kwargs: object) -> None:
    _behind.set(False)


def _request_finished(**kwargs: object) -> None:
    global _caught_up
    left = _behind.get() or not _caught_up
    _behind.set(None)
    _caught_up = True
    if left:
        # Those that are not to be kept Django has closed just before.
        closed = [one for one in connections.all(initialized_only=True) if one.connection is None]
        _catch_up_or_log()
        for one in closed:
            one.close()


def _follow() -> None:
    with _logged():
        if _behind.get() is not None and _many_wait():
            _behind.set(True)
        else:
            _catch_up_or_log()


def _many_wait() -> bool:
    return len(PendingPost.objects.values_list("pk")[: _WAITED_FOR + 1]) > _WAITED_FOR


def _catch_up_or_log() -> None:
    if not _postponed.get():
        with _logged():
            catch_up()


def waiting_posts() -> set[int]:
    """Return the posts that the index has still to follow."""
    return set(PendingPost.objects.values_list("post_id", flat=True))


@contextmanager
def _logged() -> Iterator[None]:
    """Write down what fails: the change itself is safe, and so is the queue."""
    try:
        yield
    except Exception:
        # No visitor can mend the index.
        logger.exception("The search index could not follow; %s posts wait.", waiting())
