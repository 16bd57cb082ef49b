"""The site's index behind our engine, and a small index of other things beside it."""

import pytest
from haystack import connections

from corpus.models import Collection, Quotation, SourceDocument, Thread, Utterance
from forumimport import projection

ENGINE = "corpus.search.whoosh_backend.WhooshEngine"


@pytest.fixture(autouse=True)
def our_engine(monkeypatch, settings):
    """The connections of the test speak to our engine."""
    told = settings.HAYSTACK_CONNECTIONS["default"] | {"ENGINE": ENGINE, "INCLUDE_SPELLING": True}
    monkeypatch.setitem(connections.connections_info, "default", told)
    connections.reload("default")
    yield
    monkeypatch.undo()
    connections.reload("default")


@pytest.fixture
def backend():
    return connections["default"].get_backend()


@pytest.fixture
def make_thread(db):
    """Store a thread of these posts, the copied part of each named apart, and show it."""

    def make_thread(*posts, title="Beans", language="en", collection="Garden talk"):
        collection, _ = Collection.objects.get_or_create(
            name=collection, defaults={"language": language}
        )
        thread = Thread.objects.create(collection=collection, title=title)
        spoken = [post if isinstance(post, tuple) else ("", post) for post in posts]
        text = "\n\n".join(copied + own for copied, own in spoken)
        document = SourceDocument.objects.create(
            thread=thread, text=text, characters=len(text), sha256=f"{thread.pk:064x}"
        )
        at = 0
        for copied, own in spoken:
            end = at + len(copied + own)
            utterance = Utterance.objects.create(document=document, start=at, end=end)
            if copied:
                Quotation.objects.create(
                    utterance=utterance, start=at, end=at + len(copied), extent="unknown"
                )
            at = end + 2
        projection.project(thread.pk)
        return thread

    return make_thread
