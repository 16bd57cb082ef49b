"""Web workers, an import and rebuilds at once, killed at random: no document lost or doubled."""

import itertools
import multiprocessing
import random
import time

import pytest
from django import db
from haystack import connections
from haystack.query import SearchQuerySet

from corpus.models import Thread
from forumimport import importer, indexing, invariants
from forumimport.engines import engine
from forumimport.models import PendingPost
from forumimport.readers import Source

pytestmark = pytest.mark.django_db(transaction=True)

#: How long it goes on, and how long a process lives on average, in seconds.
DURATION, LIFE = 8.0, 0.5
#: A busy machine is given as long as this until some threads are imported.
PATIENCE = 60.0
#: Threads imported; without a lock, with which a process might be killed.
brought_in = multiprocessing.RawValue("i")


@pytest.fixture
def posts(our_engine, make_thread, import_text):
    import_text("Before\n\nFrost, so that each process finds the segmenter's weights read.")
    make_thread(*(f"The frost of day {day}." for day in range(60)))
    return list(engine().models()[2].objects.values_list("pk", flat=True))


def edit(posts, seed):
    """Change, hide and show posts, each in a transaction that the index follows."""
    start_over()
    chance = random.Random(seed)
    Post = engine().models()[2]
    while True:
        some = chance.sample(posts, chance.randint(1, 5))
        with db.transaction.atomic():
            Post.objects.filter(pk__in=some).update(
                username=f"name{chance.randrange(999)}", approved=chance.random() < 0.7
            )
            indexing.changed(some)


def bring_in(posts, seed):
    """Import one thread after another; each process others than those before it."""
    start_over()
    for number in itertools.count():
        title = f"Frost {seed} {number}"
        text = "\n\n\n".join([title, *(f"Frost said {seed} {number} {at}." for at in range(4))])
        run = importer.start_run({})
        sources = [Source(f"{title}.txt", text.encode())]
        with indexing.postponed():
            list(importer.import_sources(sources, collection="Brought in", run=run))
        brought_in.value += 1


def rebuild(posts, seed):
    start_over()
    while True:
        try:
            connections["default"].get_backend().rebuild()
        except Exception:  # Another one rebuilds; or the database was busy too long.
            time.sleep(0.02)


def start_over():
    db.connections.close_all()
    connections.reload("default")


def test_killed_processes_lose_and_double_nothing(posts):
    db.connections.close_all()
    fork = multiprocessing.get_context("fork")
    chance = random.Random(11)
    # And how often each is killed: an import needs longer to get somewhere.
    kinds, fates = [edit, edit, bring_in, rebuild], [4, 4, 1, 3]
    running, killed = {}, 0
    brought_in.value = 0
    start = time.monotonic()
    try:
        while (spent := time.monotonic() - start) < DURATION or (
            brought_in.value < 2 and spent < PATIENCE
        ):
            for at, kind in enumerate(kinds):
                if at not in running:
                    seed = chance.randrange(1 << 30)
                    running[at] = fork.Process(target=kind, args=(posts, seed), daemon=True)
                    running[at].start()
            time.sleep(chance.uniform(0, LIFE) / len(kinds))
            (at,) = chance.choices(range(len(kinds)), fates)
            victim = running.pop(at)
            assert victim.exitcode is None
            victim.kill()
            victim.join()
            killed += 1
    finally:
        for process in running.values():
            process.kill()
            process.join()
    assert killed > 10
    assert Thread.objects.filter(collection__name="Brought in").count() > 1
    indexing.catch_up()
    assert not PendingPost.objects.exists()
    assert not invariants.misindexed()
    Post = engine().models()[2]
    shown = dict(Post.objects.filter(approved=True).values_list("pk", "username"))
    found = SearchQuerySet().filter(content="frost")
    assert {int(result.pk): result.poster_name for result in found} == shown
    # They did get somewhere: each generation is a commit or a rebuild.
    assert connections["default"].get_backend()._pool._snapshot.stamp.generation > 5
