"""Curators who save at the same moment, each on a connection of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from corpus import invariants
from corpus.curation import RetitleThread
from corpus.errors import OperationOutrun
from corpus.models import CurationEvent, Thread, Utterance
from forumimport import invariants as forum_invariants

pytestmark = pytest.mark.django_db(transaction=True)

CURATORS = 4


def at_once(work):
    """What each of the curators got, starting together."""
    barrier = Barrier(CURATORS)

    def one(number):
        barrier.wait()
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CURATORS) as pool:
        return list(pool.map(one, range(CURATORS)))


def test_of_several_steps_on_one_version_exactly_one_is_done(import_text):
    thread = import_text("Beans\n\nFrost took them.\n\n\nCover them.")

    def retitle(number):
        try:
            return RetitleThread(Thread.objects.get(pk=thread.pk), f"{number}").execute(version=0)
        except OperationOutrun:
            return None

    done = [event for event in at_once(retitle) if event]
    thread.refresh_from_db()
    assert (len(done), thread.version) == (1, 1)
    assert CurationEvent.objects.get().summary == f"Title: “Beans” → “{thread.title}”"


def test_of_several_requests_one_is_answered_and_the_others_see_what_it_did(
    import_text, django_user_model
):
    thread = import_text("Beans\n\nFrost took them.\n\n\nCover them.\n\n\nThanks.")
    post = Utterance.objects.of_thread(thread.pk).in_order()[1]
    clients = []
    for number in range(CURATORS):
        client = Client()
        client.force_login(django_user_model.objects.create_superuser(f"curator{number}"))
        clients.append(client)
    address = reverse("admin:corpus_thread_workbench_step", args=[thread.pk, "merge"])

    def merge(number):
        return clients[number].post(
            address,
            {"seen_version": 0, "page": 1, "post": post.pk},
            headers={"X-Corpus-Partial": "1"},
        )

    answers = at_once(merge)
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (CURATORS - 1)
    for answer in answers:
        if answer.status_code == 409:
            assert "Merged the post" in answer.json()["said"]
            assert f"u{post.pk}" not in answer.json()["all"]["order"]
    assert CurationEvent.objects.count() == 1
    assert [*invariants.violations(), *forum_invariants.violations()] == []
