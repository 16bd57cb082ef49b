"""Subcorpora in the admin: to rename, to share or not, to delete."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from corpus.models import Subcorpus
from tests.pages import page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def saved(django_user_model):
    owner = django_user_model.objects.create_user("owner")
    return Subcorpus.objects.create(owner=owner, name="cold", query="frost")


def change(client, saved, name):
    address = reverse("admin:corpus_subcorpus_change", args=[saved.pk])
    page = page_text(client.post(address, {"name": name}, follow=True))
    saved.refresh_from_db()
    return page


def share(client, saved, action):
    address = reverse("admin:corpus_subcorpus_changelist")
    page = client.post(address, {"action": action, "_selected_action": [saved.pk]}, follow=True)
    saved.refresh_from_db()
    return page_text(page)


def test_subcorpora_are_listed_with_whose_they_are(saved, admin_client):
    page = page_text(admin_client.get(reverse("admin:corpus_subcorpus_changelist")))
    assert "coldownerfrost" in page.replace(" ", "")


def test_a_subcorpus_is_renamed(saved, admin_client):
    change(admin_client, saved, "frosts")
    assert saved.name == "frosts"


@pytest.mark.parametrize(
    ("name", "told"),
    [("late frosts", "A name consists of"), ("wet", "There is a subcorpus “wet” already")],
)
def test_a_name_that_cannot_be_is_refused(saved, admin_client, name, told):
    Subcorpus.objects.create(owner=saved.owner, name="wet", query="rain")
    assert told in change(admin_client, saved, name)
    assert saved.name == "cold"


def test_subcorpora_are_shared_and_taken_back(saved, admin_client):
    assert "1 subcorpus changed." in share(admin_client, saved, "share")
    assert saved.shared
    assert "Nothing to change." in share(admin_client, saved, "share")
    share(admin_client, saved, "share_no_longer")
    assert not saved.shared


def test_sharing_needs_its_own_permission(saved, client, django_user_model):
    staff = django_user_model.objects.create_user("staff", is_staff=True)
    for codename in ("view_subcorpus", "change_subcorpus"):
        staff.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(staff)
    assert "You may not share subcorpora" in share(client, saved, "share")
    assert not saved.shared


def test_none_is_made_in_the_admin(admin_client):
    assert admin_client.get(reverse("admin:corpus_subcorpus_add")).status_code == 403
