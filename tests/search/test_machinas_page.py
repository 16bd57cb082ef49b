"""Machina's own search page, for sites that keep it, works on our index."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from tests.pages import parsed, text_of

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = 'Beans\n\nMind the <img src=x onerror=alert(1) "quoted" & <b>rest</b>.'


def test_hostile_text_stays_text_on_machinas_own_page(import_text):
    from machina.apps.forum_permission.middleware import ForumPermissionMiddleware
    from machina.core.loading import get_class

    import_text(TEXT)
    request = RequestFactory().get("/search/", {"q": "mind"})
    request.user, request.session = AnonymousUser(), {}
    ForumPermissionMiddleware(lambda request: None).process_request(request)
    page = get_class("forum_search.views", "FacetedSearchView")(
        form_class=get_class("forum_search.forms", "SearchForm")
    )(request)
    root = parsed(page)
    assert "Mind the <img src=x" in text_of(root.find("body"))
    assert not list(root.iter("img"))
