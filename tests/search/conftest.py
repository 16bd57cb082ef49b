"""Search pages behind each kind of engine: ours, one that only haystack speaks to, and none.

And behind a server, where one is named: ``CORPUS_TEST_ENGINE`` is haystack's engine for it and
``CORPUS_TEST_ENGINE_URL`` where it listens. The index ``corpus-tests`` there is emptied.
"""

import os

import pytest
from haystack import connections

from forumimport import indexing

OURS = "corpus.search.whoosh_backend.WhooshEngine"
STOCK = "haystack.backends.whoosh_backend.WhooshEngine"
SIMPLE = "haystack.backends.simple_backend.SimpleEngine"


ENGINES = {"ours": OURS, "stock": STOCK, "simple": SIMPLE}
if "CORPUS_TEST_ENGINE" in os.environ:
    ENGINES["server"] = os.environ["CORPUS_TEST_ENGINE"]


@pytest.fixture(params=ENGINES.values(), ids=ENGINES)
def search_engine(request, monkeypatch, settings):
    """The posts' connection speaks to this engine; its dotted path."""
    told = settings.HAYSTACK_CONNECTIONS["default"] | {"ENGINE": request.param}
    if request.param == os.environ.get("CORPUS_TEST_ENGINE"):
        told |= {"URL": os.environ["CORPUS_TEST_ENGINE_URL"], "INDEX_NAME": "corpus-tests"}
    monkeypatch.setitem(connections.connections_info, "default", told)
    connections.reload("default")
    if "URL" in told:
        connections["default"].get_backend().clear()
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
