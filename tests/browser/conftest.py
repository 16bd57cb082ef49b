"""A real Chromium at a real server."""

import os
import shutil

import pytest
from django.test import Client
from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: As root in a container, and without the browser's own errands on the network.
switches = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def find_chromium():
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@pytest.fixture(scope="session")
def chromium():
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs a Chromium, and there is none.")
        pytest.skip("No Chromium found; install one or name it in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=switches)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server):
    """Open pages of given size and colour scheme; afterwards, none may have met an error.

    With ``refusals``, the server may have refused something.
    """
    contexts, errors = [], []

    def open_page(width=1280, height=900, color_scheme="light", refusals=False):
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=color_scheme,
            base_url=live_server.url,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "response",
            lambda answer: (
                errors.append(f"{answer.status} {answer.url}")
                # 409: two curators met, as they should.
                if answer.status >= (500 if refusals else 400) and answer.status != 409
                else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def enter(open_page, django_user_model, live_server):
    """Open a page as a curator who is logged in."""

    def enter(address, name="admin", **size):
        user = django_user_model.objects.filter(username=name).first()
        user = user or django_user_model.objects.create_superuser(name, password="secret")
        client = Client()  # Of their own: logging in ends the session before.
        client.force_login(user)
        page = open_page(**size)
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(address)
        return page

    return enter
