import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.annotation import coding, editing
from corpus.annotation.coding import Coding, annotate, annotations_changed, change, delete, finish
from corpus.errors import AnnotationRefused
from corpus.models import Annotation, Assignment
from tests.annotation.conftest import coded, posts

pytestmark = pytest.mark.django_db


@pytest.fixture
def layer(assigned):
    return assigned[0].layer


def test_passage_is_coded_in_code_points(layer, code, say, thread):
    made = say(layer, code("doubt"), "them 🥶", note="cold", unsure=True)
    assert coded(layer) == [("doubt", "them 🥶")]
    assert (made.scope, made.note, made.unsure, len(made.span)) == ("span", "cold", True, 6)
    assert Assignment.objects.get(layer=layer).state == "begun"


def test_codes_nest_overlap_and_repeat_nothing(layer, code, say):
    for name, words in [("advice", "Cover them"), ("doubt", "them at"), ("doubt", "Cover them")]:
        say(layer, code(name), words)
    say(layer, code("doubt"), "them at")
    assert Annotation.objects.count() == 3


def test_same_request_again_makes_nothing_new(layer, code, thread):
    wanted = Coding(code("doubt").pk, thread.documents.get().pk, 10, 20, guid=uuid.uuid4())
    assert annotate(layer, wanted) == annotate(layer, wanted)
    assert Annotation.objects.count() == 1


def test_post_is_coded_as_its_span_at_that_time(layer, code, thread):
    post = posts(thread)[1]
    made = annotate(layer, Coding(code("thanks").pk, post.document_id, post.start, post.end))
    assert (made.scope, made.span) == ("post", post.span)


def test_thread_is_coded_whatever_span_is_named(layer, code, thread):
    made = annotate(layer, Coding(code("topic").pk))
    assert (made.scope, made.start, made.end) == (
        "thread", 0, thread.documents.get().characters,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 4), (5, 5), (6, 5), (0, 10_000), (5, 7)]
)  # 5–7 is a blank line
def test_bad_span_is_refused(layer, code, thread, start, end):
    with pytest.raises(AnnotationRefused) as refusal:
        annotate(layer, Coding(code("doubt").pk, thread.documents.get().pk, start, end))
    assert refusal.value.reason == "bad-span"
    assert not Annotation.objects.exists()


def test_document_of_another_thread_is_refused(layer, code, import_text):
    other = import_text("Peas\n\nOne.\n\n\nTwo.", indexed=False).documents.get()
    with pytest.raises(AnnotationRefused, match="does not belong to the thread"):
        annotate(layer, Coding(code("doubt").pk, other.pk, 0, 4))


def test_post_code_of_anything_but_a_post_is_refused(layer, code, thread):
    post = posts(thread)[1]
    with pytest.raises(AnnotationRefused, match="its boundaries were moved"):
        annotate(layer, Coding(code("thanks").pk, post.document_id, post.start, post.end - 1))


def test_retired_and_foreign_codes_are_refused(layer, code, codebook, thread):
    document = thread.documents.get().pk
    old = code("doubt")
    with editing.editing(codebook) as version:
        editing.retire(version.codes.get(name="advice"))
    for key, reason in [(0, "unknown-code"), (code("doubt").pk, "stale-version")]:
        with pytest.raises(AnnotationRefused) as refusal:
            annotate(layer, Coding(key, document, 10, 20))
        assert refusal.value.reason == reason
    annotate(layer, Coding(old.pk, document, 10, 20))
    editing.retire(old)
    with pytest.raises(AnnotationRefused, match="“doubt” is retired; choose another code"):
        annotate(layer, Coding(old.pk, document, 30, 40))


def test_stale_version_is_refused(layer, code, thread):
    with pytest.raises(AnnotationRefused, match="now coded with Talk, version 1; reload"):
        annotate(layer, Coding(code("doubt").pk, thread.documents.get().pk, 1, 4), version=0)


def test_annotation_is_changed_on_the_revision_seen(layer, code, say):
    made = say(layer, code("doubt"), "Maybe")
    wider = Coding(code("advice").pk, made.document_id, made.start, made.end + 10, "why", True)
    changed = change(made, wider, revision=0)
    assert coded(layer) == [("advice", "Maybe the frost")]
    assert (changed.note, changed.unsure, changed.revision) == ("why", True, 1)
    assert change(made, wider, revision=0).revision == 1  # The same request, sent twice.
    narrower = Coding(code("advice").pk, made.document_id, made.start, made.end)
    with pytest.raises(AnnotationRefused, match="was changed in another window"):
        change(made, narrower, revision=0)


def test_change_to_what_is_there_already_is_refused(layer, code, say):
    made = say(layer, code("doubt"), "Maybe")
    say(layer, code("advice"), "Maybe")
    wanted = Coding(code("advice").pk, made.document_id, made.start, made.end)
    with pytest.raises(AnnotationRefused, match="has the code “advice” already"):
        change(made, wanted, revision=0)


def test_annotation_is_deleted(layer, code, say):
    delete(say(layer, code("doubt"), "Maybe"))
    assert coded(layer) == []


def test_finished_and_released_layers_are_not_changed(layer, code, say):
    made = say(layer, code("doubt"), "Maybe")
    finish(layer.assignment)
    with pytest.raises(AnnotationRefused, match="take that back to go on"):
        delete(made)
    finish(layer.assignment, finished=False)
    layer.released = True
    layer.save()
    for refused in (lambda: say(layer, code("doubt"), "roots"), lambda: finish(layer.assignment)):
        with pytest.raises(AnnotationRefused, match="are released and can no longer be changed"):
            refused()


def test_followers_are_told_after_the_commit(layer, code, say, django_capture_on_commit_callbacks):
    told = []

    def listen(thread, **kwargs):
        told.append(thread)

    annotations_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            made = say(layer, code("doubt"), "Maybe")
            coding.delete(made)
            assert told == []
    finally:
        annotations_changed.disconnect(listen)
    assert told == [layer.thread_id] * 2


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(start=st.integers(-5, 400), end=st.integers(-5, 400))
def test_any_span_is_stored_as_it_is_or_refused(start, end, layer, code, thread):
    document = thread.documents.get()
    coding = Coding(code("doubt").pk, document.pk, start, end)
    if 0 <= start < end <= document.characters and document.text[start:end].strip():
        made = annotate(layer, coding)
        made.refresh_from_db()
        assert (made.start, made.end) == (start, end)
    else:
        with pytest.raises(AnnotationRefused) as refusal:
            annotate(layer, coding)
        assert refusal.value.reason == "bad-span"
