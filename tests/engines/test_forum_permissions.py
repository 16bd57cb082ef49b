"""Who may read which forum is machina's answer, also where we walk through the tree."""

import pytest
from django.contrib.auth.models import AnonymousUser
from machina.apps.forum_permission.handler import PermissionHandler
from machina.core.db.models import get_model

from corpus.models import Visibility
from forumimport.engines import engine
from forumimport.engines.machina.permissions import ForumsOfMany

Forum = get_model("forum", "Forum")


@pytest.fixture
def forums(db):
    """Open and closed forums, open ones below closed ones among them."""
    made = {}
    for name, above, visibility in [
        ("open", None, Visibility.PUBLIC),
        ("open below open", "open", Visibility.PUBLIC),
        ("closed", None, Visibility.CURATORS),
        ("open below closed", "closed", Visibility.PUBLIC),
        ("open two below closed", "open below closed", Visibility.PUBLIC),
        ("closed below open", "open", Visibility.CURATORS),
    ]:
        made[name] = Forum.objects.create(
            name=name, type=Forum.FORUM_POST, parent=made[above] if above else None
        )
        engine().set_readers(made[name].pk, visibility, curators=[], groups=[])
    return made


def names(handler, user):
    return sorted(forum.name for forum in handler.forum_list_filter(Forum.objects.all(), user))


def test_forums_below_a_closed_one_stay_closed(forums, django_user_model):
    everybody = [AnonymousUser(), django_user_model.objects.create_user("Ada")]
    for user in everybody:
        assert names(ForumsOfMany(), user) == ["open", "open below open"]
        assert names(ForumsOfMany(), user) == names(PermissionHandler(), user)
    readable = {forums["open"].pk, forums["open below open"].pk}
    assert engine().readable_forums(AnonymousUser()) == readable
