"""One step for many threads: its effect is shown before, its progress while it is done."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from corpus.admin import bulk
from corpus.curation import (
    AssignSpeaker,
    ConfirmThread,
    DeleteThread,
    HoldThread,
    MoveThread,
    RenameSpeaker,
)
from corpus.errors import OperationRefused
from corpus.models import Collection, CurationEvent, Thread, Utterance
from tests.pages import links, page_text, parsed

pytestmark = pytest.mark.django_db


@pytest.fixture
def threads(import_text):
    return [
        import_text(f"{name}\n\nFrost took {name}.\n\n\nCover them.", origin=name, indexed=False)
        for name in ("Beans", "Peas", "Leeks")
    ]


def page(name, **values):
    return reverse("admin:corpus_thread_bulk", args=[name], query=values)


def everything_done(client, address):
    """Go on until the page says that all is done; returns how many times."""
    response, times = client.post(address), 1
    while response.context.get("running"):
        fields = {name: response.context[name] for name in ("after", "done", "refused", "total")}
        response, times = client.post(address, fields), times + 1
    assert "All done." in page_text(response)
    return times


def test_effect_is_shown_before_anything_is_done(threads, admin_client):
    response = admin_client.get(page("confirm", above="0.99", asked=1))
    text = page_text(response)
    assert "Of 3 threads, 3 would change and 0 would be left as they are." in text
    assert "Confirmed 2 boundaries and 0 quotations of a confidence of 0.99 or more" in text
    assert not CurationEvent.objects.exists()


def test_step_is_done_for_the_threads_that_the_queue_shows(threads, admin_client, admin_user):
    AssignSpeaker(Utterance.objects.of_thread(threads[1].pk).first(), "Ada").execute()
    response = admin_client.get(page("speaker", handle="Ada", to="Grace", asked=1))
    text = page_text(response)
    assert "Of 3 threads, 1 would change and 2 would be left as they are." in text
    assert "left as it is: The thread has no post by this speaker." in text
    everything_done(admin_client, page("speaker", handle="Ada", to="Grace", asked=1))
    event = CurationEvent.objects.get(operation="rename-speaker")
    assert (event.thread, event.user) == (threads[1], admin_user)
    everything_done(admin_client, page("hold", q="eek"))
    assert list(Thread.objects.filter(held=True)) == [threads[2]]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("confirm", {"above": 0.9}),
        ("speaker", {"handle": "Ada", "to": "Grace"}),
        ("speaker", {"handle": "", "to": "Grace"}),
        ("speaker", {"handle": "Ada", "to": "Ada"}),
        ("move", {"goal": "Orchard"}),
        *((name, {}) for name in ("hold", "release", "resegment", "delete", "restore")),
    ],
)
def test_threads_counted_as_changing_are_those_that_the_step_would_change(
    threads, admin_user, name, values
):
    """Threads in every state that matters to a step."""
    beans, peas, leeks = threads
    orchard = Collection.objects.create(name="Orchard")
    Utterance.objects.update(confidence=0.95)
    Utterance.objects.of_thread(peas.pk).update(confidence=0.1)
    for operation in (
        AssignSpeaker(Utterance.objects.of_thread(beans.pk).first(), "Ada"),
        RenameSpeaker(leeks, "", "Ada"),
        HoldThread(peas),
        DeleteThread(leeks),
        MoveThread(peas, orchard),
        ConfirmThread(beans),
    ):
        operation.execute()
    if "goal" in values:
        values = {"goal": orchard}
    if "handle" in values:
        values = values | {"user": admin_user}
    step = bulk.BULK[name]
    would = set()
    for thread in Thread.objects.all():
        try:
            step.operation(thread, **values).check()
            would.add(thread)
        except OperationRefused:
            pass
    assert set(step.possible(Thread.objects.all(), **values)) == would


def test_preview_counts_all_and_looks_into_some(
    threads, admin_client, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(bulk, "_LISTED", 1)
    HoldThread(threads[2]).execute()
    with django_assert_max_num_queries(25):
        response = admin_client.get(page("hold"))
    effect = response.context["effect"]
    assert (effect.changing, effect.left, effect.looked_at) == (2, 1, 2)


def test_step_goes_on_in_batches(threads, admin_client, monkeypatch):
    monkeypatch.setattr(bulk, "_BATCH", 1)
    assert everything_done(admin_client, page("delete")) == 3
    assert Thread.objects.filter(deleted=True).count() == 3
    everything_done(admin_client, page("restore", state="deleted"))
    assert not Thread.objects.filter(deleted=True).exists()


def test_threads_are_moved_and_recovered_anew(threads, admin_client):
    goal = Collection.objects.create(name="Orchard")
    Utterance.objects.of_thread(threads[0].pk).update(confidence=0.1)
    everything_done(admin_client, page("move", goal=goal.pk, asked=1))
    assert goal.threads.count() == 3
    everything_done(admin_client, page("resegment"))
    assert not Utterance.objects.filter(confidence=0.1).exists()
    assert CurationEvent.objects.filter(operation="resegment-thread").count() == 1


def test_wrong_values_do_nothing(threads, admin_client):
    response = admin_client.post(page("confirm", above="2", asked=1))
    assert response.context["form"].errors
    assert admin_client.get(page("explode")).status_code == 404
    assert not CurationEvent.objects.exists()


def test_queue_leads_to_what_can_be_done_with_its_threads(threads, admin_client):
    queue = parsed(admin_client.get(reverse("admin:corpus_thread_queue", query={"q": "Pea"})))
    assert ("Hold back from readers", page("hold", q="Pea")) in links(queue)


def test_many_threads_at_once_need_a_permission(threads, client, django_user_model):
    user = django_user_model.objects.create_user("curator", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="curate_thread"))
    client.force_login(user)
    assert client.post(page("hold")).status_code == 403
    assert not Thread.objects.filter(held=True).exists()
