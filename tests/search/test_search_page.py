"""Posts are found through the forum's search, at its address, by those who may read them."""

from urllib.parse import parse_qs

import pytest

from corpus.curation import (
    AssignSpeaker,
    ConfirmUtterance,
    HoldThread,
    MergeUtterance,
    ReleaseThread,
    RemoveQuotation,
    RetitleThread,
)
from corpus.models import Redaction, Utterance
from forumimport import indexing
from forumimport.engines import engine
from forumimport.models import PendingPost
from forumimport.search import concordance, views
from tests.pages import links, page_text, parsed, text_of, with_class

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("search_engine")]

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
    page = client.get("/search/", {"q": "curtains"})
    (result,) = with_class(parsed(page), "corpus-result")
    assert text_of(result) == (
        "Beans #2 unknown speaker · date unknown · Garden talk Cover them with curtains at night."
    )
    ((_words, address),) = links(result)
    post = utterances(thread)[1].projected.post_id
    assert address == f"{engine().topic_url(thread.projected.topic_id)}?post={post}#{post}"
    assert [text_of(mark) for mark in result.iter("mark")] == ["curtains"]


def test_other_forms_are_found_where_the_engine_knows_them(thread, client, knows_forms):
    assert len(found(client, "curtain")) == (1 if knows_forms else 0)
    said = "Words are found only as they are written" in page_text(client.get("/search/?q=curtain"))
    assert said is not knows_forms


@pytest.mark.parametrize(
    "query", ["frost", "and", "not", "FROST", "spring, not", '"one of them"', "night"]
)
def test_every_word_is_found(thread, client, query):
    assert len(found(client, query)) == 1


def test_every_post_is_found_once(thread, client):
    assert len(found(client, "them")) == 2


@pytest.mark.parametrize(
    ("page", "turned_to"),
    [
        ("", {"Next": "2", "Last": "5"}),
        ("2", {"Previous": "1", "Next": "3", "Last": "5"}),
        ("3", {"First": None, "Previous": "2", "Next": "4", "Last": "5"}),
        ("4", {"First": None, "Previous": "3", "Next": "5"}),
        ("5", {"First": None, "Previous": "4"}),
    ],
)
@pytest.mark.parametrize("path", ["/search/", "/search/concordance/"])
def test_pages_are_turned_by_one_or_to_the_ends(
    import_text, client, monkeypatch, path, page, turned_to
):
    import_text("Many\n\n" + "\n\n\n".join(f"Frost, said post {at}." for at in range(5)))
    for module in (views, concordance):
        monkeypatch.setattr(module, "PAGE", 1)
    root = parsed(client.get(path, {"q": "frost", "page": page}))
    (pages,) = with_class(root, "pagination")
    found = {words: parse_qs(address[1:]) for words, address in links(pages)}
    assert {words: asked.get("page", [None])[0] for words, asked in found.items()} == turned_to
    assert all(asked["q"] == ["frost"] for asked in found.values())


@pytest.mark.parametrize(
    ("query", "positions"),
    [
        ("frost OR curtains", [1, 2]),
        ("them NOT frost", [2]),
        ("(frost OR curtains) night", [2]),
        ('"them with curtains"', [2]),
        ('"curtains cover"~2', [2]),
        ("curt*", [2]),
        ("cortains~", [2]),
        ("thread:beans mind", [3]),
        ("forum:garden -them", [3]),
        ("speaker:ada", []),
        ("after:2001", []),
        ("*", [1, 2, 3]),
    ],
)
def test_query_language(thread, client, query, positions):
    results = found(client, query)
    assert sorted(int(result.split()[1].strip("#")) for result in results) == positions


@pytest.mark.parametrize("path", ["/search/", "/search/concordance/"])
@pytest.mark.parametrize(
    ("query", "wrong", "hint"),
    [
        ('frost "late', '"', "This quotation mark is not closed"),
        ("frost OR", "OR", "There is nothing after “OR” here."),
        ("poster:Ada", "poster:", "There is no field “poster:”"),
        ("subcorpus:none", "subcorpus:none", "There is no subcorpus “none”"),
    ],
)
def test_bad_query_is_shown_where_it_is_wrong(thread, client, path, query, wrong, hint):
    root = parsed(client.get(path, {"q": query}))
    (box,) = with_class(root, "corpus-hint")
    assert hint in text_of(box)
    assert box.get("role") == "alert"
    assert [text_of(mark) for mark in box.iter("mark")] == [wrong]
    (field,) = [e for e in root.iter("input") if e.get("id") == "corpus-q"]
    assert field.get("value") == query
    assert "corpus-hint" in field.get("aria-describedby").split()


@pytest.mark.parametrize("path", ["/search/", "/search/concordance/"])
@pytest.mark.parametrize(
    "query", ['"', "(", "AND", "a:b:c", "*", "[", "~", "frost~~", "\0", "x" * 5000, "*" * 90]
)
def test_strange_queries_are_answered(thread, client, path, query):
    assert client.get(path, {"q": query}).status_code == 200


