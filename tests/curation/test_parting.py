"""One source document in two threads: each shows its part, neither tells of the other's."""

import json

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from haystack.query import SearchQuerySet

from corpus import invariants
from corpus.curation import (
    AddQuotation,
    AssignReply,
    FlagSpan,
    LiftRedaction,
    MarkBoilerplate,
    MergeThreads,
    MoveThread,
    PurgeRedaction,
    RedactSpan,
    SplitThread,
    SplitUtterance,
    UndoEvent,
    UnmarkBoilerplate,
)
from corpus.curation.script import operation_from
from corpus.errors import OperationRefused
from corpus.models import (
    Boilerplate,
    Collection,
    CollectionGroup,
    CurationEvent,
    Quotation,
    Redaction,
    SourceDocument,
    Thread,
    Utterance,
)
from forumimport import importer, indexing, withdrawing
from forumimport import invariants as forum_invariants
from forumimport.importer import Grown, Skipped
from forumimport.models import ImportRun
from forumimport.readers import Source
from tests.pages import page_text, posts_of

pytestmark = pytest.mark.django_db

TEXT = (
    "Beans\n\nFrost took them all this spring.\n\n\nCover them with straw.\n\n\n"
    "Has anyone a spare mower? Ask Ada Lovelace.\n\n\nI have two mowers, come and see."
)


@pytest.fixture
def thread(import_text):
    return import_text(TEXT, origin="beans.txt")


@pytest.fixture
def parted(thread):
    """The event that made the mowers a thread of their own."""
    return SplitThread(posts(thread)[2], "Mowers").execute()


@pytest.fixture
def mowers(parted):
    return Thread.objects.get(title="Mowers")


def posts(thread):
    return list(Utterance.objects.of_thread(thread.pk).in_order())


def words(thread):
    return [u.document.text[u.start : u.end] for u in posts(thread)]


def stored():
    models = (Utterance, Quotation, Redaction)
    whole = SourceDocument.objects.filter(copy_of=None).order_by("pk")
    furniture = Boilerplate.objects.filter(document__in=whole).order_by("pk")
    return [
        *(list(model.objects.order_by("pk").values()) for model in models),
        list(whole.values()),
        list(furniture.values()),
    ]


def everything_holds():
    indexing.catch_up()
    assert [*invariants.violations(), *forum_invariants.violations()] == []


def shown(client, thread):
    return [post[1] for post in posts_of(client.get(f"/thread/{thread.pk}/", follow=True))]


def found(words):
    return sorted(hit.topic_subject for hit in SearchQuerySet().filter(text=words))


def test_thread_is_split_at_any_post_and_one_again_byte_for_byte(thread, client):
    before, all_words = stored(), words(thread)
    permanent = f"/utterance/{posts(thread)[2].pk}/"
    AddQuotation(posts(thread)[3], TEXT.index("mowers,"), TEXT.index(", come"), None).execute()
    AssignReply(posts(thread)[3], posts(thread)[0]).execute()
    changed = stored()
    event = SplitThread(posts(thread)[2], " Spare \n mowers ").execute()
    (mowers,) = event.touched.all()
    assert (words(thread), words(mowers)) == (all_words[:2], all_words[2:])
    assert (mowers.title, mowers.collection, mowers.deleted) == (
        "Spare mowers",
        thread.collection,
        False,
    )
    assert posts(mowers)[1].reply_to is None
    everything_holds()
    assert shown(client, thread) == all_words[:2]
    assert shown(client, mowers)[0] == all_words[2]
    assert found("mower") == ["Spare mowers"]
    assert (
        client.get(permanent, follow=True)
        .redirect_chain[-1][0]
        .startswith(client.get(f"/thread/{mowers.pk}/")["Location"].split("?")[0])
    )
    UndoEvent(event).execute()
    mowers.refresh_from_db()
    assert (stored(), mowers.deleted) == (changed, True)
    everything_holds()
    assert client.get(f"/thread/{mowers.pk}/").status_code == 404
    for step in CurationEvent.objects.filter(operation__in=["assign-reply", "add-quotation"])[::-1]:
        UndoEvent(step).execute()
    assert stored() == before


