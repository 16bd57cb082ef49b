"""The posts' own index: quotations apart, languages, redactions, rebuilding while all goes on."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django import db
from django.core.management import CommandError, call_command
from haystack import connections
from haystack.inputs import Raw
from haystack.query import SearchQuerySet

from corpus.curation import RedactSpan
from corpus.management.commands.rebuild_index import Command as RebuildIndex
from corpus.search.whoosh_backend import rebuilding, workers
from forumimport import invariants
from forumimport.engines import engine
from forumimport.management.commands.update_index import Command as UpdateIndex
from forumimport.models import PendingPost, ProjectedPost
from forumimport.search_indexes import PostIndex

pytestmark = pytest.mark.django_db(transaction=True)

POSTS = (
    "The frost took all my beans this spring, not one of them is left and I am sad. <b>",
    (
        "The frost took all my beans this spring. <b>",
        "\n\nCover them with #curtains at night, @Ada: the frosts don't spare anybody.",
    ),
    "Gardening is running late, naïve as I am; see https://example.org/late.",
)


def numbers(results):
    """The numbers of the posts found, in their thread."""
    keys = [int(result.pk) for result in results]
    rows = ProjectedPost.objects.filter(post__in=keys)
    return sorted(rows.values_list("position", flat=True))


@pytest.fixture
def thread(our_engine, make_thread):
    return make_thread(*POSTS)


def positions(query, **narrowed):
    found = SearchQuerySet().filter(content=query) if query else SearchQuerySet()
    found = found.filter(**narrowed) if narrowed else found
    return numbers(found)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("beans", [1]), ("bean", [1]), ("frost", [1, 2]), ("I", [1, 3]), ("them", [1, 2]),
        ("curtain", [2]), ("don't", [2]), ("anybody", [2]), ("ada", [2]), ("garden", [3]),
        ("naive", [3]), ("naïve", [3]), ("example", [3]), ("example.org", [3]), ("b", [1]),
        ("lt", []), ("gt", []), ("amp", []),
    ],
)  # fmt: skip
def test_words_are_found_where_they_were_said(thread, query, expected):
    assert positions(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("豆", [1, 2]), ("豆子", [2]), ("中文论坛", [2]), ("カタカナ", [1]), ("東京", [1]),
        ("东京", []), ("ถั่ว", [3]), ("العربيّة", [4]), ("العربية", [4]),
        ("strasse", [5]), ("STRAẞE", [5]),
        ("ısparta", [5]), ("resume", [5]), ("don't", [5]), ("donʼt", [5]), ("garden", [5]),
        ("👍", [5]), ("👍🏽", [5]),
    ],
)  # fmt: skip
def test_words_of_every_script_are_found(our_engine, make_thread, query, expected):
    make_thread(
        "霜で豆が枯れました。東京でカタカナ。",
        "霜冻毁了我的豆子。中文论坛。",
        "น้ำค้างแข็งทำลายถั่วของฉัน",
        "أتكلم العربيّة.",
        "Straße, ISPARTA; re\u0301sume\u0301: I don’t gar\u00adden 👍🏽",
    )
    assert positions(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("g*ng", [3]),
        ("B?ANS", [1]),
        ("curt*", [2]),
        ("*body", [2]),
        ("frost*", [1, 2]),
        ("*", [1, 2, 3]),
    ],
)
def test_wildcards_are_for_words_as_written(thread, query, expected):
    assert numbers(SearchQuerySet().filter(content=Raw(query))) == expected


def test_quotations_are_found_apart(thread):
    assert positions(None, quoted="beans") == [2]
    assert positions(None, text_exact="frosts") == [2]


def test_text_is_stored_safe_to_print(thread):
    (result,) = SearchQuerySet().filter(content="beans").highlight()
    assert result.text.endswith("and I am sad. &lt;b&gt;")
    assert result.highlighted["text"][0].endswith(
        "<em>beans</em> this spring, not one of them is left and I am sad. &lt;b&gt;"
    )


def test_stems_are_those_of_the_collections_language(our_engine, make_thread):
    make_thread("Les maisons sont grandes.", "Et l'homme aussi.", language="fr-CA")
    call_command(RebuildIndex(), workers=1, verbosity=0)
    assert positions("maison") == [1]
    assert positions("homme") == [2]


def test_documents_take_few_queries_however_many_posts(thread, django_assert_num_queries):
    with django_assert_num_queries(7):
        assert len(list(PostIndex().documents(engine().documents()))) == 3


@pytest.mark.parametrize("processes", [1, 2])
def test_rebuild_gives_the_same_index(thread, make_thread, backend, monkeypatch, processes):
    monkeypatch.setattr(workers, "_SHARE", 1)
    make_thread("One.", "Two.", title="More")
    before = stored(backend)
    told = []
    assert backend.rebuild(processes=processes, progress=lambda *step: told.append(step)) == 5
    assert stored(backend) == before
    assert told[-1] == ("Posts", 5, 5)
    assert not invariants.misindexed()


def test_search_goes_on_during_a_rebuild_and_changes_arrive(thread, backend, monkeypatch):
    Post = engine().models()[2]
    written = workers.written

    def meanwhile(*arguments):
        parts = written(*arguments)
        assert positions("beans") == [1]
        _first, second, _third = Post.objects.order_by("pk")
        second.delete()  # Comes back as another post: it shows an utterance.
        assert len(positions("curtain")) == 1
        return parts

    monkeypatch.setattr(workers, "written", meanwhile)
    backend.rebuild()
    assert len(positions("curtain")) == 1
    assert not invariants.misindexed()
    assert not (backend.folder / rebuilding.FOLDER).exists()


def test_an_interrupted_rebuild_leaves_the_old_index(thread, backend, monkeypatch):
    def interrupted(writer):
        raise KeyboardInterrupt

    before = stored(backend)
    with monkeypatch.context() as patch:
        patch.setattr(backend, "_gather_changes", interrupted)
        with pytest.raises(KeyboardInterrupt):
            backend.rebuild()
    assert stored(backend) == before
    backend.rebuild()
    assert stored(backend) == before


def test_a_failing_process_fails_the_rebuild(thread, backend, monkeypatch):
    def fails(self, posts):
        raise ValueError("no documents today")

    before = stored(backend)
    monkeypatch.setattr(workers, "_SHARE", 1)
    with monkeypatch.context() as patch:
        patch.setattr(PostIndex, "documents", fails)
        with pytest.raises(Exception, match="no documents today"):
            backend.rebuild(processes=2)
    assert stored(backend) == before


def test_an_index_started_anew_is_not_taken_for_the_old_one(thread, backend):
    import shutil

    assert positions("beans") == [1]
    generation = backend._pool._snapshot.stamp.generation
    shutil.rmtree(backend.folder)
    assert positions("beans") == []
    for _ in range(generation):
        with backend.writer():
            pass
    assert positions("beans") == []


def test_pending_posts_are_indexed_by_the_command(thread, capsys):
    post = engine().models()[2].objects.first()
    engine().models()[2].objects.filter(pk=post.pk).update(approved=False)
    PendingPost.objects.create(post_id=post.pk)
    call_command(UpdateIndex(), pending=True)
    assert capsys.readouterr().out == "Indexed 1 changes that waited.\n"
    assert not invariants.misindexed()


def test_update_index_with_several_workers_writes_with_one_and_says_so(thread, backend, capsys):
    backend.clear()
    call_command(UpdateIndex(), workers=2, verbosity=0)
    told = "update_index writes with one process; rebuild_index can use several.\n"
    assert capsys.readouterr().err == told
    assert not invariants.misindexed()


def test_update_index_between_dates_names_the_package_that_it_needs(thread, monkeypatch):
    monkeypatch.setitem(sys.modules, "dateutil", None)
    with pytest.raises(CommandError, match="pip install python-dateutil"):
        call_command(UpdateIndex(), start_date="2004-01-01")


@pytest.mark.parametrize("query", ["created:x*", "forum:x*", "forum:[a TO b]", "text:[", '"'])
def test_a_query_that_makes_no_sense_finds_nothing(thread, query):
    assert list(SearchQuerySet().filter(content=Raw(query))) == []


def test_an_index_for_other_fields_is_told_and_cleared_away(thread, backend, caplog):
    old = backend.name
    for file in [*backend.folder.glob(f"*{old}*")]:
        file.rename(file.with_name(file.name.replace(old, "corpus100000000")))
    backend.setup()
    assert "was written for other fields; run rebuild_index" in caplog.text
    assert positions("beans") == []
    backend.rebuild()
    assert positions("beans") == [1]
    assert not list(backend.folder.glob("*corpus100000000*"))


def test_threads_search_while_the_index_changes(thread, backend):
    def search(_):
        counts = {len(positions("frost")) for _ in range(10)}
        db.connections.close_all()
        return counts

    with ThreadPoolExecutor(4) as threads:
        searching = threads.map(search, range(4))
        for _ in range(6):
            backend.rebuild()
        assert set().union(*searching) == {2}


@pytest.mark.parametrize("listed", ["the old state", "neither"])
def test_index_that_is_replaced_while_it_is_looked_for_is_found(
    thread, backend, monkeypatch, listed
):
    """It may be listed before the new state is there, and looked into when the old one is gone."""
    scandir = os.scandir

    @contextmanager
    def late(folder):
        monkeypatch.setattr(os, "scandir", scandir)
        with scandir(folder) as entries:
            before = list(entries)
        backend.rebuild()
        yield iter(before if listed == "the old state" else [])

    assert positions("frost") == [1, 2]
    monkeypatch.setattr(os, "scandir", late)
    assert positions("frost") == [1, 2]
    assert os.scandir is scandir
    monkeypatch.setattr(os, "scandir", late)
    with backend.writer():  # Opens it anew, and creates none in its place.
        assert os.scandir is scandir
    assert positions("frost") == [1, 2]


def test_update_reads_nothing_before_it_may_write(thread, backend, monkeypatch):
    """Else what was read before a redaction would be written behind it, and nothing be pending."""
    writer = type(backend).writer

    @contextmanager
    def late(self):
        monkeypatch.setattr(type(backend), "writer", writer)
        document = thread.documents.get()
        at = document.text.index("curtains")
        RedactSpan(document, at, at + len("curtains"), "other").execute()
        with writer(self) as opened:
            yield opened

    index = connections["default"].get_unified_index().get_index(engine().models()[2])
    assert positions("curtains") == [2]
    monkeypatch.setattr(type(backend), "writer", late)
    backend.update(index, index.index_queryset())
    assert not PendingPost.objects.exists()
    assert positions("curtains") == []


def stored(backend):
    connections.reload("default")
    return {
        result.pk: (result.text, result.quoted, result.created, result.topic)
        for result in SearchQuerySet()
    }
