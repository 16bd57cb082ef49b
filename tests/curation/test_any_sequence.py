"""Whatever is imported, and whatever curators then do: what always holds, holds."""

import random
from datetime import UTC, datetime

import pytest
from django.db import transaction
from haystack import connections
from haystack.query import SearchQuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import conf, invariants
from corpus.curation import (
    AddQuotation,
    AssignDate,
    AssignReply,
    AssignSpeaker,
    ChangeQuotation,
    ConfirmQuotation,
    ConfirmThread,
    ConfirmUtterance,
    DeleteThread,
    DismissSpan,
    FlagSpan,
    HoldThread,
    LiftRedaction,
    MarkBoilerplate,
    MergeThreads,
    MergeUtterance,
    MoveBoundary,
    MoveThread,
    RedactSpan,
    ReleaseThread,
    RemoveQuotation,
    RenameSpeaker,
    ResegmentThread,
    ResolveFlag,
    RestoreThread,
    RetitleThread,
    SplitThread,
    SplitUtterance,
    UndoEvent,
    UnmarkBoilerplate,
    pseudonyms,
    reviews,
    together,
)
from corpus.errors import OperationRefused
from corpus.models import (
    Boilerplate,
    Collection,
    CurationEvent,
    Dismissal,
    Flag,
    Quotation,
    Redaction,
    SourceDocument,
    Speaker,
    Thread,
    ThreadReview,
    Utterance,
)
from corpus.search.fields import WordsField
from forumimport import importer, indexing, projection
from forumimport import invariants as forum_invariants
from forumimport.engines import engine
from forumimport.importer import Created, Failed
from forumimport.models import ProjectedPost, ProjectedTopic
from forumimport.readers import Source
from tests.texts import bodies, threads

pytestmark = pytest.mark.django_db


def everything_holds():
    """Corpus, forum, index and the counts of the curators' queue are as they must be."""
    indexing.catch_up()
    kept = list(ThreadReview.objects.order_by("pk").values())
    reviews.refresh([row["thread_id"] for row in kept])
    assert list(ThreadReview.objects.order_by("pk").values()) == kept
    found = [*invariants.violations(), *forum_invariants.violations()]
    assert found == []
    assert indexed() == to_be_indexed()


#: What a document in the index says, as far as it is stored.
_SAID = (
    *("text", "quoted", "quotations", "speaker", "state", "topic_subject", "forum_name"),
    *("created", "updated", "utterance", "language"),
)


def said(document):
    values = ((name, document.get(name)) for name in _SAID)
    return {name: None if value in ("", None) else str(value) for name, value in values}


def indexed():
    return {int(hit.pk): said(hit.get_stored_fields()) for hit in SearchQuerySet()}


def to_be_indexed():
    post_model = engine().models()[2]
    index = connections[conf.search_connection()].get_unified_index().get_index(post_model)
    rows = index.documents(index.index_queryset())
    words = ("text", "quoted")
    return {
        int(row["django_id"]): said(
            {**row, **{name: WordsField.shown(row[name] or "") for name in words}}
        )
        for row in rows
    }


def imported(text):
    sources = [Source("any.txt", text.encode())]
    (outcome,) = importer.import_sources(sources, collection="Any", run=importer.start_run({}))
    return outcome


def rows():
    """All that operations may change, as stored."""
    # A thread that was split off and is one again stays as a deleted row without a word of its own.
    whole = SourceDocument.objects.filter(copy_of=None).order_by("pk")
    threads = Thread.objects.filter(documents__in=whole).distinct().order_by("pk")
    return [
        list(whole.values()),
        list(threads.values("title", "held", "deleted", "collection")),
        list(Boilerplate.objects.filter(document__in=whole).order_by("pk").values()),
        *(
            list(model.objects.order_by("pk").values())
            for model in (Utterance, Quotation, Redaction, Dismissal, Flag)
        ),
    ]


def link_words(chance):
    """Let words of every document lead somewhere, as in a saved page."""
    for document in SourceDocument.objects.order_by("pk"):
        start, end = sorted(chance.sample(range(document.characters + 1), 2))
        document.links.create(start=start, end=end, address="https://a.example/u/ada")
        projection.project(document.thread_id)


def some_thread(chance):
    threads = Thread.objects.filter(documents__utterances__isnull=False).distinct()
    return chance.choice(threads.order_by("pk")) if threads else None


