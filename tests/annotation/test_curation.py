"""What curators do moves no annotation, and loses none."""

import random

import pytest
from django.db import transaction
from django.urls import reverse
from haystack import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import conf, invariants
from corpus.annotation.coding import Coding, annotate
from corpus.annotation.reviewing import posts_under, settle, to_review
from corpus.curation import MergeUtterance, MoveBoundary, RedactSpan, SplitUtterance, UndoEvent
from corpus.errors import AnnotationRefused, OperationRefused
from corpus.models import Annotation, Layer, Utterance
from forumimport import importer
from forumimport.importer import Failed
from forumimport.readers import Source
from tests.annotation.conftest import TEXT, coded, posts
from tests.curation.test_any_sequence import some_operation
from tests.texts import threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def layer(assigned):
    return assigned[0].layer


@pytest.fixture
def thanks(layer, code, thread):
    def thanks(number):
        post = posts(thread)[number]
        return annotate(layer, Coding(code("thanks").pk, post.document_id, post.start, post.end))

    return thanks


def reviewed():
    return list(to_review(Layer.objects.all()))


def test_post_that_is_split_is_listed_and_its_code_stays(thread, thanks, layer):
    made = thanks(1)
    before = coded(layer)
    assert reviewed() == []
    event = SplitUtterance(posts(thread)[1], TEXT.index("Cover")).execute()
    assert (coded(layer), reviewed()) == (before, [made])
    UndoEvent(event).execute()
    assert (coded(layer), reviewed()) == (before, [])


def test_cut_code_is_settled_on_the_posts_that_a_person_chooses(thread, thanks, layer):
    made = thanks(1)
    SplitUtterance(posts(thread)[1], TEXT.index("Cover")).execute()
    first, second = posts_under(made)
    settle(made, [first, second])
    assert [words for _code, words in coded(layer)] == [
        "The frost took all my beans this spring, every one of them 🥶.",
        "Cover them at night. An old curtain does.",
    ]
    assert reviewed() == []


def test_cut_code_can_be_dropped_but_not_put_elsewhere(thread, thanks):
    made = thanks(1)
    SplitUtterance(posts(thread)[1], TEXT.index("Cover")).execute()
    with pytest.raises(AnnotationRefused, match="Choose among the posts"):
        settle(made, [posts(thread)[0]])
    settle(made, [])
    assert not Annotation.objects.exists()


def test_codes_of_two_posts_that_were_merged_become_one(thread, thanks, layer):
    thanks(1)
    thanks(2)
    MergeUtterance(posts(thread)[2]).execute()
    for annotation in reviewed():
        settle(annotation, posts_under(annotation))
    assert len(coded(layer)) == 1
    assert reviewed() == []


def test_moved_boundary_is_listed(thread, thanks):
    made = thanks(2)
    MoveBoundary(posts(thread)[2], TEXT.index("An old")).execute()
    assert reviewed() == [made]


def test_annotations_of_redacted_words_survive(thread, layer, code, say):
    say(layer, code("doubt"), "Maybe the frost")
    start = TEXT.index("Maybe")
    RedactSpan(thread.documents.get(), start, start + 5, "name").execute()
    assert coded(layer) == [("doubt", "Maybe the frost")]


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=threads(), seed=st.integers(0, 2**32))
def test_no_sequence_of_steps_moves_or_loses_an_annotation(text, seed, codebook, coders, code):
    with transaction.atomic():
        try:
            _curate_what_is_coded(text, seed, codebook.latest, code)
        finally:
            transaction.set_rollback(True)
            connections[conf.search_connection()].get_backend().clear()


def _curate_what_is_coded(text, seed, version, code):
    sources = [Source("any.txt", text.encode())]
    (outcome,) = importer.import_sources(sources, collection="Any", run=importer.start_run({}))
    if isinstance(outcome, Failed):
        return
    thread = outcome.thread
    layer = Layer.objects.create(thread=thread, version=version, author_name="any")
    chance = random.Random(seed)
    for post in posts(thread):
        start, end = sorted(chance.sample(range(post.start, post.end + 1), 2))
        for name, span in [("doubt", (start, end)), ("thanks", (post.start, post.end))]:
            if post.document.text[slice(*span)].strip():
                annotate(layer, Coding(code(name).pk, post.document_id, *span))
    annotate(layer, Coding(code("topic").pk))
    before = list(Annotation.objects.order_by("pk").values())
    for _step in range(10):
        thread.refresh_from_db()
        if not Utterance.objects.of_thread(thread.pk).exists():
            break
        try:
            some_operation(thread, chance).execute()
        except OperationRefused:
            continue
    assert list(Annotation.objects.order_by("pk").values()) == before
    assert [v for v in invariants.violations() if v.invariant == 9] == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"end": 10_000}, "ends behind the text"),
        ({"code": "old"}, "has a code of another version"),
    ],
)
def test_check_tells_what_no_service_makes(wrong, told, layer, code, say, codebook):
    made = say(layer, code("doubt"), "Maybe")
    if "code" in wrong:
        other = codebook.versions.create(number=2)
        wrong = {"code": other.codes.create(name="old")}
    Annotation.objects.filter(pk=made.pk).update(**wrong)
    (violation,) = invariants.violations()
    assert (violation.invariant, violation.what) == (9, f"annotation {made.pk} {told}")


def test_deleting_a_thread_for_good_tells_which_annotations_go(
    assigned, thread, code, say, admin_client
):
    for assignment in assigned:
        say(assignment.layer, code("doubt"), "bean")
    told = admin_client.get(reverse("admin:corpus_thread_delete", args=[thread.pk]))
    counts = dict(told.context["model_count"])
    assert {name: counts[name] for name in ("annotations", "assignments")} == {
        "annotations": 2,
        "assignments": 2,
    }
    assert "decisions" not in counts
