"""Operations on whole threads: merged, split, moved, renamed, recovered anew."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from corpus import invariants
from corpus.annotation import editing
from corpus.annotation.assigning import Plan, assign
from corpus.annotation.editing import CodeColumns
from corpus.curation import (
    AddQuotation,
    AssignReply,
    AssignSpeaker,
    ConfirmUtterance,
    DeleteThread,
    HoldThread,
    MergeThreads,
    MergeUtterance,
    MoveThread,
    RenameSpeaker,
    ResegmentThread,
    SplitThread,
    SplitUtterance,
    UndoEvent,
)
from corpus.errors import OperationRefused
from corpus.models import Collection, CollectionGroup, Quotation, Speaker, Thread, Utterance
from forumimport import importer, indexing
from forumimport import invariants as forum_invariants
from forumimport.importer import Grown
from forumimport.readers import Source
from tests.pages import posts_of

pytestmark = pytest.mark.django_db

FIRST = "Beans\n\nFrost took them all this spring.\n\n\nCover them."
SECOND = "Beans, page 2\n\nFrost took them all this spring.\n\nNo more?\n\n\nThanks."


@pytest.fixture
def thread(import_text):
    return import_text(FIRST, origin="1.txt")


@pytest.fixture
def other(import_text, thread):
    return import_text(SECOND, origin="2.txt")


def posts(thread):
    return list(Utterance.objects.of_thread(thread.pk).in_order())


def words(thread):
    return [u.document.text[u.start : u.end] for u in posts(thread)]


def everything_holds():
    indexing.catch_up()
    assert [*invariants.violations(), *forum_invariants.violations()] == []


def shown(client, thread):
    return list(posts_of(client.get(f"/thread/{thread.pk}/", follow=True)))


def test_pages_become_one_thread_and_two_again(thread, other, client):
    first, second = words(thread), words(other)
    event = MergeThreads(thread, other).execute()
    assert (words(thread), words(other)) == (first + second, [])
    other.refresh_from_db()
    assert other.deleted
    assert list(event.touched.all()) == [other]
    everything_holds()
    assert client.get(f"/thread/{other.pk}/").status_code == 404
    UndoEvent(event).execute()
    assert (words(thread), words(other)) == (first, second)
    everything_holds()


def test_merged_pages_may_quote_and_answer_each_other_and_part_again(thread, other):
    MergeThreads(thread, other).execute()
    frost, copy = posts(thread)[0], posts(thread)[2]
    AddQuotation(copy, copy.start, copy.start + 32, frost).execute()
    AssignReply(copy, frost).execute()
    everything_holds()
    event = SplitThread(copy, " Page \n two ").execute()
    split_off = event.touched.get()
    assert (split_off.title, split_off.deleted) == ("Page two", False)
    assert [len(posts(thread)), len(posts(split_off))] == [2, 2]
    assert (Quotation.objects.get().source, posts(split_off)[0].reply_to) == (None, None)
    everything_holds()
    UndoEvent(event).execute()
    assert (Quotation.objects.get().source, posts(thread)[2].reply_to) == (frost, frost)
    everything_holds()


def test_earlier_step_of_a_merged_thread_can_be_undone_where_its_posts_are_now(thread, other):
    split = SplitUtterance(posts(other)[0], SECOND.index("No more")).execute()
    MergeThreads(thread, other).execute()
    UndoEvent(split).execute()
    assert len(posts(thread)) == 4
    everything_holds()


def test_undoing_a_merge_is_refused_while_one_page_quotes_the_other(thread, other):
    event = MergeThreads(thread, other).execute()
    copy = posts(thread)[2]
    AddQuotation(copy, copy.start, copy.start + 32, posts(thread)[0]).execute()
    with pytest.raises(OperationRefused, match="quotes another thread"):
        UndoEvent(event).execute()
    everything_holds()


def test_threads_are_neither_split_before_all_nor_merged_with_themselves(thread, other):
    MergeThreads(thread, other).execute()
    with pytest.raises(OperationRefused, match="Nothing would be left"):
        SplitThread(posts(thread)[0], "x").execute()
    with pytest.raises(OperationRefused, match="with itself"):
        MergeThreads(thread, thread).execute()
    with pytest.raises(OperationRefused, match="restore it first"):
        MergeThreads(thread, other).execute()


def test_stale_step_on_a_merged_thread_is_refused(thread, other):
    post = posts(other)[0]
    assert post.document.thread == other
    MergeThreads(thread, other).execute()
    with pytest.raises(OperationRefused, match="belongs to another thread by now"):
        ConfirmUtterance(post).execute()


def test_thread_moves_to_another_collection_with_its_speakers(thread, client):
    AssignSpeaker(posts(thread)[0], "Ada").execute()
    home = Collection.objects.create(name="Orchard")
    event = MoveThread(thread, home).execute()
    assert posts(thread)[0].speaker == Speaker.objects.get(collection=home, handle="Ada")
    assert "orchard" in client.get(f"/thread/{thread.pk}/")["Location"]
    everything_holds()
    UndoEvent(event).execute()
    assert "garden-talk" in client.get(f"/thread/{thread.pk}/")["Location"]
    everything_holds()


def test_thread_moves_to_no_collection_that_is_closed_to_the_curator(thread, django_user_model):
    user = django_user_model.objects.create_user("curator")
    user.user_permissions.add(*Permission.objects.filter(codename__startswith="curate"))
    home = Collection.objects.create(name="Orchard")
    CollectionGroup.objects.create(collection=home, group=Group.objects.create(name="Others"))
    with pytest.raises(OperationRefused, match="There is no such collection"):
        MoveThread(thread, home).execute(user)


def test_speaker_is_renamed_in_all_posts(thread):
    RenameSpeaker(thread, "", "Ada").execute()
    assert [post.speaker_words for post in posts(thread)] == ["Ada", "Ada"]
    event = RenameSpeaker(thread, "Ada", " Grace ").execute()
    assert event.summary == "Speaker of 2 posts: “Ada” → “Grace”"
    with pytest.raises(OperationRefused, match="no post by this speaker"):
        RenameSpeaker(thread, "Ada", "Bo").execute()
    everything_holds()


def test_structure_is_recovered_anew_where_nobody_stated_anything(thread, other):
    with pytest.raises(OperationRefused, match="what would be recovered anew"):
        ResegmentThread(other).execute()
    before = list(Utterance.objects.of_thread(other.pk).order_by("pk").values())
    Utterance.objects.filter(pk=posts(other)[1].pk).update(confidence=0.1)
    event = ResegmentThread(other).execute()
    assert list(Utterance.objects.of_thread(other.pk).order_by("pk").values()) == before
    everything_holds()
    UndoEvent(event).execute()
    assert posts(other)[1].confidence == 0.1
    MergeUtterance(posts(thread)[1]).execute()
    ConfirmUtterance(posts(thread)[0]).execute()
    with pytest.raises(OperationRefused, match="it is kept"):
        ResegmentThread(thread).execute()


def test_deleted_thread_is_nowhere_and_comes_back_as_it_was(thread, client):
    before = shown(client, thread)
    event = DeleteThread(thread).execute()
    everything_holds()
    assert client.get(f"/thread/{thread.pk}/").status_code == 404
    UndoEvent(event).execute()
    assert shown(client, thread) == before
    everything_holds()


def test_threads_are_merged_in_the_list(thread, other, admin_client):
    admin_client.post(
        reverse("admin:corpus_thread_changelist"),
        {"action": "merge", "_selected_action": [other.pk, thread.pk]},
    )
    assert len(posts(thread)) == 4
    assert Thread.objects.get(deleted=True) == other


def test_post_repeated_on_the_next_page_is_proposed_and_taken_out(import_text, admin_client):
    post = "Frost took all my beans this spring, every one of them."
    thread = import_text(f"Beans\n\n{post}\n\n\nCover them.", origin="1.txt")
    page = import_text(f"Beans, 2\n\n{post}\n\n\nThanks.", origin="2.txt")
    MergeThreads(thread, page).execute()
    bench = reverse("admin:corpus_thread_workbench", args=[thread.pk])
    rows = [row for row in admin_client.get(bench).context["sheet"].stretches if row.repeats]
    assert [(row.number, row.repeats_number) for row in rows] == [(3, 1)]
    again = rows[0]
    place = {"post": again.pk, "start": again.span.start, "end": again.span.end}
    admin_client.post(f"{bench}boilerplate/", {"seen_version": 1, "kind": "navigation", **place})
    assert words(thread) == [post, "Cover them.", "Thanks."]
    everything_holds()


def test_thread_is_split_at_the_workbench(thread, other, admin_client):
    MergeThreads(thread, other).execute()
    bench = reverse("admin:corpus_thread_workbench", args=[thread.pk])
    admin_client.post(
        f"{bench}split-off/", {"seen_version": 1, "post": posts(thread)[2].pk, "to": "Page two"}
    )
    assert Thread.objects.get(title="Page two").documents.count() == 1


def test_resegment_keeps_what_a_source_states(thread):
    Utterance.objects.of_thread(thread.pk).update(basis="attested")
    with pytest.raises(OperationRefused, match="The source states where these posts begin"):
        ResegmentThread(thread).execute()


def test_resegment_keeps_threads_of_several_versions(import_text):
    thread = import_text(FIRST)
    import_thread_again = importer.import_sources(
        [Source("longer.txt", f"{FIRST}\n\n\nDone, thanks.".encode())],
        collection="Garden talk",
        run=importer.start_run({}),
    )
    assert [type(outcome) for outcome in import_thread_again] == [Grown]
    with pytest.raises(OperationRefused, match="imported in several versions"):
        ResegmentThread(thread).execute()


@pytest.mark.parametrize("which", ["thread", "other"])
def test_threads_that_annotators_code_are_neither_merged_nor_split(
    thread, other, which, request, admin_user
):
    coded = request.getfixturevalue(which)
    codebook = editing.create("Talk")
    with editing.editing(codebook) as version:
        editing.add_code(version, CodeColumns("doubt"))
    assign([coded], Plan(version, [admin_user]))
    with pytest.raises(OperationRefused, match=f"“{coded}” is assigned to annotators"):
        MergeThreads(thread, other).execute()


def test_merging_into_a_held_thread_takes_the_posts_out_of_the_index(thread, other):
    HoldThread(thread).execute()
    MergeThreads(thread, other).execute()
    indexing.catch_up()
    assert list(forum_invariants.violations()) == []
    assert forum_invariants.misindexed() == set()
