"""What every engine adapter does: the tests for one subclass :class:`EngineContract`."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from corpus.models import Visibility
from forumimport.engines.base import PostContent

#: Before any default of any database or engine would put it.
LONG_AGO = datetime(1999, 12, 31, 23, 59, 58, 123456, tzinfo=UTC)


def content(number, **changes):
    values = {
        "subject": "A title",
        "words": f"words {number} *not* markup\n  # nor this",
        "html": f"<div>words {number} <b>&amp;</b></div>",
        "poster": "Ada",
        "poster_key": "corpus-1",
        "time": LONG_AGO + timedelta(seconds=number),
    }
    return PostContent(**(values | changes))


@pytest.mark.django_db
class EngineContract:
    @pytest.fixture
    def engine(self):
        raise AssertionError("A subclass names its engine.")

    @pytest.fixture
    def forum(self, engine):
        forum = engine.create_forum("A forum", "About it")
        engine.set_readers(forum, Visibility.PUBLIC, curators=[], groups=[])
        return forum

    @pytest.fixture
    def topic(self, engine, forum):
        return engine.create_topic(forum, "A title", time=LONG_AGO, approved=True)

    def test_posts_keep_content_and_times_exactly(self, engine, topic):
        posts = [content(number) for number in range(3)]
        keys = engine.create_posts(topic, posts, approved=True)
        assert [engine.contents(keys)[key] for key in keys] == posts

    def test_posts_created_later_are_told_apart(self, engine, topic):
        first = engine.create_posts(topic, [content(1)], approved=True)
        second = engine.create_posts(topic, [content(0), content(2)], approved=True)
        assert engine.contents(second)[second[0]].words == content(0).words
        assert not set(first) & set(second)

    def test_updated_posts_show_the_new_content(self, engine, topic):
        keys = engine.create_posts(topic, [content(0), content(1)], approved=True)
        changed = content(7, poster="Bo", poster_key="corpus-2", subject="Another")
        engine.update_posts([(keys[1], changed)])
        assert engine.contents(keys) == {keys[0]: content(0), keys[1]: changed}

    def test_posts_are_given_other_times_and_show_the_same(self, engine, topic):
        keys = engine.create_posts(topic, [content(0), content(1)], approved=True)
        later = LONG_AGO + timedelta(days=1, microseconds=7)
        engine.set_times([(keys[1], later)])
        assert engine.contents(keys) == {keys[0]: content(0), keys[1]: content(1, time=later)}
        assert engine.times(topic) == {keys[0]: LONG_AGO, keys[1]: later}

    def test_topics_tell_whether_their_subject_is_new(self, engine, forum, topic):
        def named(subject):
            return engine.update_topic(topic, forum=forum, subject=subject, time=LONG_AGO)

        assert [named("A title"), named("Another"), named("Another")] == [False, True, False]
        assert [named("x" * 5000), named("x" * 5000)] == [True, False]

    def test_posts_are_given_another_subject_and_keep_all_else(self, engine, topic):
        keys = engine.create_posts(topic, [content(0), content(1)], approved=True)
        engine.set_subject(keys[:1], "x" * 5000)
        another = engine.fitted(content(0, subject="x" * 5000))
        assert engine.contents(keys) == {keys[0]: another, keys[1]: content(1)}

    def test_posts_are_moved_as_they_are(self, engine, forum, topic):
        keys = engine.create_posts(topic, [content(0), content(1)], approved=True)
        other = engine.create_topic(forum, "Another", time=LONG_AGO, approved=True)
        engine.move_posts(keys[1:], other, approved=True)
        assert (engine.posts_of([topic]), engine.posts_of([other])) == ([keys[0]], [keys[1]])
        assert engine.contents(keys)[keys[1]] == content(1)
        assert engine.visible(keys) == set(keys)
        engine.move_posts(keys[1:], topic, approved=False)
        assert engine.visible(keys) == {keys[0]}

    def test_what_does_not_fit_is_kept_as_fitted(self, engine, topic):
        long = content(0, subject="x" * 5000, poster="y" * 5000, poster_key="corpus-z")
        (key,) = engine.create_posts(topic, [long], approved=True)
        assert engine.contents([key])[key] == engine.fitted(long) != long

    def test_deleted_posts_are_gone(self, engine, topic):
        keys = engine.create_posts(topic, [content(0), content(1)], approved=True)
        engine.delete_posts([keys[0]])
        assert list(engine.contents(keys)) == [keys[1]]

    def test_deleted_topics_take_their_posts(self, engine, topic):
        keys = engine.create_posts(topic, [content(0)], approved=True)
        engine.delete_topics([topic])
        assert engine.contents(keys) == {}

    def test_held_posts_are_not_visible_until_approved(self, engine, forum):
        topic = engine.create_topic(forum, "A title", time=LONG_AGO, approved=False)
        keys = engine.create_posts(topic, [content(0), content(1)], approved=False)
        assert engine.visible(keys) == set()
        engine.set_approved(topic, keys, True)
        assert engine.visible(keys) == set(keys) == {post.pk for post in engine.documents()}
        engine.set_approved(topic, keys, False)
        assert engine.visible() == set()

    @pytest.mark.parametrize(
        ("visibility", "anonymous", "member", "curator"),
        [
            (Visibility.PUBLIC, True, True, True),
            (Visibility.MEMBERS, False, True, True),
            (Visibility.CURATORS, False, False, True),
        ],
    )
    def test_forums_are_readable_as_their_visibility_says(
        self, engine, forum, django_user_model, visibility, anonymous, member, curator
    ):
        curators = Group.objects.create(name="curators")
        users = {
            AnonymousUser(): anonymous,
            django_user_model.objects.create_user("member"): member,
            (one := django_user_model.objects.create_user("curator")): curator,
        }
        one.groups.add(curators)
        engine.set_readers(forum, visibility, curators=[], groups=[curators.pk])
        found = {user: forum in engine.readable_forums(user) for user in users}
        assert found == users

    def test_readers_follow_a_change_of_visibility(self, engine, forum):
        engine.set_readers(forum, Visibility.CURATORS, curators=[], groups=[])
        assert engine.readable_forums(AnonymousUser()) == set()
        engine.set_readers(forum, Visibility.PUBLIC, curators=[], groups=[])
        assert engine.readable_forums(AnonymousUser()) == {forum}

    def test_curators_by_themselves_and_by_group_come_and_go(
        self, engine, forum, django_user_model
    ):
        group = Group.objects.create(name="curators")
        alone, member = (django_user_model.objects.create_user(name) for name in ("a", "b"))
        member.groups.add(group)
        engine.set_readers(forum, Visibility.CURATORS, curators=[alone.pk], groups=[group.pk])
        assert [engine.readable_forums(user) for user in (alone, member)] == [{forum}, {forum}]
        engine.set_readers(forum, Visibility.CURATORS, curators=[], groups=[])
        assert [engine.readable_forums(user) for user in (alone, member)] == [set(), set()]

    def test_addresses_open_forum_topic_and_post(self, engine, forum, topic, client):
        keys = engine.create_posts(topic, [content(number) for number in range(40)], approved=True)
        engine.refresh_counters([topic], [forum])
        for address, shown in (
            (engine.forum_url(forum), "A title"),
            (engine.topic_url(topic), "words 0 <b>&amp;</b>"),
            (engine.post_url(keys[-1]), "words 39 <b>&amp;</b>"),
        ):
            page = client.get(address)
            assert page.status_code == 200
            assert shown in page.content.decode()

    def test_addresses_of_many_posts_are_those_of_each(self, engine, topic):
        keys = engine.create_posts(topic, [content(number) for number in range(3)], approved=True)
        expected = {key: engine.post_url(key) for key in keys}
        assert engine.post_urls([*keys, max(keys) + 1]) == expected

    def test_topic_knows_its_forum(self, engine, forum, topic):
        assert engine.forum_of_topic(topic) == forum

    def test_deleted_forum_is_gone(self, engine, forum, topic):
        engine.delete_forum(forum)
        assert forum not in engine.readable_forums(AnonymousUser())
        assert engine.visible() == set()
