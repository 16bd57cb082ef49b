"""Foreign keys are looked up in indexes while an import fills tables that were nearly empty."""

import pytest
from django.db import connection

from corpus.models import Utterance
from forumimport import importer
from forumimport.importer import flow
from forumimport.readers import Source
from tests.importing.posts import lines

pytestmark = pytest.mark.django_db(transaction=True)

POSTS, THREADS, BATCHES = 10, 60, 6
REFERRED_TO = ["corpus_speaker", "corpus_utterance", "corpus_sourcedocument", "corpus_thread"]


def talk(number):
    posts = [
        {"id": f"p{n}", "by": f"speaker {n}", "text": f"Post {n} of {number}."}
        for n in range(POSTS)
    ]
    return {"id": f"t{number}", "title": f"Thread {number}", "posts": posts}


def imported(numbers):
    source = Source("talks.posts", lines(*map(talk, numbers)))
    list(importer.import_sources([source], run=importer.start_run({}), collection="Garden talk"))


def scanned():
    """Of each table how many rows were read by reading it from end to end; SQLite does not tell."""
    if connection.vendor == "sqlite":
        return dict.fromkeys(REFERRED_TO, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE relname = ANY(%s)",
            [REFERRED_TO],
        )
        return dict(cursor.fetchall())


def test_import_reads_no_table_from_end_to_end_for_every_row(monkeypatch, posts_reader):
    monkeypatch.setattr(flow, "_THREADS", THREADS // BATCHES)
    imported(range(2))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # There are few rows, it is told.
    before = scanned()
    imported(range(THREADS))
    after = scanned()
    assert Utterance.objects.count() == POSTS * THREADS
    for table in REFERRED_TO:  # Once a batch at most, not once a row.
        assert after[table] - before[table] < BATCHES * POSTS * THREADS, table
    if connection.vendor == "postgresql":  # And all else is planned as before.
        with connection.cursor() as cursor:
            cursor.execute("SHOW enable_seqscan")
            assert cursor.fetchone() == ("on",)
