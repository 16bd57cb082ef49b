"""How fast threads become rows of corpus and forum: ours, machina's own way, and the bare limit."""

import json
import random
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection
from machina.apps.forum_conversation.models import Post, Topic

from corpus.segmentation import recover
from forumimport import importer, indexing, languages, projection, readers
from forumimport.engines import engine
from forumimport.importer import Created
from forumimport.readers import Source
from forumimport.sources import Container
from tests.bench.posts import Words
from tests.bench.timing import once, peak_mb, ratio
from tests.importing.posts import PostsReader

POSTS_IN_THREAD, SPEAKERS = 20, 300
#: Saved one by one they take some 11 ms each, however many there are in the end.
MACHINA = 150


def threads(count, *, seed=5):
    """Yield threads of ``count`` posts in all, as a forum's export states them."""
    chance = random.Random(seed)
    words = Words.invented(chance, 20_000)
    for at in range(0, count, POSTS_IN_THREAD):
        start = datetime(2003, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(5_000_000))
        number = min(POSTS_IN_THREAD, count - at)
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
        spent = once(lambda: _imported([Container(str(path))]))
    finally:
        indexing._postponed.reset(token)
        del readers.READERS["posts"]
    assert spent.pop("answer") == size
    return spent


def _imported(sources):
    run = importer.start_run({})
    with projection.counted_once():
        outcomes = importer.import_sources(sources, run=run, collection="Bench")
        posts = sum(outcome.posts for outcome in outcomes if isinstance(outcome, Created))
    importer.finish(run)
    return posts


def machina(count):
    """The CPU seconds of one post saved as machina's views save it, in a forum of its own."""
    forum = engine().create_forum("By machina", "")
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


def limit():
    """The same rows by ``executemany`` into a new SQLite file of the same schema."""
    with tempfile.TemporaryDirectory() as folder, connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE sql NOT NULL AND name NOT LIKE 'sqlite%'"
        )
        schema = [row[0] for row in cursor.fetchall() if "VIRTUAL" not in row[0]]
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        rows = {}
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{name}"')
            rows[name] = [tuple(row) for row in _raw(f'SELECT * FROM "{name}"')]
        with closing(sqlite3.connect(Path(folder, "limit.sqlite3"))) as database:
            for statement in schema:
                database.execute(statement)

            def write():
                for name, found in rows.items():
                    if found:
                        marks = ", ".join("?" * len(found[0]))
                        database.executemany(f'INSERT INTO "{name}" VALUES ({marks})', found)
                database.commit()

            return once(write)


def _raw(statement):
    """Rows as SQLite keeps them, without Django's conversions."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as database:
        yield from database.execute(statement)


def bare(size):
    """Segmentation of bare threads, and storing what it finds."""
    texts = [
        thread["title"] + "".join(f"\n\n\n{post['text']}" for post in thread["posts"])
        for thread in threads(size, seed=7)
    ]
    segmenting = once(lambda: [recover(text) for text in texts])["cpu"]
    sources = [Source(f"{n}.txt", text.encode()) for n, text in enumerate(texts)]
    token = indexing._postponed.set(True)
    try:
        whole = once(lambda: _imported(sources))["cpu"]
    finally:
        indexing._postponed.reset(token)
    return segmenting, whole - segmenting


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
        if connection.vendor == "sqlite" and size <= 20_000:
            least = limit()["cpu"]
            found["executemany_posts_per_cpu_second"] = round(size / least)
            found["times_executemany"] = ratio(spent["cpu"], least)
        each = machina(MACHINA)
        found["faster_than_saving"] = ratio(each, spent["cpu"] / size)
        if size <= 20_000:
            segmenting, storing = bare(min(size, 5_000))
            found["segmenting_to_storing"] = ratio(segmenting, storing)
    return found
