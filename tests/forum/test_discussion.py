"""An imported thread in the forum."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from corpus.curation import SplitUtterance
from corpus.models import Basis, DatePrecision, Utterance
from corpus.rendering import reading_text
from forumimport import importer, indexing, projection
from forumimport.engines import engine
from forumimport.importer import Created
from forumimport.models import PendingPost
from forumimport.readers import Source
from tests.pages import page_text, posts_of
from tests.texts import bodies

pytestmark = pytest.mark.django_db

TEXT = (
    "Beans <and> peas\n\n"
    "The frost took all my beans this spring, every one of them.\n\n\n"
    "The frost took all my beans this spring, every one of them.\n\n"
    "Cover them at night.\n\n\n"
    "Thanks."
)

AWKWARD = """Awkward

# no heading
1. no list
   three spaces, *no emphasis*, _nor here_, `nor code`

- no bullet either
    four spaces are no code block
<b>no bold</b> <script>alert("no")</script> &amp; &lt; no entities


> is a mark here

\ttab  two  spaces   three


שלום (שלום) and مرحبا, 👩‍👩‍👧 \u202eno mirror\u202c

[no link](javascript:alert(1)) ![](x) http://example.org/?a=b&c=d


{}


\x01 control \x7f characters \x9f too


ends with two spaces  \nand NBSP\xa0here
""".format("Donaudampfschiff" * 60)


@pytest.fixture
def thread(import_text):
    return import_text(TEXT)


def url(thread):
    return engine().topic_url(thread.projected.topic_id)


def test_thread_reads_as_a_discussion(thread, client):
    first = Utterance.objects.of_thread(thread.pk).in_order()[0]
    assert posts_of(client.get(url(thread))) == [
        (
            "unknown speaker date unknown #1",
            "The frost took all my beans this spring, every one of them.",
            [],
        ),
        (
            "unknown speaker date unknown in reply to post 1 #2",
            "The frost took all my beans this spring, every one of them.\n\nCover them at night.",
            [("from post 1", f"/utterance/{first.pk}/")],
        ),
        ("unknown speaker date unknown #3", "Thanks.", []),
    ]


def test_quotation_leads_to_the_quoted_post(thread, client):
    first = Utterance.objects.of_thread(thread.pk).in_order()[0]
    answer = client.get(f"/utterance/{first.pk}/")
    assert answer.url == f"{url(thread)}?post={first.projected.post_id}#{first.projected.post_id}"
    assert client.get(answer.url).status_code == 200


def test_any_text_is_shown_exactly(import_text, client):
    thread = import_text(AWKWARD)
    expected = [
        reading_text(utterance.document.text, utterance.span)
        for utterance in Utterance.objects.of_thread(thread.pk).in_order()
    ]
    assert len(expected) >= 6
    assert [words for _head, words, _quotations in posts_of(client.get(url(thread)))] == expected


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=bodies)
def test_whatever_is_imported_is_read_back_from_the_page(body, client):
    with transaction.atomic():
        source = Source("any.txt", f"Title\n\n{body}".encode())
        run = importer.start_run({})
        (outcome,) = importer.import_sources([source], collection="Any", run=run)
        if isinstance(outcome, Created):
            expected = [
                reading_text(utterance.document.text, utterance.span)
                for utterance in Utterance.objects.of_thread(outcome.thread.pk).in_order()
            ]
            page = client.get(url(outcome.thread))
            shown = [words for _head, words, _quotations in posts_of(page)]
            assert shown == expected[:15]  # The posts of a page.
        transaction.set_rollback(True)


def test_order_holds_over_pages(import_text, client):
    text = "Counting\n\n" + "\n\n\n".join(f"This is number {n}." for n in range(1, 41))
    thread = import_text(text)
    shown = [
        words
        for page in (1, 2, 3)
        for _head, words, _quotations in posts_of(client.get(f"{url(thread)}?page={page}"))
    ]
    assert shown == [f"This is number {n}." for n in range(1, 41)]


def test_known_speaker_and_date_are_shown_as_far_as_known(thread, client):
    utterances = list(Utterance.objects.of_thread(thread.pk).in_order())
    speaker = thread.collection.speakers.create(handle="Ada <3")
    Utterance.objects.filter(pk=utterances[0].pk).update(
        speaker=speaker,
        speaker_basis=Basis.ATTESTED,
        date=datetime(2009, 3, 1, tzinfo=UTC),
        date_precision=DatePrecision.MONTH,
        date_basis=Basis.ATTESTED,
    )
    projection.project(thread.pk)
    heads = [(head, quotations) for head, _words, quotations in posts_of(client.get(url(thread)))]
    assert heads[0][0] == "Ada <3 March 2009 #1"
    assert heads[1][1][0][0] == "Ada <3 in post 1"


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "{forum}",
        "{topic}",
        "{topic}post/create/",
        "/search/?q=frost",
        "/moderation/queue/",
        "/moderation/queue/{held}/",
        "/tracking/unread-topics/",
        "/member/subscriptions/",
    ],
)
def test_no_page_shows_an_invented_date(thread, import_text, admin_client, admin_user, page):
    topic = engine().models()[1].objects.get(pk=thread.projected.topic_id)
    topic.subscribers.add(admin_user)
    held = import_text("Held\n\nOne.\n\n\nTwo.", hold=True, origin="held.txt")
    address = page.format(
        forum=engine().forum_url(thread.collection.projected.forum_id),
        topic=url(thread),
        held=held.projected.posts.get(position=2).post_id,
    )
    words = page_text(admin_client.get(address))
    assert "date unknown" in words
    assert "1970" not in words


def test_feed_gives_no_invented_date(thread, client):
    feed = client.get("/feeds/topics/")
    assert feed.status_code == 200
    assert "date unknown" in feed.content.decode()
    assert "1970" not in feed.content.decode()
    assert "pubDate" not in feed.content.decode()


def test_topics_of_the_forum_itself_look_as_before(thread, client, admin_user):
    Forum, Topic, Post = engine().models()
    forum = Forum.objects.get(pk=thread.collection.projected.forum_id)
    topic = Topic.objects.create(
        forum=forum, poster=admin_user, subject="Native", type=Topic.TOPIC_POST, status=0
    )
    Post.objects.create(topic=topic, poster=admin_user, subject="Native", content="*Hi* there")
    words = page_text(client.get(engine().topic_url(topic.pk)))
    assert "By: admin" in words
    assert "Hi there" in words


def test_people_may_answer_in_an_imported_thread(thread, client, admin_user):
    Post = engine().models()[2]
    Post.objects.create(
        topic_id=thread.projected.topic_id, poster=admin_user, subject="Re", content="I *agree*."
    )
    projection.project(thread.pk)
    words = page_text(client.get(url(thread)))
    assert "Thanks." in words
    assert "I agree." in words


def test_posts_are_timed_by_date_and_otherwise_by_their_place():
    def utterance(start, date=None):
        return projection.Placed(date, 0, start)

    def milliseconds(n):
        return timedelta(milliseconds=n)

    first, second = (datetime(2009, 3, day, tzinfo=UTC) for day in (1, 2))
    undated = [utterance(5), utterance(70)]
    assert list(projection.times(undated)) == [
        projection.UNDATED_FROM + milliseconds(n) for n in (5, 70)
    ]
    mixed = [utterance(5), utterance(10, first), utterance(70), utterance(90, second)]
    assert list(projection.times(mixed)) == [
        first - milliseconds(5),
        first,
        first + milliseconds(60),
        second,
    ]
    # Dates out of order keep the order of the text.
    out_of_order = [utterance(5, second), utterance(10, first), utterance(70)]
    assert list(projection.times(out_of_order)) == [
        second,
        second + timedelta(microseconds=1),
        second + timedelta(microseconds=2),
    ]


def test_splitting_moves_no_other_post_in_time_and_is_found_alone(thread):
    posts = list(Utterance.objects.of_thread(thread.pk).in_order())
    before = engine().contents([posts[2].projected.post_id])
    indexing.catch_up()
    SplitUtterance(posts[1], TEXT.index("Cover")).execute()
    assert engine().contents([posts[2].projected.post_id]) == before
    changed = set(PendingPost.objects.values_list("post_id", flat=True))
    assert changed == {
        row.projected.post_id for row in Utterance.objects.of_thread(thread.pk).in_order()[1:3]
    }


def test_projecting_again_changes_nothing(thread, django_assert_max_num_queries):
    tables = [apps.get_model("forum_conversation", name) for name in ("Topic", "Post")]
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    with django_assert_max_num_queries(30):
        projection.project(thread.pk)
    after = [list(table.objects.order_by("pk").values()) for table in tables]
    assert after == before


@pytest.mark.parametrize("kind", ["collection", "thread", "utterance"])
def test_permanent_addresses_answer_as_if_nothing_were_there_to_those_who_may_not_read(
    import_text, client, admin_client, kind
):
    thread = import_text(TEXT, hold=kind != "collection")
    if kind == "collection":
        thread.collection.visibility = "curators"
        thread.collection.save()
    key = {
        "collection": thread.collection_id,
        "thread": thread.pk,
        "utterance": Utterance.objects.of_thread(thread.pk).in_order()[0].pk,
    }[kind]
    missing = client.get(f"/{kind}/999999/")
    refused = client.get(f"/{kind}/{key}/")
    assert (refused.status_code, page_or_body(refused)) == (404, page_or_body(missing))
    assert admin_client.get(f"/{kind}/{key}/").status_code == 302


def page_or_body(response):
    return response.content.decode()


def test_held_thread_is_for_curators_only(import_text, client, django_user_model, admin_client):
    thread = import_text(TEXT, hold=True)
    address = url(thread)
    assert client.get(address).status_code == 404
    forum = engine().forum_url(thread.collection.projected.forum_id)
    assert "Beans" not in page_text(client.get(forum))
    assert "Beans" not in page_text(client.get("/"))
    page = admin_client.get(address)
    assert len(posts_of(page)) == 3
    assert "held back" in page_text(page)


@pytest.mark.parametrize(
    ("visibility", "anonymous", "member"),
    [("public", True, True), ("members", False, True), ("curators", False, False)],
)
def test_collection_is_read_by_those_it_names(
    thread, client, django_user_model, visibility, anonymous, member
):
    thread.collection.visibility = visibility
    thread.collection.save()
    user = django_user_model.objects.create_user("somebody")
    forum = thread.collection.projected.forum_id
    found = [forum in engine().readable_forums(who) for who in (AnonymousUser(), user)]
    assert found == [anonymous, member]
    assert (client.get(url(thread)).status_code == 200) == anonymous
    client.force_login(user)
    assert (client.get(url(thread)).status_code == 200) == member


def test_deleted_thread_leaves_the_forum(thread, client):
    address = url(thread)
    thread.delete()
    assert client.get(address).status_code == 404
    assert engine().visible() == set()


def test_empty_collection_can_be_deleted_with_its_forum(collection, client):
    forum = collection.projected.forum_id
    collection.delete()
    assert client.get(f"/forum/garden-talk-{forum}/").status_code == 404
