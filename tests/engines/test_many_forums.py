"""Pages of a forum with many forums and posts ask the database a bounded number of times."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forumimport.engines import engine
from tests.pages import page_text

#: As many as the pages may ask, whatever the number of forums and posts.
QUERIES = 60
FORUMS = 70


@pytest.fixture
def forums(import_text, django_user_model):
    """A forum for each of many threads."""
    text = "Beans {n}\n\nFrost took them, says {n}.\n\n\nCover them, says {n}.\n"
    return [
        import_text(text.format(n=n), collection=f"Talk {n}", indexed=False) for n in range(FORUMS)
    ]


def asked(client, address):
    client.get(address)  # What is kept between requests is kept by now.
    with CaptureQueriesContext(connection, ) as queries:  # fmt: skip
        response = client.get(address)
    assert response.status_code == 200
    return len(queries), response


@pytest.mark.django_db(transaction=True)
def test_pages_ask_as_often_whatever_the_number_of_forums(forums, client, admin_client):
    topic = engine().topic_url(forums[0].projected.topic_id)
    forum = engine().forum_url(forums[0].collection.projected.forum_id)
    for visitor in (client, admin_client):
        for address in ("/", forum, topic):
            assert asked(visitor, address)[0] <= QUERIES
    for address in (
        "/admin/forum_conversation/post/",
        "/admin/forum_conversation/post/?p=2",
        "/admin/forum_conversation/topic/",
        "/admin/corpus/utterance/",
    ):
        assert asked(admin_client, address)[0] <= QUERIES


@pytest.mark.django_db(transaction=True)
def test_index_still_shows_newest_posts_and_what_is_unread(forums, admin_client):
    response = asked(admin_client, "/")[1]
    words = page_text(response)
    assert words.count("By: unknown speaker") == FORUMS
    assert response.content.decode().count("forum-icon unread") == FORUMS


@pytest.mark.django_db(transaction=True)
def test_post_list_of_the_admin_keeps_its_columns_and_search(forums, admin_client):
    words = page_text(asked(admin_client, "/admin/forum_conversation/post/?q=says 69")[1])
    assert "2 results" in words
    assert "Beans 69" in words