def test_split_is_redone_and_merged_again(thread, parted, mowers):
    undone = UndoEvent(parted).execute()
    UndoEvent(undone).execute()
    mowers.refresh_from_db()
    assert (len(posts(thread)), len(posts(mowers)), mowers.deleted) == (2, 2, False)
    everything_holds()
    MergeThreads(thread, mowers).execute()
    assert [word.split()[0] for word in words(thread)] == ["Frost", "Cover", "Has", "I"]
    everything_holds()


def test_part_is_parted_again(thread, mowers):
    SplitThread(posts(mowers)[1], "Two mowers").execute()
    last = Thread.objects.get(title="Two mowers")
    SplitThread(posts(thread)[1], "Straw").execute()
    assert [len(posts(one)) for one in Thread.objects.order_by("pk")] == [1, 1, 1, 1]
    assert {document.root_id for document in SourceDocument.objects.all()} == {
        thread.documents.get().pk
    }
    assert words(last) == ["I have two mowers, come and see."]
    everything_holds()


def test_header_lines_go_with_the_post_below_them(import_text):
    lines = [
        f"Ada wrote on 2009-03-0{day} 10:00:\n{said}\n"
        for day, said in enumerate(["Frost took them.", "Cover them.", "A mower?", "Two."], 1)
    ]
    thread = import_text("Beans\n\n" + "\n".join(lines))
    headers = Boilerplate.objects.filter(kind="header")
    assert headers.count() == 4
    SplitThread(posts(thread)[2], "Mowers").execute()
    mowers = Thread.objects.get(title="Mowers")
    assert headers.filter(document__thread=mowers).count() == 2
    everything_holds()


def test_neither_part_shows_words_of_the_other(thread, mowers, admin_client):
    for one, other in ((thread, "mower"), (mowers, "straw")):
        document = one.documents.get()
        for address in (
            reverse("admin:corpus_thread_workbench", args=[one.pk]),
            reverse("admin:corpus_sourcedocument_change", args=[document.pk]),
            reverse("admin:corpus_thread_suggestions", args=[one.pk]),
        ):
            page = page_text(admin_client.get(address))
            assert other not in page
        assert "in another thread" in page_text(
            admin_client.get(reverse("admin:corpus_thread_workbench", args=[one.pk]))
        )
    # What one thread's history told before, it tells no more once the words are elsewhere.
    history = page_text(admin_client.get(reverse("admin:corpus_thread_history", args=[thread.pk])))
    assert "spare mower" not in history


def test_words_are_redacted_flagged_and_claimed_where_they_are(thread, mowers):
    document, at = thread.documents.get(), TEXT.index("Ada")
    for operation in (
        RedactSpan(document, at, at + 12, "name"),
        FlagSpan(document, at, at + 12, "Who?"),
    ):
        with pytest.raises(OperationRefused, match="in another thread"):
            operation.execute()
    with pytest.raises(OperationRefused, match="posts of another thread"):
        UnmarkBoilerplate(document.boilerplate.get(kind="elsewhere")).execute()
    with pytest.raises(OperationRefused, match="no kind of boilerplate"):
        MarkBoilerplate(posts(thread)[0], 7, 12, "elsewhere").execute()
    everything_holds()


def test_redaction_goes_with_its_words_and_a_purge_reaches_every_copy(thread, client):
    at = TEXT.index("Ada")
    RedactSpan(thread.documents.get(), at, at + 12, "name").execute()
    SplitThread(posts(thread)[2], "Mowers").execute()
    mowers = Thread.objects.get(title="Mowers")
    redaction = Redaction.objects.get()
    assert redaction.document.thread == mowers
    assert "Lovelace" not in str(shown(client, mowers))
    everything_holds()
    PurgeRedaction(redaction).execute()
    kept = [*SourceDocument.objects.values(), *CurationEvent.objects.values()]
    assert "Lovelace" not in json.dumps(kept, default=str)
    everything_holds()


def test_purge_reaches_the_title_of_the_other_part(thread, client):
    SplitThread(posts(thread)[2], "Mowers of Frost").execute()
    other = Thread.objects.latest("pk")
    document = thread.documents.get()
    at = TEXT.index("Frost")
    RedactSpan(document, at, at + 5, "name").execute()
    PurgeRedaction(Redaction.objects.get()).execute()
    assert "Frost" not in client.get(f"/thread/{other.pk}/", follow=True).content.decode()
    everything_holds()
    assert found("frost") == []


