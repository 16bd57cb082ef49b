"""PostgreSQL is told how large its tables have become, while an import is still at it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forumimport import importer
from forumimport.importer import flow, statistics
from forumimport.readers import Source
from tests.importing.posts import lines

pytestmark = pytest.mark.django_db(transaction=True)


def talk(number):
    posts = [{"id": f"p{n}", "text": f"Post {n} of {number}."} for n in range(10)]
    return {"id": f"t{number}", "title": f"Thread {number}", "posts": posts}


@pytest.fixture
def looks(monkeypatch, posts_reader):
    """Import so many threads, one a transaction, and return how often the tables are looked at."""
    monkeypatch.setattr(statistics, "_FEW", 15)
    monkeypatch.setattr(flow, "_THREADS", 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # What earlier tests stored is no longer there.

    def looks(threads):
        source = Source("talks.posts", lines(*map(talk, threads)))
        with CaptureQueriesContext(connection) as queries:
            run = importer.start_run({})
            list(importer.import_sources([source], run=run, collection="Garden talk"))
        return sum(query["sql"].startswith("ANALYZE") for query in queries)

    return looks


def test_tables_are_looked_at_each_time_they_are_ten_times_as_large(looks):
    # At 20 posts and at 200; from then on not before 2,000.
    seen = [looks(range(25)), looks(range(25, 30))]
    assert seen == ([2, 0] if connection.vendor == "postgresql" else [0, 0])
