"""Members of the reference site log in where they read."""

import pytest

from tests.pages import links, page_text, parsed

pytestmark = pytest.mark.django_db


def test_member_logs_in_to_read_what_is_for_members(import_text, client, django_user_model):
    thread = import_text("Beans\n\nFrost.\n\n\nCover them.")
    thread.collection.visibility = "members"
    thread.collection.save()
    django_user_model.objects.create_user("member", password="secret")
    address = f"/forum/garden-talk-{thread.collection.projected.forum_id}/"
    refused = client.get(address)
    assert refused.url == f"/login/?next={address}"
    assert ("Log in", "/login/?next=/") in links(parsed(client.get("/")))
    page = client.post(
        refused.url, {"username": "member", "password": "secret", "next": address}, follow=True
    )
    assert "Beans" in page_text(page)
    assert "Log out member" in page_text(page)
    assert "Beans" not in page_text(client.post("/logout/", follow=True))


def test_wrong_password_is_said(client):
    page = client.post("/login/", {"username": "member", "password": "wrong"})
    assert "Please enter a correct username and password." in page_text(page)
