"""What forum moderators do to imported posts with the forum's own tools is put right again.

The corpus is the truth and the forum its image.
"""

import pytest

from corpus import invariants
from corpus.curation import ReleaseThread
from forumimport import invariants as forum_invariants
from forumimport.engines import engine
from forumimport.models import ProjectedTopic

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "Beans\n\nFrost took them.\n\n\nCover them at night.\n\n\nThanks."


@pytest.fixture
def thread(import_text):
    return import_text(TEXT)


@pytest.fixture
def posts(thread):
    Post = engine().models()[2]
    return list(Post.objects.filter(topic=thread.projected.topic_id).order_by("created"))


def everything_holds():
    assert [*invariants.violations(), *forum_invariants.violations()] == []


def test_edited_post_is_restored(posts):
    posts[1].content = "Something *else*"
    posts[1].subject = "Another"
    posts[1].save()
    everything_holds()


def test_deleted_post_comes_back(posts):
    posts[1].delete()
    everything_holds()


def test_deleted_topic_comes_back(thread, posts):
    posts[0].topic.delete()
    thread.refresh_from_db()
    assert ProjectedTopic.objects.get(thread=thread).posts.count() == 3
    everything_holds()


def test_renamed_and_moved_topic_comes_back(thread, posts):
    Forum = engine().models()[0]
    topic = posts[0].topic
    topic.subject = "Another"
    topic.forum = Forum.objects.create(name="Elsewhere", type=Forum.FORUM_POST)
    topic.status = topic.TOPIC_MOVED
    topic.save()
    topic.refresh_from_db()
    home = thread.collection.projected.forum_id
    assert (topic.subject, topic.forum_id, topic.status) == ("Beans", home, topic.TOPIC_UNLOCKED)
    everything_holds()


def test_approved_post_of_a_held_thread_waits_for_its_release(import_text):
    Post = engine().models()[2]
    thread = import_text("Peas\n\nFine peas.\n\n\nVery fine.", hold=True)
    post = Post.objects.filter(topic=thread.projected.topic_id).order_by("created")[0]
    post.approved = True
    post.save()
    assert engine().visible() == set()
    everything_holds()
    ReleaseThread(thread).execute()
    assert len(engine().visible()) == 2