def some_operation(thread, chance):
    """An operation on any of the thread's rows, sensible or not."""
    utterances = list(Utterance.objects.of_thread(thread.pk).in_order())
    one = chance.choice(utterances)
    events = list(CurationEvent.objects.all())
    other = chance.choice(utterances)
    quotations = list(Quotation.objects.filter(utterance__in=utterances))
    boilerplate = list(Boilerplate.objects.filter(document=one.document_id))
    redactions = list(Redaction.objects.filter(document=one.document_id))
    flags = list(Flag.objects.filter(document=one.document_id))
    start, end = sorted(chance.sample(range(one.start, one.end + 1), 2))
    kinds = [
        lambda: SplitUtterance(one, chance.randint(one.start, one.end)),
        lambda: MergeUtterance(one),
        lambda: MoveBoundary(one, chance.randint(max(0, one.start - 40), one.end)),
        lambda: AssignSpeaker(one, chance.choice(["", "Ada", "Bo <b>", "שרה"])),
        lambda: AssignDate(one, chance.choice([None, datetime(2009, 3, 1, tzinfo=UTC)]), "month"),
        lambda: AssignReply(one, chance.choice([None, other])),
        lambda: AddQuotation(one, start, end, chance.choice([None, other])),
        lambda: MarkBoilerplate(one, start, chance.choice([end, one.end])),
        lambda: MarkBoilerplate(one, one.start, end, "signature"),
        lambda: RedactSpan(one.document, start, end, "name"),
        lambda: DismissSpan(one.document, start, end),
        lambda: ConfirmUtterance(one),
        lambda: RetitleThread(thread, chance.choice(["Another", "<i>title</i>", "x" * 300, " "])),
        lambda: HoldThread(thread),
        lambda: ReleaseThread(thread),
        lambda: MoveThread(thread, chance.choice(Collection.objects.all())),
        lambda: MergeThreads(thread, chance.choice(Thread.objects.all())),
        lambda: SplitThread(one, "Split off"),
        lambda: RenameSpeaker(thread, chance.choice(["", "Ada"]), chance.choice(["", "Bo <b>"])),
        lambda: ResegmentThread(thread),
        lambda: DeleteThread(thread),
        lambda: RestoreThread(thread),
        lambda: ConfirmThread(thread, chance.random()),
        lambda: FlagSpan(one.document, start, end, "Look here"),
    ]
    if quotations:
        quotation = chance.choice(quotations)
        kinds += [
            lambda: ChangeQuotation(quotation, chance.choice([None, other])),
            lambda: RemoveQuotation(quotation),
            lambda: ConfirmQuotation(quotation),
        ]
    if boilerplate:
        kinds.append(lambda: UnmarkBoilerplate(chance.choice(boilerplate)))
    if redactions:
        kinds.append(lambda: LiftRedaction(chance.choice(redactions)))
    if flags:
        kinds.append(lambda: ResolveFlag(chance.choice(flags)))
    if events:
        kinds.append(lambda: UndoEvent(chance.choice(events)))
    return chance.choice(kinds)()


@pytest.fixture
def rolled_back():
    """Each example in a transaction of its own that leaves nothing behind."""

    def run(example):
        with transaction.atomic():
            try:
                example()
            finally:
                transaction.set_rollback(True)
                connections[conf.search_connection()].get_backend().clear()

    return run


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=threads(), seed=st.integers(0, 2**32))
def test_invariants_hold_after_every_step_and_undoing_all_restores_all(text, seed, rolled_back):
    def example():
        outcome = imported(text)
        everything_holds()
        if isinstance(outcome, Failed):
            return
        # In which speakers bear pseudonyms, and links show nothing.
        list(pseudonyms.switch(Collection.objects.create(name="Another"), True))
        imported("Second page\n\nWe planted beans early.\n\n\nNobody saw it but frost came.")
        chance = random.Random(seed)
        link_words(chance)
        before, done = rows(), []
        for _ in range(12):
            thread = some_thread(chance)
            if thread is None:
                break
            try:
                done.append(some_operation(thread, chance).execute())
            except OperationRefused:
                continue
            everything_holds()
        for event in reversed(done):
            UndoEvent(event).execute()
            everything_holds()
        assert rows() == before
        assert Speaker.objects.count() <= 6  # Three, in each of the collections.

    rolled_back(example)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=bodies)
def test_any_text_is_imported_whole_or_refused(body, rolled_back):
    def example():
        outcome = imported(f"Title\n\n{body}")
        assert isinstance(outcome, Created) or outcome.reason.startswith("any.txt ")
        everything_holds()

    rolled_back(example)


def forum_rows():
    """All that the forum shows of the corpus, as stored; when a row was last written aside."""
    _forum, topic, post = engine().models()
    return [
        [{**row, "updated": None} for row in model.objects.order_by("pk").values()]
        for model in (topic, post, ProjectedTopic, ProjectedPost)
    ]


def carried_out(operations):
    """Carry out what is not refused, as one step for the forum, and return the events."""
    events = []
    with together():
        for operation in operations:
            try:
                events.append(operation.execute())
            except OperationRefused:
                continue
    return events


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=threads(), seed=st.integers(0, 2**32))
def test_projecting_what_a_step_touched_gives_the_rows_of_projecting_all(text, seed, rolled_back):
    def followed():
        shown = forum_rows()
        for key in Thread.objects.values_list("pk", flat=True):
            projection.project(key)
        assert shown == forum_rows()

    def example():
        outcome = imported(text)
        if isinstance(outcome, Failed):
            return
        # In which speakers bear pseudonyms, and links show nothing.
        list(pseudonyms.switch(Collection.objects.create(name="Another"), True))
        imported("Second page\n\nWe planted beans early.\n\n\nNobody saw it but frost came.")
        chance, done = random.Random(seed), []
        link_words(chance)
        for _ in range(8):
            thread = some_thread(chance)
            if thread is None:
                break
            at_once = chance.choice([1, 1, 3])
            done += carried_out([some_operation(thread, chance) for _ in range(at_once)])
            followed()
        for event in reversed(done):
            carried_out([UndoEvent(event)])
            followed()

    rolled_back(example)
