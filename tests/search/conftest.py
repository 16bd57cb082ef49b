"""Search pages behind each kind of engine: ours, one that only haystack speaks to, and none."""

import pytest
from haystack import connections

from forumimport import indexing

OURS = "corpus.search.whoosh_backend.WhooshEngine"
STOCK = "haystack.backends.whoosh_backend.WhooshEngine"
SIMPLE = "haystack.backends.simple_backend.SimpleEngine"


@pytest.fixture(params=[OURS, STOCK, SIMPLE], ids=["ours", "stock", "simple"])
def search_engine(request, monkeypatch, settings):
    """The posts' connection speaks to this engine; its dotted path."""
    told = settings.HAYSTACK_CONNECTIONS["default"] | {"ENGINE": request.param}
    monkeypatch.setitem(connections.connections_info, "default", told)
    connections.reload("default")
    yield request.param
    monkeypatch.undo()
    connections.reload("default")


@pytest.fixture
def knows_forms(search_engine):
    """Whether the engine finds other forms of a word than the one asked for."""
    return search_engine == OURS


@pytest.fixture
def catch_up():
    return indexing.catch_up
