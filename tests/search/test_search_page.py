"""Posts are found through the forum's search, at its address, by those who may read them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from corpus.curation import AssignSpeaker, HoldThread, MergeUtterance, ReleaseThread, RetitleThread
from corpus.models import Redaction, Utterance
from forumimport import indexing
from forumimport.engines import engine
from forumimport.models import PendingPost
from tests.pages import links, page_text, parsed, text_of, with_class

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = (
    "Beans\n\n"
    "The frost took all my beans this spring, not one of them is left and I am sad.\n\n\n"
    "Cover them with curtains at night.\n\n\n"
    'Mind the <img src=x onerror=alert(1) "quoted" & <b>rest</b>.'
)


@pytest.fixture
def thread(import_text):
    return import_text(TEXT)


def found(client, query, **more):
    page = client.get("/search/", {"q": query} | more)
    return [text_of(result) for result in with_class(parsed(page), "corpus-result")]


def utterances(thread):
    return list(Utterance.objects.of_thread(thread.pk).in_order())


def test_result_shows_speaker_date_and_passage_and_leads_to_the_post(thread, client):
    page = client.get("/search/", {"q": "curtain"})
    (result,) = with_class(parsed(page), "corpus-result")
    assert text_of(result) == (
        "Beans #2 unknown speaker · date unknown · Garden talk Cover them with curtains at night."
    )
    ((_words, address),) = links(result)
    post = utterances(thread)[1].projected.post_id
    assert address == f"{engine().topic_url(thread.projected.topic_id)}?post={post}#{post}"
    assert [text_of(mark) for mark in result.iter("mark")] == ["curtains"]


@pytest.mark.parametrize(
    "query", ["frost", "and", "not", "FROST", "spring, not", '"one of them"', "night"]
)
def test_every_word_is_found(thread, client, query):
    assert len(found(client, query)) == 1


def test_every_post_is_found_once(thread, client):
    assert len(found(client, "them")) == 2


@pytest.mark.parametrize(
    "query", ['"', "(", "AND", "a:b:c", "*", "[", "~", "frost~~", "\0", "x" * 5000]
)
def test_strange_queries_are_answered(thread, client, query):
    assert client.get("/search/", {"q": query}).status_code == 200


def test_a_copy_is_found_only_if_asked_for(import_text, client):
    copied = "The frost took all my radishes this very spring, every single one."
    import_text(f"Copies\n\n{copied}\n\n\n{copied}\n\nHow sad.")
    (result,) = found(client, "radishes")
    assert "#1" in result
    assert len(found(client, "radishes", quotations="on")) == 2


def test_hostile_text_stays_text(thread, client):
    page = client.get("/search/", {"q": "mind"})
    root = parsed(page)
    (result,) = with_class(root, "corpus-result")
    assert "<img src=x onerror=alert(1)" in text_of(result)
    assert not list(root.iter("img"))


def test_hostile_text_stays_text_on_machinas_own_page(thread):
    from machina.apps.forum_permission.middleware import ForumPermissionMiddleware
    from machina.core.loading import get_class

    request = RequestFactory().get("/search/", {"q": "mind"})
    request.user, request.session = AnonymousUser(), {}
    ForumPermissionMiddleware(lambda request: None).process_request(request)
    page = get_class("forum_search.views", "FacetedSearchView")(
        form_class=get_class("forum_search.forms", "SearchForm")
    )(request)
    root = parsed(page)
    assert "Mind the <img src=x" in text_of(root.find("body"))
    assert not list(root.iter("img"))


def test_search_follows_curation(thread, client):
    RetitleThread(thread, "Curtains for beans").execute()
    AssignSpeaker(utterances(thread)[1], "Ada").execute()
    assert found(client, "night") == [
        "Curtains for beans #2 Ada · date unknown · Garden talk Cover them with curtains at night."
    ]
    assert len(found(client, "night", search_poster_name="Ada")) == 1
    assert found(client, "frost", search_poster_name="Ada") == []
    MergeUtterance(utterances(thread)[1]).execute()
    (result,) = found(client, "night")
    assert result.startswith("Curtains for beans #1 unknown speaker")


def test_search_follows_holding_and_deleting(thread, client):
    HoldThread(thread).execute()
    assert found(client, "frost") == []
    ReleaseThread(thread).execute()
    assert len(found(client, "frost")) == 1
    thread.delete()
    assert found(client, "frost") == []


def test_search_never_shows_what_is_redacted(thread, client):
    from forumimport import projection

    document = thread.documents.get()
    start = document.text.index("curtains")
    Redaction.objects.create(document=document, start=start, end=start + 8, kind="name")
    projection.project(thread.pk)
    assert found(client, "curtains") == []
    assert "Cover them with [name] at night." in found(client, "night")[0]


def test_search_never_reveals_a_hidden_collection(thread, import_text, client, admin_client):
    hidden = import_text(
        "Secret\n\nThe frost is a secret.\n\n\nHush.", collection="Closed", origin="secret.txt"
    )
    hidden.collection.visibility = "curators"
    hidden.collection.save()
    page = client.get("/search/", {"q": "frost"})
    assert "1 post found" in page_text(page)
    assert "ecret" not in page.content.decode()
    assert "Closed" not in page.content.decode()
    forum = hidden.collection.projected.forum_id
    assert found(client, "frost", search_forums=forum) == []
    assert len(found(admin_client, "frost")) == 2


def test_native_posts_are_found_too(thread, client, admin_user):
    _forum, Topic, Post = engine().models()
    topic = Topic.objects.create(
        forum_id=thread.collection.projected.forum_id,
        poster=admin_user,
        subject="Native",
        type=Topic.TOPIC_POST,
        status=0,
    )
    post = Post.objects.create(
        topic=topic, poster=admin_user, subject="Native", content="I *like* <radishes> &amp; chives"
    )
    (result,) = found(client, "chives")
    assert result.startswith("Native admin · ")
    post.content = "I like leeks"
    post.save()
    assert found(client, "chives") == []
    assert len(found(client, "leeks")) == 1
    topic.delete()
    assert found(client, "leeks") == []


def test_what_could_not_be_indexed_waits_and_is_caught_up(thread, client, monkeypatch, caplog):
    def full(*args, **kwargs):
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(indexing, "_index", full)
        RetitleThread(thread, "Peas").execute()
    assert "3 posts wait" in caplog.text
    assert PendingPost.objects.count() == 3
    assert found(client, "frost")[0].startswith("Beans")
    indexing.catch_up()
    assert not PendingPost.objects.exists()
    assert found(client, "frost")[0].startswith("Peas")
