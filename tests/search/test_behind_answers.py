"""Many posts are indexed behind the answer to the request that changed them, few before it."""

from contextvars import copy_context

import pytest
from django.contrib.auth import get_user_model
from django.core.signals import request_started
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import reverse

from corpus.curation import RetitleThread
from corpus.models import Utterance
from forumimport import indexing, invariants
from forumimport.models import PendingPost
from tests.search.test_search_page import TEXT, found

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def thread(import_text):
    return import_text(TEXT)


@pytest.fixture
def answered(monkeypatch, client):
    """The server's answer to a step at the workbench, not closed yet."""
    monkeypatch.setattr(indexing, "_WAITED_FOR", 2)
    curator = Client(headers={"host": "localhost"})
    curator.force_login(get_user_model().objects.create_superuser("curator"))
    curator.get("/search/")  # Behind a process's first request is caught up in any case.
    handler = ClientHandler()
    handler.load_middleware()

    def answer(thread, step, **values):
        thread.refresh_from_db()
        address = reverse("admin:corpus_thread_workbench", args=[thread.pk])
        values = {"seen_version": thread.version, "page": 1, **values}
        request = RequestFactory(headers={"host": "localhost", "X-Corpus-Partial": "1"}).post(
            f"{address}{step}/", values
        )
        request.COOKIES.update({name: cookie.value for name, cookie in curator.cookies.items()})
        request_started.send(sender=type(handler), environ=request.environ)
        request._dont_enforce_csrf_checks = True
        response = handler.get_response(request)
        assert response.status_code == 200, response.content
        return response

    return answer


def test_many_posts_are_indexed_once_the_answer_is_sent(thread, answered, client):
    answer = answered(thread, "retitle", to="Peas")
    assert PendingPost.objects.count() == 3
    # Nobody is shown the old title meanwhile; another request is answered in another context.
    assert copy_context().run(found, client, "frost") == []
    answer.close()
    assert not PendingPost.objects.exists()
    assert found(client, "frost")[0].startswith("Peas")
    assert not invariants.misindexed()


def test_few_posts_are_indexed_before_the_answer(thread, answered):
    first = Utterance.objects.of_thread(thread.pk).in_order()[0]
    answer = answered(thread, "accept", post=first.pk)
    assert not PendingPost.objects.exists()
    assert not invariants.misindexed()
    answer.close()


def test_what_an_earlier_process_left_is_indexed_behind_the_first_answer(
    thread, monkeypatch, client
):
    with monkeypatch.context() as patch:
        patch.setattr(indexing, "_index", lambda *given: 1 / 0)
        RetitleThread(thread, "Peas").execute()
    monkeypatch.setattr(indexing, "_caught_up", True)
    client.get("/search/")
    assert PendingPost.objects.exists()
    monkeypatch.setattr(indexing, "_caught_up", False)
    client.get("/search/")
    assert not PendingPost.objects.exists()
    assert not invariants.misindexed()


def test_outside_requests_all_is_indexed_at_once(thread, monkeypatch):
    monkeypatch.setattr(indexing, "_WAITED_FOR", 2)
    RetitleThread(thread, "Peas").execute()
    assert not PendingPost.objects.exists()
    assert not invariants.misindexed()
