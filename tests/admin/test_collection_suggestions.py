"""Personal details of a whole collection: proposed, hidden, left; by permission and in portions."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from corpus import proposing
from corpus.curation import AssignSpeaker, DeleteThread, SplitThread, UndoEvent
from corpus.models import (
    Collection,
    CollectionGroup,
    CurationEvent,
    Dismissal,
    Redaction,
    Thread,
    Utterance,
)
from tests.pages import page_text

pytestmark = pytest.mark.django_db

FIRST = "Beans\n\nAsk Grace, grace@example.org.\n\n\nGrace took them. Call 555-867-5309."
SECOND = "Mowers\n\nHas grace a mower?\n\n\nNo. See https://example.org/users/hopper"


@pytest.fixture
def threads(import_text):
    found = [import_text(FIRST, origin="1.txt"), import_text(SECOND, origin="2.txt")]
    AssignSpeaker(Utterance.objects.of_thread(found[0].pk).in_order()[1], "Grace").execute()
    for thread in found:
        thread.refresh_from_db()
    return found


@pytest.fixture
def address(threads):
    return reverse("admin:corpus_collection_suggestions", args=[threads[0].collection_id])


def listed(answer):
    return [
        (found.thread.title, [(row.words, row.finding.kind.value) for row in found.rows])
        for found in answer.context["look"].threads
    ]


def sent(answer, **more):
    """What the page's form sends, as it was shown."""
    look = answer.context["look"]
    versions = {f"seen_version_{one.thread.pk}": one.thread.version for one in look.threads}
    shown = [row.key for one in look.threads for row in one.rows]
    return {**versions, "shown": shown, **more}


def keys(answer, words):
    rows = (row for one in answer.context["look"].threads for row in one.rows)
    return [row.key for row in rows if row.words == words]


def test_handles_are_proposed_wherever_they_stand_in_the_collection(address, admin_client):
    answer = admin_client.get(address)
    assert listed(answer) == [
        (
            "Beans",
            [
                ("Grace", "name"),
                ("grace@example.org", "e-mail"),
                ("Grace", "name"),
                ("555-867-5309", "phone"),
            ],
        ),
        ("Mowers", [("grace", "name"), ("hopper", "name")]),
    ]
    assert "Beans 4 places" in page_text(answer)
    assert "Mowers 2 places" in page_text(answer)
    assert listed(admin_client.get(address, {"kind": "e-mail"})) == [
        ("Beans", [("grace@example.org", "e-mail")])
    ]


def test_places_stand_between_the_words_around_them(address, admin_client):
    rows = admin_client.get(address).context["look"].threads[0].rows
    assert [(row.before, row.words, row.after) for row in rows][:2] == [
        ("Beans Ask ", "Grace", ", grace@example.org. Grace took them.…"),
        ("Beans Ask Grace, ", "grace@example.org", ". Grace took them. Call 555-867-5309."),
    ]


def test_chosen_places_are_hidden_in_all_threads(address, admin_client, client):
    answer = admin_client.get(address)
    chosen = [*keys(answer, "Grace"), *keys(answer, "grace")]
    admin_client.post(address, sent(answer, chosen=chosen, do="hide"))
    assert Redaction.objects.count() == 3
    assert [words for _title, rows in listed(admin_client.get(address)) for words, _ in rows] == [
        "grace@example.org",
        "555-867-5309",
        "hopper",
    ]
    for thread in Thread.objects.all():
        read = page_text(client.get(f"/thread/{thread.pk}/", follow=True))
        assert "Grace," not in read
        assert "[name]" in read


def test_all_of_a_kind_are_left_and_proposed_no_more_until_that_is_undone(address, admin_client):
    names = f"{address}?kind=name"
    admin_client.post(names, sent(admin_client.get(names), do="leave-all"))
    assert (Dismissal.objects.count(), Redaction.objects.count()) == (4, 0)
    assert listed(admin_client.get(names)) == []
    assert "Nothing is left here" in page_text(admin_client.get(names))
    UndoEvent(CurationEvent.objects.order_by("pk").last()).execute()
    assert listed(admin_client.get(names)) == [("Mowers", [("hopper", "name")])]


def test_page_that_is_older_than_a_thread_changes_nothing_in_it(address, admin_client, threads):
    answer = admin_client.get(address)
    AssignSpeaker(Utterance.objects.of_thread(threads[0].pk).in_order()[0], "Bo").execute()
    told = admin_client.post(address, sent(answer, do="hide-all"), follow=True)
    assert Redaction.objects.filter(document__thread=threads[0]).count() == 0
    assert Redaction.objects.filter(document__thread=threads[1]).count() == 2
    said = [str(message) for message in told.context["messages"]]
    assert "was changed by someone else" in said[0]
    assert said[1] == "2 places hidden."


def test_large_collections_are_looked_through_in_portions(address, admin_client, monkeypatch):
    monkeypatch.setattr(proposing, "_CHARACTERS", 10)
    monkeypatch.setattr(proposing, "_OF_ONE_THREAD", 2)
    first = admin_client.get(address)
    assert [(title, len(rows)) for title, rows in listed(first)] == [("Beans", 2)]
    assert "more in this thread" in page_text(first)
    second = admin_client.get(address, {"after": first.context["look"].after})
    assert [title for title, _rows in listed(second)] == ["Mowers"]
    assert second.context["look"].after is None


def test_deleted_threads_and_words_of_parted_ones_are_looked_at_once(
    address, admin_client, threads
):
    DeleteThread(threads[1]).execute()
    SplitThread(Utterance.objects.of_thread(threads[0].pk).in_order()[1], "Phone").execute()
    assert [(title, len(rows)) for title, rows in listed(admin_client.get(address))] == [
        ("Beans", 2),
        ("Phone", 2),
    ]


@pytest.mark.parametrize(("rights", "status"), [(["curate_thread"], 403), (["redact_text"], 403)])
def test_page_needs_both_permissions(address, client, django_user_model, rights, status):
    user = django_user_model.objects.create_user("curator", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    assert client.get(address).status_code == status


def test_closed_collection_is_not_there(address, client, django_user_model, threads):
    CollectionGroup.objects.create(
        collection=Collection.objects.get(pk=threads[0].collection_id),
        group=Group.objects.create(name="Few"),
    )
    user = django_user_model.objects.create_user("curator", is_staff=True)
    rights = ["curate_thread", "redact_text"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    assert client.get(address).status_code == 404
    assert client.post(address, {"do": "hide-all"}).status_code == 404


@pytest.mark.parametrize("query", ["?after=x", "?after=-1", f"?after={'9' * 40}", "?kind=<b>"])
def test_any_address_is_answered(address, admin_client, query):
    assert admin_client.get(address + query).status_code == 200
