"""Two annotators, a coordinator and an adjudicator at work, in a real browser."""

import pytest
from django.conf import settings as site
from django.test import Client
from playwright.sync_api import expect

from tests.annotation.conftest import *  # noqa: F403
from tests.annotation.conftest import coded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page_of(open_page, live_server):
    """Open a page as a member of staff, logged in."""

    def page_of(user, **size):
        client = Client()
        client.force_login(user)
        page = open_page(**size)
        cookie = client.cookies[site.SESSION_COOKIE_NAME]
        session = {"name": cookie.key, "value": cookie.value, "url": live_server.url}
        page.context.add_cookies([session])
        return page

    return page_of


@pytest.fixture
def coding_page(page_of):
    """Open the coding page of an assignment and wait for its script."""

    def coding_page(assignment, user=None, **size):
        page = page_of(user or assignment.layer.author, **size)
        page.goto(f"/admin/corpus/assignment/layer/{assignment.layer_id}/")
        page.wait_for_selector("html[data-coding=ready]", state="attached")
        return page

    return coding_page


def saved(page):
    expect(page.locator("#coding-status")).to_have_attribute("data-state", "saved")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_words_are_coded_by_keyboard_alone(coding_page, assigned):
    page = coding_page(assigned[0])
    page.locator("#post-1").focus()
    press(page, "j", "j", "ArrowRight", "d")  # Thanks
    press(page, *["ArrowRight"] * 3, "Shift+ArrowRight", "a")  # Maybe the
    press(page, "t", "o")
    saved(page)
    assert coded(assigned[0].layer) == [
        ("topic", TEXT),  # noqa: F405
        ("doubt", "Thanks"),
        ("thanks", "Thanks, I shall. Maybe the frost took the roots too?"),
        ("advice", "Maybe the"),
    ]
