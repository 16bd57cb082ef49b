"""What the tests of several features need: an index of one's own, a collection, imported text."""

import shutil
from pathlib import Path

import pytest
from haystack import connections

from corpus import conf
from corpus.models import Collection, Thread
from forumimport import importer, indexing
from forumimport.importer import Created
from forumimport.readers import Source


@pytest.fixture(autouse=True)
def clear_index(settings):
    """Leave no search document of a test to the next. Costs nothing where none was written."""
    yield
    alias = conf.search_connection()
    folder = Path(settings.HAYSTACK_CONNECTIONS[alias]["PATH"])
    if folder.exists():
        shutil.rmtree(folder)
        connections.reload(alias)


@pytest.fixture
def collection(db) -> Collection:
    return Collection.objects.create(name="Garden talk")


@pytest.fixture
def import_text(db):
    """Import a text as a UTF-8 file and return its thread; searched at once if ``indexed``."""

    def import_text(
        text: str,
        *,
        collection: str = "Garden talk",
        origin: str = "thread.txt",
        hold: bool = False,
        indexed: bool = True,
    ) -> Thread:
        outcomes = importer.import_sources(
            [Source(origin, text.encode())],
            collection=collection,
            run=importer.start_run({}),
            hold=hold,
        )
        if indexed:
            with indexing.postponed():
                (outcome,) = outcomes
        else:
            (outcome,) = outcomes
        assert isinstance(outcome, Created), outcome
        assert outcome.thread is not None
        return outcome.thread

    return import_text