@pytest.mark.parametrize(
    "parameters",
    [
        "forum=x&year=&speaker=%00",
        "page=9999999",
        "page=-1&order=none",
        "year=99999999999999999999",
    ],
)
def test_strange_addresses_are_answered(thread, client, parameters):
    for path in ("/search/", "/search/concordance/"):
        assert client.get(f"{path}?q=frost&{parameters}").status_code == 200


def test_a_copy_is_found_only_if_asked_for(import_text, client):
    copied = "The frost took all my radishes this very spring, every single one."
    import_text(f"Copies\n\n{copied}\n\n\n{copied}\n\nHow sad.")
    (result,) = found(client, "radishes")
    assert "#1" in result
    assert len(found(client, "radishes", quotations="on")) == 2
    (copy,) = found(client, "in:quotes radishes")
    assert "#2" in copy


def test_a_copy_says_whose_words_it_repeats(import_text, client):
    copied = "The frost took all my radishes this very spring, every single one."
    thread = import_text(f"Copies\n\n{copied}\n\n\n{copied}\n\nHow sad.")
    first, _second = utterances(thread)
    AssignSpeaker(first, "Ada").execute()
    page = client.get("/search/", {"q": "in:quotes radishes"})
    (result,) = with_class(parsed(page), "corpus-result")
    (quotation,) = with_class(result, "corpus-quotation")
    assert text_of(quotation) == f"{copied} words of Ada, the original"
    assert links(quotation) == [("the original", f"/utterance/{first.pk}/")]


def test_hostile_text_stays_text(thread, client):
    page = client.get("/search/", {"q": "mind"})
    root = parsed(page)
    (result,) = with_class(root, "corpus-result")
    assert "<img src=x onerror=alert(1)" in text_of(result)
    assert not list(root.iter("img"))


def test_search_follows_curation(thread, client):
    RetitleThread(thread, "Curtains for beans").execute()
    AssignSpeaker(utterances(thread)[1], "Ada").execute()
    assert found(client, "night") == [
        "Curtains for beans #2 Ada · date unknown · Garden talk Cover them with curtains at night."
    ]
    assert len(found(client, "night", speaker="Ada")) == 1
    assert found(client, "frost speaker:ada") == []
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
    assert found(client, "frost", forum=forum) == []
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


def test_answers_are_found_under_their_topics_new_title(thread, client, admin_user):
    _forum, _Topic, Post = engine().models()
    topic = thread.projected.topic_id
    Post.objects.create(topic_id=topic, poster=admin_user, subject="Re: Beans", content="Mulch!")
    RetitleThread(thread, "Peas").execute()
    (result,) = found(client, "mulch")
    assert result.startswith("Peas")
    assert Post.objects.get(poster=admin_user).subject == "Re: Beans"


def test_what_could_not_be_indexed_waits_unseen_and_is_caught_up(
    thread, client, monkeypatch, caplog
):
    def full(*args, **kwargs):
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(indexing, "_index", full)
        RetitleThread(thread, "Peas").execute()
    assert "3 posts wait" in caplog.text
    assert PendingPost.objects.count() == 3
    # The index still has the old title, and might have words that are now hidden.
    assert found(client, "frost") == []
    missing = "Some posts are still to be indexed; until then they are missing here."
    assert missing in page_text(client.get("/search/", {"q": "frost"}))
    indexing.catch_up()
    assert missing not in page_text(client.get("/search/", {"q": "frost"}))
    assert not PendingPost.objects.exists()
    assert found(client, "frost")[0].startswith("Peas")


def test_search_follows_what_the_forum_does_not_show(import_text, client):
    """States, and what is a quotation."""
    copied = "The frost took all my radishes this very spring, every single one."
    thread = import_text(f"Copies\n\n{copied}\n\n\n{copied}\n\nHow sad.")
    first, second = utterances(thread)
    assert found(client, "state:confirmed") == []
    ConfirmUtterance(first).execute()
    assert [result[:9] for result in found(client, "state:confirmed")] == ["Copies #1"]
    RemoveQuotation(second.quotations.get()).execute()
    assert len(found(client, "radishes")) == 2


def test_addresses_of_machinas_own_page_still_ask_the_same(thread, client):
    AssignSpeaker(utterances(thread)[1], "Ada").execute()
    forum = thread.collection.projected.forum_id
    asked = {"search_forums": forum, "search_poster_name": "Ada", "search_topics": "on"}
    (result,) = found(client, "beans", **asked)
    assert result.startswith("Beans #2 Ada")


def test_the_box_in_the_navigation_bar_leads_here(thread, client):
    root = parsed(client.get("/"))
    (form,) = [form for form in root.iter("form") if form.get("role") == "search"]
    assert form.get("action") == "/search/"
    (field,) = [e for e in form.iter("input") if e.get("name")]
    assert len(found(client, "frost")) == 1
    assert field.get("name") == "q"
