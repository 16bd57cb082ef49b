"""An empty folder, and a format of structured threads that all tests of importing may use."""

import pytest

from forumimport import importer, readers
from forumimport.readers import Source
from tests.importing.posts import PostsReader, lines


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, empty: paths in messages are as short as they were given."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def posts_reader(monkeypatch):
    monkeypatch.setitem(readers.READERS, "posts", PostsReader())


@pytest.fixture
def import_threads_of_posts(db, posts_reader):
    """Import structured threads as one file and return the outcomes."""

    def import_them(*threads, run=..., name="dump.posts", **options):
        run = importer.start_run({}) if run is ... else run
        options = {"collection": "Garden talk"} | options
        source = Source(name, lines(*threads))
        return list(importer.import_sources([source], run=run, **options))

    return import_them
