"""The forums that a user may read are those that machina lets him open, whatever the rights are."""

import random

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from machina.apps.forum_permission.checker import ForumPermissionChecker
from machina.apps.forum_permission.handler import PermissionHandler
from machina.conf import settings as machinas
from machina.core.db.models import get_model

from forumimport.engines import engine
from forumimport.engines.machina import permissions

pytestmark = pytest.mark.django_db

Forum = get_model("forum", "Forum")
Permission = get_model("forum_permission", "ForumPermission")
OfUser = get_model("forum_permission", "UserForumPermission")
OfGroup = get_model("forum_permission", "GroupForumPermission")


def some_forums(chance, count):
    made = []
    for number in range(count):
        above = chance.choice([None, None, *made])
        made.append(Forum.objects.create(name=str(number), type=Forum.FORUM_POST, parent=above))
    return made


def some_rights(chance, forums, users, groups):
    """Grant and refuse, in forums and everywhere, to whoever machina lets one grant something."""
    read, other = (
        Permission.objects.get(codename=name) for name in ("can_read_forum", "can_edit_posts")
    )
    for _ in range(chance.randrange(14)):
        said = {
            "forum": chance.choice([None, None, *forums]),
            "permission": chance.choice([read, read, read, other]),
            "has_perm": chance.random() < 0.5,
        }
        kind = chance.randrange(4)
        if kind == 0:
            OfUser.objects.create(**said, anonymous_user=True)
        elif kind == 1:
            OfUser.objects.create(**said, authenticated_user=True)
        elif kind == 2:
            who = said | {"user": chance.choice(users)}
            OfUser.objects.update_or_create(**_unique(who), defaults={"has_perm": said["has_perm"]})
        else:
            who = said | {"group": chance.choice(groups)}
            OfGroup.objects.update_or_create(
                **_unique(who), defaults={"has_perm": said["has_perm"]}
            )


def _unique(who):
    return {name: value for name, value in who.items() if name != "has_perm"}


def opened(forums, user):
    """Ask machina about each forum alone, as its pages do, and about all those above it."""
    may_open = {f.pk: PermissionHandler().can_read_forum(f, user) for f in forums}
    return {
        forum.pk
        for forum in forums
        if all(may_open[above.pk] for above in forum.get_ancestors(include_self=True))
    }


@pytest.mark.parametrize("seed", range(25))
def test_readable_forums_are_those_that_machina_opens(seed, django_user_model, monkeypatch):
    chance = random.Random(seed)
    default = chance.choice([[], ["can_read_forum"], ["can_see_forum"]])
    monkeypatch.setattr(machinas, "DEFAULT_AUTHENTICATED_USER_FORUM_PERMISSIONS", default)
    users = [
        django_user_model.objects.create_user("one"),
        django_user_model.objects.create_user("of both groups"),
        django_user_model.objects.create_superuser("all"),
        django_user_model.objects.create_user("gone", is_active=False),
    ]
    groups = [Group.objects.create(name=name) for name in "ab"]
    users[0].groups.add(groups[0])
    users[1].groups.add(*groups)
    some_rights(chance, some_forums(chance, 6), users, groups)
    forums = list(Forum.objects.all())
    for user in [AnonymousUser(), *users]:
        assert engine().readable_forums(user) == opened(forums, user)


def test_right_taken_away_is_gone_at_once(django_user_model):
    user = django_user_model.objects.create_user("Ada")
    forum = Forum.objects.create(name="a", type=Forum.FORUM_POST)
    read = Permission.objects.get(codename="can_read_forum")
    row = OfUser.objects.create(user=user, forum=forum, permission=read, has_perm=True)
    assert engine().readable_forums(user) == {forum.pk}
    row.delete()
    assert engine().readable_forums(user) == set()


def test_questions_do_not_grow_with_the_forums(django_assert_num_queries, django_user_model):
    some_forums(random.Random(1), 30)
    user = django_user_model.objects.create_user("Ada")
    with django_assert_num_queries(3):
        engine().readable_forums(user)
    with django_assert_num_queries(2):
        engine().readable_forums(AnonymousUser())


def test_rules_of_the_site_are_asked_where_it_has_some(monkeypatch):
    forums = some_forums(random.Random(1), 3)

    class OnlyTheFirst(ForumPermissionChecker):
        def get_perms_for_forumlist(self, asked, perm_codenames=None):
            return {f: {"can_read_forum"} if f == forums[0] else set() for f in asked}

    monkeypatch.setattr(permissions, "PermissionChecker", OnlyTheFirst)
    monkeypatch.setattr(PermissionHandler, "_get_checker", lambda self, user: OnlyTheFirst(user))
    assert engine().readable_forums(AnonymousUser()) == {forums[0].pk}