def test_parting_through_a_redaction_is_refused(thread):
    document, at = thread.documents.get(), TEXT.index("straw")
    RedactSpan(document, at, TEXT.index("spare"), "other").execute()
    with pytest.raises(OperationRefused, match="reaches over the place"):
        SplitThread(posts(thread)[2], "Mowers").execute()


def test_undo_is_refused_while_later_steps_build_on_the_parting(thread, parted, mowers):
    at = TEXT.index("Ada")
    redacted = RedactSpan(mowers.documents.get(), at, at + 12, "name").execute()
    with pytest.raises(OperationRefused, match=r"Redacted .* in “Mowers”"):
        UndoEvent(parted).execute()
    everything_holds()
    UndoEvent(redacted).execute()
    split = SplitUtterance(posts(mowers)[0], at).execute()
    with pytest.raises(OperationRefused, match=r"Split the post .* in “Mowers”"):
        UndoEvent(parted).execute()
    UndoEvent(split).execute()
    UndoEvent(parted).execute()
    everything_holds()


def test_lifted_redaction_is_not_taken_back_where_the_words_are_no_more(thread):
    at = TEXT.index("Ada")
    RedactSpan(thread.documents.get(), at, at + 12, "name").execute()
    lifted = LiftRedaction(Redaction.objects.get()).execute()
    SplitThread(posts(thread)[2], "Mowers").execute()
    with pytest.raises(OperationRefused, match="later step builds on it"):
        UndoEvent(lifted).execute()


def test_split_off_thread_may_be_closed_without_leaving_a_trace(
    thread, mowers, client, django_user_model
):
    closed = Collection.objects.create(name="Closed")
    CollectionGroup.objects.create(collection=closed, group=Group.objects.create(name="Few"))
    MoveThread(mowers, closed).execute()
    user = django_user_model.objects.create_user("curator", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(content_type__app_label="corpus"))
    client.force_login(user)
    document = thread.documents.get()
    for address in (
        reverse("admin:corpus_thread_workbench", args=[thread.pk]),
        reverse("admin:corpus_thread_history", args=[thread.pk]),
        reverse("admin:corpus_thread_history_export", args=[thread.pk, "jsonl"]),
        reverse("admin:corpus_sourcedocument_change", args=[document.pk]),
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "spare mower" not in answer.content.decode()
        assert "Ask Ada" not in answer.content.decode()


def test_split_needs_the_permission_for_many(thread, client, django_user_model):
    user = django_user_model.objects.create_user("curator", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="curate_thread"))
    with pytest.raises(OperationRefused, match="split-thread"):
        SplitThread(posts(thread)[2], "Mowers").execute(user)
    client.force_login(user)
    bench = reverse("admin:corpus_thread_workbench", args=[thread.pk])
    assert b"split-off" not in client.get(bench).content
    step = client.post(f"{bench}split-off/", {"seen_version": 0, "post": posts(thread)[2].pk})
    assert step.status_code == 403


def test_split_is_stated_as_a_json_line(thread):
    line = {"operation": "split-thread", "utterance": posts(thread)[2].pk, "title": "Mowers"}
    operation, _version = operation_from(json.dumps(line))
    operation.execute()
    assert len(posts(Thread.objects.get(title="Mowers"))) == 2


def test_later_version_adds_only_what_is_new(thread, mowers):
    def imported(text):
        sources = [Source("longer.txt", text.encode())]
        run = importer.start_run({})
        (outcome,) = importer.import_sources(sources, collection="Garden talk", run=run)
        return outcome

    assert isinstance(imported(TEXT), Skipped)
    assert isinstance(imported(f"{TEXT}\n\n\nSold, thanks."), Grown)
    assert words(thread) == [
        "Frost took them all this spring.",
        "Cover them with straw.",
        "Sold, thanks.",
    ]
    assert len(posts(mowers)) == 2
    everything_holds()


def test_withdrawn_import_takes_the_parts_with_it(thread, mowers):
    run = ImportRun.objects.get()
    importer.finish(run)
    withdrawing.withdraw(run)
    assert not Thread.objects.exists()
    assert not SourceDocument.objects.exists()
