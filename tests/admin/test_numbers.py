"""Numbers that no database holds and Python refuses to read: answered like any other wrong one."""

import pytest
from django.urls import reverse

from corpus.models import Utterance

pytestmark = pytest.mark.django_db(transaction=True)

HUGE = "9" * 4301


@pytest.fixture
def thread(import_text):
    return import_text("Beans\n\nThe frost took them.\n\n\nRain took them.")


def page(thread, name, *args):
    return reverse(f"admin:corpus_thread_{name}", args=[thread.pk, *args])


@pytest.mark.parametrize("wrong", [HUGE, "9" * 30, "-1", "x", ""])
def test_workbench_shows_its_first_page(thread, admin_client, wrong):
    for name in ("at", "page"):
        response = admin_client.get(page(thread, "workbench"), {name: wrong})
        assert response.context["sheet"].page == 1


@pytest.mark.parametrize("wrong", [HUGE, "9" * 30])
def test_steps_of_the_workbench_answer(thread, admin_client, wrong):
    for step, fields in (
        ("quotation", {"post": wrong, "start": wrong, "end": wrong}),
        ("original", {"quotation": wrong}),
    ):
        address = page(thread, "workbench_step", step)
        assert admin_client.get(address, fields).status_code == 200
        assert admin_client.post(address, fields | {"seen_version": wrong}).status_code == 409
    post = Utterance.objects.first().pk
    address = page(thread, "workbench_step", "accept")
    answer = admin_client.post(f"{address}?post={wrong}", {"post": post, "seen_version": 0})
    assert answer["Location"].endswith("?page=1")


@pytest.mark.parametrize("wrong", [HUGE, "9" * 30])
def test_history_and_suggestions_answer(thread, admin_client, wrong):
    assert admin_client.post(page(thread, "history_undo"), {"event": wrong}).status_code == 404
    known = {"version": 0, "seen_version": wrong}
    assert admin_client.post(page(thread, "history_revert"), known).status_code == 302
    answer = admin_client.post(page(thread, "history_revert"), {"version": HUGE})
    assert answer.status_code == 404
    answer = admin_client.post(page(thread, "suggestions"), {"seen_version": wrong})
    assert answer.status_code == 302
