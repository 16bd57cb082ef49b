"""Drafts to rows: outcomes, the same bytes again, and imports that were interrupted."""

import pytest
from django.db import connection, transaction
from haystack.query import SearchQuerySet

from corpus.models import Basis, Collection, Quotation, SourceDocument, Thread, Utterance
from forumimport import importer, indexing, projection
from forumimport.importer import Created, Failed, Skipped, flow, reading
from forumimport.models import ImportProblem, ImportRun, PendingPost
from forumimport.readers import Source
from tests.importing.rows import counts, snapshot

ONIONS = """\
On onions

Red ones keep longest, at least in my cellar, and they make no one cry.

I have twelve strings of them.


White ones taste better.


Red ones keep longest, at least in my cellar, and they make no one cry.

Mine cried.
"""
LEEKS = "Leeks\n\nDeep or shallow?\n\n\nDeep.\n"
CHARD = "Chard\n\nWhy does it bolt?\n\n\nBecause it can.\n\n\nDrought, mostly.\n"
SOURCES = [
    Source("onions.txt", ONIONS.encode()),
    Source("leeks.txt", LEEKS.encode()),
    Source("chard.txt", CHARD.encode("utf-16")),
]


def imported(*sources, run=..., **options):
    run = importer.start_run({}) if run is ... else run
    options = {"collection": "Garden talk"} | options
    return list(importer.import_sources(sources, run=run, **options))


def clean_run():
    """The rows that one undisturbed import of all sources writes; nothing of it stays."""
    with transaction.atomic():
        imported(*SOURCES)
        rows = snapshot()
        transaction.set_rollback(True)
    return rows


def test_import_creates_the_rows_that_the_text_shows(db):
    (outcome,) = imported(SOURCES[0])
    thread = Thread.objects.get()
    assert (outcome.thread, outcome.posts) == (thread, 3)
    assert (thread.title, thread.collection.name, thread.held) == (
        "On onions",
        "Garden talk",
        False,
    )
    document = thread.documents.get()
    assert (document.text, document.origin) == (ONIONS, "onions.txt")
    assert (document.format, document.encoding, document.encoding_basis) == (
        "text",
        "utf-8",
        Basis.ATTESTED,
    )
    first, _second, third = Utterance.objects.in_order()
    assert (third.reply_to, third.reply_basis) == (first, Basis.INFERRED)
    quotation = Quotation.objects.get()
    assert (quotation.utterance, quotation.source, quotation.extent) == (
        third,
        first,
        Quotation.Extent.FRAGMENT,
    )
    words = "Red ones keep longest, at least in my cellar, and they make no one cry."
    assert quotation.span.of(ONIONS) == words
    assert ONIONS[quotation.source_start : quotation.source_end] == words


def test_import_yields_an_outcome_for_each_source_in_order(db):
    imported(SOURCES[1])
    run = importer.start_run({})
    absent = Failed("gone.txt", "gone.txt does not exist.")
    outcomes = imported(absent, *SOURCES, Source("nothing.txt", b""), run=run)
    assert [type(outcome) for outcome in outcomes] == [Failed, Created, Skipped, Created, Failed]
    assert outcomes[2].document.origin == "leeks.txt"
    run.refresh_from_db()
    assert (run.threads, run.posts, run.skipped, run.failed) == (2, 6, 1, 2)
    assert list(run.problems.values_list("kind", "origin", "reason")) == [
        ("failed", "gone.txt", "gone.txt does not exist."),
        (
            "failed",
            "nothing.txt",
            "nothing.txt is empty; a thread text has a title line and then the posts.",
        ),
    ]


def test_import_notes_a_guessed_encoding(db):
    text = "Zwiebeln\n\nSchöne Grüße aus Köln, das hätte ich nicht gedacht."
    (outcome,) = imported(Source("zwiebeln.txt", text.encode("cp1252")))
    document = outcome.thread.documents.get()
    assert (document.text, document.encoding, document.encoding_basis) == (
        text,
        "cp1252",
        Basis.INFERRED,
    )
    assert list(ImportProblem.objects.values_list("kind", "origin", "reason")) == [
        (
            "notice",
            "zwiebeln.txt",
            "The encoding is not stated; read as cp1252. "
            "If characters look wrong, import it with --encoding NAME.",
        )
    ]


def test_import_knows_bytes_not_names(db):
    imported(SOURCES[0])
    (renamed,) = imported(Source("renamed.txt", SOURCES[0].content), collection="Elsewhere")
    (encoded,) = imported(Source("onions.txt", ONIONS.encode("utf-16")))
    assert isinstance(renamed, Skipped)
    assert isinstance(encoded, Created)
    assert not Collection.objects.filter(name="Elsewhere").exists()


