"""Personal details: proposed, hidden, purged for good; speakers under other names."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from corpus import invariants
from corpus.curation import (
    AssignSpeaker,
    FlagSpan,
    LiftRedaction,
    MergeThreads,
    MoveThread,
    PurgeRedaction,
    RedactSpan,
    RetitleThread,
    SplitThread,
    UndoEvent,
    pseudonyms,
)
from corpus.errors import OperationRefused
from corpus.models import (
    Collection,
    CurationEvent,
    Flag,
    Link,
    PseudonymKey,
    Redaction,
    SourceDocument,
    Speaker,
    Thread,
    Utterance,
)
from forumimport import invariants as forum_invariants
from forumimport import projection
from tests.pages import page_text

pytestmark = pytest.mark.django_db

TEXT = (
    "Beans of Ada\n\nWrite to ada@example.org, says Ada\nLovelace.\n\n\n"
    "Ada said so. Call 555-867-5309.\n\n\nThanks."
)


@pytest.fixture
def thread(import_text):
    return import_text(TEXT)


def posts(thread):
    return list(Utterance.objects.of_thread(thread.pk).in_order())


def everything_holds():
    assert [*invariants.violations(), *forum_invariants.violations()] == []


def test_suggestions_are_hidden_as_chosen(thread, admin_client):
    AssignSpeaker(posts(thread)[1], "Ada").execute()
    address = reverse("admin:corpus_thread_suggestions", args=[thread.pk])
    rows = admin_client.get(address).context["rows"]
    assert [(row.words, row.finding.kind) for row in rows] == [
        ("Ada", "name"),
        ("ada@example.org", "e-mail"),
        ("Ada", "name"),
        ("Ada", "name"),
        ("555-867-5309", "phone"),
    ]
    chosen = [row.key for row in rows[1:2]]
    admin_client.post(address, {f"seen_version_{thread.pk}": 0, "chosen": chosen, "do": "hide"})
    assert not Redaction.objects.exists()  # The page was older than the thread.
    admin_client.post(address, {f"seen_version_{thread.pk}": 1, "chosen": chosen, "do": "hide"})
    assert Redaction.objects.get().kind == "e-mail"
    page = admin_client.get(address)
    assert "example.org" not in page.content.decode()
    assert len(page.context["rows"]) == 4
    everything_holds()


@pytest.fixture
def redaction(thread):
    at = TEXT.index("Ada\nLovelace")
    RetitleThread(thread, "Beans of Ada Lovelace").execute()
    FlagSpan(thread.documents.get(), 0, 5, "Who is ada  lovelace?").execute()
    RedactSpan(thread.documents.get(), at, at + 12, "name").execute()
    return Redaction.objects.get()


def test_purged_words_are_nowhere_and_all_else_stays(thread, redaction):
    PurgeRedaction(redaction).execute()
    document = thread.documents.get()
    assert document.text == TEXT.replace("Ada\nLovelace", "███\n████████")
    thread.refresh_from_db()
    assert thread.title == "Beans of ███ ████████"
    stored = json.dumps(
        [
            list(model.objects.values())
            for model in (CurationEvent, Flag, SourceDocument, Redaction)
        ],
        default=str,
    )
    assert "Lovelace" not in stored
    assert "lovelace" not in stored
    assert "Ada" in stored  # Other places were not redacted.
    everything_holds()


def test_purge_cannot_be_undone_nor_lifted(thread, redaction):
    event = PurgeRedaction(redaction).execute()
    with pytest.raises(OperationRefused, match="is for good and cannot be undone"):
        UndoEvent(event).execute()
    with pytest.raises(OperationRefused, match="nothing to show again"):
        LiftRedaction(Redaction.objects.get()).execute()
    with pytest.raises(OperationRefused, match="purged already"):
        PurgeRedaction(redaction).execute()
    UndoEvent(CurationEvent.objects.get(operation="retitle-thread")).execute()
    thread.refresh_from_db()
    assert thread.title == "Beans of Ada"  # As it was imported: this was never redacted.


def test_steps_around_a_purge_can_be_undone(thread, redaction):
    split = AssignSpeaker(posts(thread)[0], "Bo").execute()
    PurgeRedaction(redaction).execute()
    UndoEvent(split).execute()
    everything_holds()


def test_purging_asks_first_and_needs_its_own_permission(
    thread, redaction, client, admin_client, django_user_model
):
    address = reverse("admin:corpus_redaction_changelist")
    asked = {"action": "purge", "_selected_action": [redaction.pk]}
    user = django_user_model.objects.create_user("curator", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="curate_thread"))
    client.force_login(user)
    client.post(address, asked | {"confirmed": "yes"})
    assert "Nothing can bring them back" in page_text(admin_client.post(address, asked))
    assert not Redaction.objects.get().purged
    admin_client.post(address, asked | {"confirmed": "yes"})
    assert Redaction.objects.get().purged


def switch(collection, on):
    return len(list(pseudonyms.switch(collection, on)))


def test_pseudonyms_replace_handles_everywhere_and_come_back(thread, admin_client, client):
    AssignSpeaker(posts(thread)[0], "Grace").execute()
    assert switch(thread.collection, True) == 1
    name = Speaker.objects.get().name
    assert name.startswith("speaker-")
    everything_holds()
    pages = [f"/thread/{thread.pk}/", "/search/?q=Ada"]
    shown = "".join(client.get(page, follow=True).content.decode() for page in pages)
    assert "Grace" not in shown
    assert name in shown
    bench = [
        reverse("admin:corpus_thread_workbench", args=[thread.pk]),
        reverse("admin:corpus_thread_history", args=[thread.pk]),
        reverse("admin:corpus_speaker_changelist"),
        reverse("admin:corpus_utterance_changelist"),
        reverse("admin:corpus_utterance_change", args=[posts(thread)[0].pk]),
        reverse("admin:corpus_curationevent_changelist"),
    ]
    for address in bench:
        assert "Grace" not in admin_client.get(address).content.decode(), address
    switch(thread.collection, False)
    assert "Grace" in client.get(pages[0], follow=True).content.decode()
    assert "Grace" in CurationEvent.objects.get().summary
    switch(thread.collection, True)
    assert Speaker.objects.get().name == name


def test_links_are_gone_as_soon_as_a_thread_is_where_pseudonyms_are_shown(
    thread, import_text, client
):
    home = import_text("Peas\n\nI sow peas.\n\n\nSo do I.", collection="Peas").collection
    switch(home, True)
    at = TEXT.index("Thanks")
    Link.objects.create(
        document=thread.documents.get(), start=at, end=at + 6, address="https://a.example/u/grace"
    )
    projection.project(thread.pk)

    def page():
        return client.get(f"/thread/{thread.pk}/", follow=True).content.decode()

    assert "https://a.example/u/grace" in page()
    event = MoveThread(thread, home).execute()
    assert "a.example" not in page()
    UndoEvent(event).execute()
    assert "https://a.example/u/grace" in page()


@pytest.mark.parametrize("moved", ["old", "new"])
def test_what_comes_home_by_an_undo_shows_what_its_collection_shows(
    thread, import_text, client, moved
):
    home = import_text("Peas\n\nI sow peas.\n\n\nSo do I.", collection="Peas").collection
    switch(home, True)
    last = posts(thread)[-1]
    AssignSpeaker(last, "Gracehandle").execute()
    Link.objects.create(
        document=last.document, start=last.start, end=last.end, address="https://a.example/u/grace"
    )
    projection.project(thread.pk)
    parted = SplitThread(last, "Thanks").execute()
    leaving = Thread.objects.get(pk=thread.pk) if moved == "old" else parted.touched.get()
    MoveThread(leaving, home).execute()
    UndoEvent(parted).execute()
    page = client.get(f"/thread/{thread.pk}/", follow=True).content.decode()
    shown = moved == "new"  # What comes home is where it was.
    assert ("a.example" in page, "Gracehandle" in page) == (shown, shown)
    everything_holds()


def test_thread_that_is_no_more_merged_shows_the_pseudonyms_of_its_collection(
    thread, import_text, client
):
    other = import_text("Peas\n\nI sow peas in May.\n\n\nSo do I.", origin="peas.txt")
    AssignSpeaker(posts(other)[0], "Gracehandle").execute()
    switch(thread.collection, True)
    merged = MergeThreads(thread, other).execute()
    MoveThread(
        Thread.objects.get(pk=thread.pk), Collection.objects.create(name="Open names")
    ).execute()
    UndoEvent(merged).execute()
    page = client.get(f"/thread/{other.pk}/", follow=True).content.decode()
    assert "I sow peas" in page
    assert "Gracehandle" not in page
    everything_holds()


def test_new_speakers_get_their_pseudonym_at_once(thread, import_text):
    switch(thread.collection, True)
    AssignSpeaker(posts(thread)[0], "Grace").execute()
    made = Speaker.objects.get()
    assert made.pseudonym == made.name != "Grace"
    assert "Grace" not in CurationEvent.objects.get().summary
    Speaker.objects.bulk_create([Speaker(collection=thread.collection, handle="Ann")])
    assert Speaker.objects.get(handle="Ann").pseudonym.startswith("speaker-")
    PseudonymKey.objects.update(on=False)
    assert Speaker.objects.create(collection=thread.collection, handle="Bo").pseudonym == ""


def test_curator_may_use_a_pseudonym_but_not_see_behind_it(
    thread, client, django_user_model, admin_client
):
    AssignSpeaker(posts(thread)[0], "Grace").execute()
    switch(thread.collection, True)
    speaker = Speaker.objects.get()
    user = django_user_model.objects.create_user("curator", is_staff=True)
    needed = ["curate_thread", "view_speaker"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=needed))
    client.force_login(user)
    page = reverse("admin:corpus_speaker_change", args=[speaker.pk])
    assert "Grace" not in client.get(page).content.decode()
    assert "Grace" in admin_client.get(page).content.decode()
    found = client.get(reverse("admin:corpus_speaker_changelist", query={"q": "Grace"}))
    assert found.context["cl"].result_count == 0
    thread.refresh_from_db()
    step = reverse("admin:corpus_thread_workbench_step", args=[thread.pk, "speaker"])
    client.post(
        step,
        {"seen_version": thread.version, "post": posts(thread)[1].pk, "handle": speaker.name},
    )
    assert posts(thread)[1].speaker == speaker
    action = {"action": "pseudonyms_off", "_selected_action": [thread.collection_id]}
    client.post(reverse("admin:corpus_collection_changelist"), action)
    assert PseudonymKey.objects.get().on
    with pytest.raises(OperationRefused, match="may not switch"):
        list(pseudonyms.switch(thread.collection, False, user))


@pytest.fixture
def curator(client, django_user_model):
    """One who may do everything, but not see behind pseudonyms."""
    user = django_user_model.objects.create_user("curator", is_staff=True)
    rights = Permission.objects.filter(content_type__app_label="corpus")
    user.user_permissions.set(rights.exclude(codename="reverse_pseudonyms"))
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", ["Grace", "Nobody of that name"])
def test_curator_cannot_try_out_whose_pseudonym_is_whose(thread, curator, name):
    first, second, _third = posts(thread)
    AssignSpeaker(first, "Grace").execute()
    switch(thread.collection, True)
    refused = "Speakers bear pseudonyms here: choose one of these"
    step = reverse("admin:corpus_thread_workbench_step", args=[thread.pk, "speaker"])
    given = {"seen_version": 1, "post": second.pk, "handle": name}
    answer = curator.post(step, given)
    assert (answer.status_code, refused in answer.content.decode()) == (422, True)
    change = reverse("admin:corpus_utterance_change", args=[second.pk])
    form = curator.get(change).context["adminform"].form
    typed = {f"initial-{key}": form[key].value() or "" for key in form.fields}
    told = curator.post(change, typed | {"seen_version": 1, "handle": name}, follow=True)
    assert [str(one)[: len(refused)] for one in told.context["messages"]] == [refused]
    bulk = reverse("admin:corpus_thread_bulk", args=["speaker"])
    renamed = curator.get(bulk, {"asked": 1, "handle": name, "to": "Bo"}).context["effect"]
    assert renamed.changing == 0
    to_name = curator.get(bulk, {"asked": 1, "handle": "", "to": name}).context["effect"]
    assert not to_name.done
    assert not any(post.speaker for post in posts(thread)[1:])


def test_pseudonym_is_renamed_over_threads(thread, curator):
    first, second, _third = posts(thread)
    AssignSpeaker(first, "Grace").execute()
    AssignSpeaker(second, "Ann").execute()
    switch(thread.collection, True)
    grace, ann = (Speaker.objects.get(handle=handle) for handle in ("Grace", "Ann"))
    query = {"asked": 1, "handle": grace.name, "to": ann.name}
    curator.post(reverse("admin:corpus_thread_bulk", args=["speaker"], query=query))
    assert [post.speaker for post in posts(thread)] == [ann, ann, None]


def test_header_lines_are_hidden_while_pseudonyms_are_shown(import_text, admin_client):
    thread = import_text(
        "Beans\n\nGrace wrote on 3 March 2009:\nI sow beans.\n\n"
        "Ann wrote on 4 March 2009:\nSo do I.\n\nGrace wrote on 5 March 2009:\nGood."
    )
    pages = [
        reverse("admin:corpus_thread_workbench", args=[thread.pk]),
        reverse("admin:corpus_sourcedocument_change", args=[thread.documents.get().pk]),
    ]
    for on in (False, True, False):
        if on or PseudonymKey.objects.exists():
            switch(thread.collection, on)
        for page in pages:
            assert ("Grace wrote" in page_text(admin_client.get(page))) == (not on), page


def test_pseudonyms_are_switched_in_the_admin(thread, admin_client):
    AssignSpeaker(posts(thread)[0], "Grace").execute()
    address = reverse("admin:corpus_collection_changelist")
    action = {"action": "pseudonyms_on", "_selected_action": [thread.collection_id]}
    told = admin_client.post(address, action, follow=True)
    assert [str(message) for message in told.context["messages"]] == [
        "Garden talk: 1 thread follows.",
        "Handles that people mention inside their texts are still there. "
        f'<a href="/admin/corpus/collection/{thread.collection_id}/suggestions/">Hide them</a>',
    ]
    assert Speaker.objects.get().pseudonym
