"""How fast threads become rows of corpus and forum: ours, machina's own way, and the bare limit."""

import json
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from django.db import connection
from machina.apps.forum_conversation.models import Post, Topic

from corpus.segmentation import recover_each
from forumimport import drafts, importer, indexing, languages, projection, readers
from forumimport.engines import engine
from forumimport.importer import Created
from forumimport.models import ProjectedForum
from forumimport.readers import Source
from forumimport.sources import Container
from tests.bench import limits
from tests.bench.posts import Words
from tests.bench.timing import once, peak_mb, ratio
from tests.importing.posts import PostsReader

COLLECTION, POSTS_IN_THREAD, SPEAKERS = "Bench", 20, 300
#: Up to so many posts are all saved in machina's way; of more, some twice.
ALL_SAVED, SOME = 2_000, 150


def threads(count, *, seed=5, posts_in_thread=POSTS_IN_THREAD):
    """Yield threads of ``count`` posts in all, as a forum's export states them."""
    chance = random.Random(seed)
    words = Words.invented(chance, 20_000)
    for at in range(0, count, posts_in_thread):
        start = datetime(2003, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(5_000_000))
        number = min(posts_in_thread, count - at)
        yield {
            "id": f"t{at}",
            "title": words.text(chance)[:60],
            "posts": [_post(chance, words, start, n) for n in range(number)],
        }


def _post(chance, words, start, number):
    return {
        "id": f"p{number}",
        "by": f"speaker {chance.randrange(SPEAKERS)}",
        "date": (start + timedelta(minutes=number)).replace(tzinfo=None).isoformat(),
        "text": words.text(chance),
        "reply_to": f"p{chance.randrange(number)}" if number else "",
    }


def ours(path, size):
    """Import the file, before indexing."""
    readers.READERS["posts"] = PostsReader()
    languages.guess("words " * 100)  # Loads its model, which takes a second once.
    token = indexing._postponed.set(True)
    try:
        # What a process loads and compiles once, whatever it imports.
        _imported([Source("first.posts", _lines(40, seed=4))], "Before")
        spent = once(lambda: _imported([Container(str(path))]))
    finally:
        indexing._postponed.reset(token)
        del readers.READERS["posts"]
    assert spent.pop("answer") == size
    return spent


def _lines(count, **options):
    return "".join(f"{json.dumps(thread)}\n" for thread in threads(count, **options)).encode()


def _imported(sources, collection=COLLECTION):
    run = importer.start_run({})
    with projection.counted_once():
        outcomes = importer.import_sources(sources, run=run, collection=collection)
        posts = sum(outcome.posts for outcome in outcomes if isinstance(outcome, Created))
    importer.finish(run)
    return posts


def machina(size):
    """The CPU seconds of one of ``size`` posts that machina's views save into one forum.

    Each save counts the forum's posts anew, so many are estimated from some into an empty forum
    and some into one that holds them all.
    """
    if size <= ALL_SAVED:
        return _saved(engine().create_forum("By machina", ""), size)
    full = ProjectedForum.objects.get(collection__name=COLLECTION).forum_id
    return (_saved(engine().create_forum("By machina", ""), SOME) + _saved(full, SOME)) / 2


def _saved(forum, count):
    topics = list(threads(count, seed=6))

    def save():
        for thread in topics:
            topic = Topic.objects.create(
                forum_id=forum, subject=thread["title"], type=Topic.TOPIC_POST,
                status=Topic.TOPIC_UNLOCKED,
            )  # fmt: skip
            for said in thread["posts"]:
                Post.objects.create(
                    topic=topic, subject=thread["title"], content=said["text"],
                    username=said["by"], anonymous_key=said["by"],
                )  # fmt: skip

    with projection.writing():  # So that nothing of ours follows.
        return once(save)["cpu"] / count


def bare(size, *, posts_in_thread=POSTS_IN_THREAD):
    """CPU seconds for segmenting bare threads, and for all else that storing them takes.

    Segmenting is timed where the import does it: two runs differ by more than storing costs.
    """
    sources = [
        Source(f"{n}.txt", _text(thread).encode())
        for n, thread in enumerate(threads(size, seed=7, posts_in_thread=posts_in_thread))
    ]
    segmenting = 0.0

    def timed(texts):
        nonlocal segmenting
        spent = once(lambda: list(recover_each(texts)))
        segmenting += spent["cpu"]
        return iter(spent["answer"])

    languages.guess("words " * 100)
    token = indexing._postponed.set(True)
    try:
        warming = [Source("first.txt", _text(next(threads(20, seed=4))).encode())]
        _imported(warming, "Before")
        with mock.patch.object(drafts, "recover_each", timed):
            whole = once(lambda: _imported(sources))["cpu"]
    finally:
        indexing._postponed.reset(token)
    return segmenting, whole - segmenting


def _text(thread):
    return thread["title"] + "".join(f"\n\n\n{post['text']}" for post in thread["posts"])


def measured(size):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "dump.posts")
        with path.open("w") as file:
            for thread in threads(size):
                file.write(json.dumps(thread) + "\n")
        spent = ours(path, size)
        found = {
            "posts_per_cpu_second": round(size / spent["cpu"]),
            "peak_mb": peak_mb(),
            "file_mb": round(path.stat().st_size / 2**20, 1),
        }
    # The best of three, as the import itself is measured once: a strict limit.
    bare_limit = min(limits.least() for _ in range(3))
    found["limit"] = "executemany" if connection.vendor == "sqlite" else "COPY"
    found["times_limit"] = ratio(spent["cpu"], bare_limit)
    if connection.vendor != "sqlite":
        with_keys = min(limits.least(checking_keys=True) for _ in range(3))
        found["times_limit_checking_keys"] = ratio(spent["cpu"], with_keys)
    else:
        found["faster_than_saving"] = ratio(machina(size), spent["cpu"] / size)
    return found