def test_import_without_a_run_writes_nothing(db):
    before = counts()
    outcomes = imported(*SOURCES, Source("nothing.txt", b""), run=None)
    assert [type(outcome) for outcome in outcomes] == [Created, Created, Created, Failed]
    assert [outcome.posts for outcome in outcomes[:3]] == [3, 2, 3]
    assert [outcome.thread for outcome in outcomes[:3]] == [None, None, None]
    assert counts() == before


def test_import_again_changes_nothing(db):
    imported(*SOURCES)
    rows = snapshot()
    assert {type(outcome) for outcome in imported(*SOURCES)} == {Skipped}
    assert snapshot() == rows


def test_import_into_two_collections_keeps_them_apart(db):
    imported(SOURCES[0])
    imported(SOURCES[1], collection="Kitchen talk")
    assert list(Thread.objects.order_by("pk").values_list("title", "collection__name")) == [
        ("On onions", "Garden talk"),
        ("Leeks", "Kitchen talk"),
    ]


class PowerCut(BaseException):
    """Nothing in the project may catch it."""


@pytest.mark.parametrize("fault", [RuntimeError, PowerCut])
@pytest.mark.parametrize("shown", [False, True], ids=["before projection", "after projection"])
def test_import_is_completed_after_a_fault_in_the_second_file(db, monkeypatch, fault, shown):
    expected = clean_run()
    show_new = projection.show_new

    def faulty(threads, forum):
        second = Thread.objects.count() == 2
        if shown or not second:
            show_new(threads, forum)
        if second:
            raise fault

    with monkeypatch.context() as patched:
        patched.setattr(flow, "_THREADS", 1)
        patched.setattr(projection, "show_new", faulty)
        with pytest.raises(fault):
            imported(*SOURCES)
    assert list(Thread.objects.values_list("title", flat=True)) == ["On onions"]
    assert ImportRun.objects.get().state == ImportRun.State.RUNNING

    again = imported(*SOURCES)
    assert [type(outcome) for outcome in again] == [Skipped, Created, Created]
    assert snapshot() == expected


class CutAt:
    """Database wrapper that lets ``statements`` pass and cuts the power at the next."""

    def __init__(self, statements):
        self.left = statements

    def __call__(self, execute, sql, params, many, context):
        if "SAVEPOINT" not in sql:
            self.left -= 1
            if self.left == -1:
                raise PowerCut
        return execute(sql, params, many, context)


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_import_is_completed_after_a_cut_at_any_statement(db, monkeypatch, batch):
    expected = clean_run()
    monkeypatch.setattr(flow, "_THREADS", batch)
    statements = CutAt(-1)
    with transaction.atomic(), connection.execute_wrapper(statements):
        imported(*SOURCES)
        transaction.set_rollback(True)
    total = -1 - statements.left
    assert total > 30
    # Every third: all kinds of statements in all three files, in a second or two.
    for number in range(0, total, 3):
        with transaction.atomic():
            with pytest.raises(PowerCut), connection.execute_wrapper(CutAt(number)):
                imported(*SOURCES)
            imported(*SOURCES)
            assert snapshot() == expected, f"cut at statement {number}"
            transaction.set_rollback(True)


def test_import_skips_what_another_process_imported_meanwhile(db, monkeypatch):
    segmented, others = reading.segmented, []

    def while_another_imports(found):
        if found and not others:
            others.append(True)
            others.extend(imported(SOURCES[0]))
        return segmented(found)

    monkeypatch.setattr(reading, "segmented", while_another_imports)
    (mine,) = imported(SOURCES[0])
    assert isinstance(others[1], Created)
    assert isinstance(mine, Skipped)
    assert mine.document == SourceDocument.objects.get()
    assert Thread.objects.get() == others[1].thread


@pytest.mark.django_db(transaction=True)
def test_import_is_found_as_soon_as_it_is_committed():
    (outcome,) = imported(SOURCES[0])
    assert SearchQuerySet().filter(topic_subject="onions").count() == outcome.posts
    assert not PendingPost.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_import_that_could_not_index_is_found_later(settings, caplog):
    settings.CORPUS_SEARCH_CONNECTION = "absent"
    imported(SOURCES[0])
    assert "The search index could not follow; 3 posts wait." in caplog.text
    del settings.CORPUS_SEARCH_CONNECTION
    imported(SOURCES[1])
    assert SearchQuerySet().count() == 5
    assert indexing.catch_up() == 0
