from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group

from forumimport.engines.machina import MachinaEngine
from tests.engines.contract import LONG_AGO, EngineContract, content


class TestMachina(EngineContract):
    @pytest.fixture
    def engine(self):
        return MachinaEngine()

    def test_counters_are_what_machina_would_count(self, engine, forum, topic):
        keys = engine.create_posts(topic, [content(n) for n in range(3)], approved=True)
        held = engine.create_posts(topic, [content(9)], approved=False)
        engine.refresh_counters([topic], [forum])
        row = apps.get_model("forum_conversation", "Topic").objects.get(pk=topic)
        ours = _counted(row)
        row.update_trackers()
        row.refresh_from_db()
        assert ours == _counted(row)
        assert ours["first_post_id"] == keys[0]
        assert held[0] not in ours.values()
        row.forum.refresh_from_db()
        assert (row.forum.direct_posts_count, row.forum.direct_topics_count) == (3, 1)

    def test_group_that_may_read_every_forum_may_not_read_one_for_curators(
        self, engine, forum, django_user_model
    ):
        group, user = Group.objects.create(name="all"), django_user_model.objects.create_user("u")
        user.groups.add(group)
        for permission in apps.get_model("forum_permission", "ForumPermission").objects.all():
            apps.get_model("forum_permission", "GroupForumPermission").objects.create(
                group=group, permission=permission, has_perm=True
            )
        for visibility, readable in (("curators", set()), ("members", {forum})):
            engine.set_readers(forum, visibility, curators=[], groups=[])
            assert engine.readable_forums(user) == readable

    def test_machinas_positions_are_ours(self, engine, topic):
        keys = engine.create_posts(topic, [content(n) for n in range(5)], approved=True)
        posts = apps.get_model("forum_conversation", "Post").objects.in_bulk(keys)
        assert [posts[key].position for key in keys] == [1, 2, 3, 4, 5]

    def test_real_dates_are_kept(self, engine, topic):
        (key,) = engine.create_posts(topic, [content(5)], approved=True)
        post = apps.get_model("forum_conversation", "Post").objects.get(pk=key)
        assert post.created == post.updated == LONG_AGO + timedelta(seconds=5)
        assert post.topic.created == LONG_AGO

    def test_of_equally_new_posts_the_one_written_last_is_the_forums(self, engine, forum):
        topics = [engine.create_topic(forum, name, time=LONG_AGO, approved=True) for name in "abc"]
        empty = engine.create_topic(forum, "empty", time=LONG_AGO, approved=True)
        # In no order of their own.
        keys = [engine.create_posts(topics[n], [content(0)], approved=True)[0] for n in (2, 0, 1)]
        engine.refresh_counters([*topics, empty], [forum])
        row = apps.get_model("forum", "Forum").objects.get(pk=forum)
        assert (row.last_post_id, row.last_post_on) == (keys[-1], LONG_AGO)
        assert (row.direct_topics_count, row.direct_posts_count) == (4, 3)

    @pytest.mark.parametrize(
        ("field", "given", "kept"),
        [
            ("poster", "x" * 156, "x" * 154 + "…"),
            ("subject", "x" * 256, "x" * 254 + "…"),
        ],
    )
    def test_what_is_too_long_for_a_column_is_cut_visibly(self, engine, topic, field, given, kept):
        (key,) = engine.create_posts(topic, [content(0, **{field: given})], approved=True)
        assert getattr(engine.contents([key])[key], field) == kept


def _counted(topic):
    names = ["posts_count", "first_post_id", "last_post_id", "last_post_on"]
    return {name: getattr(topic, name) for name in names}
