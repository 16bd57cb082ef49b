"""A site that groups digits ("12,345") does so in what people read, never in what programs read."""

import re
from functools import partial

import html5lib
import pytest
from django.apps import apps
from django.urls import reverse

from corpus.annotation import transcript
from corpus.curation import FlagSpan, RedactSpan
from forumimport import indexing
from forumimport.engines.rows import reserve
from tests.admin.crawling import read

pytestmark = pytest.mark.django_db

#: Attributes that are read out or shown.
READ = {"title", "alt", "placeholder", "aria-label", "content", "data-label"}


@pytest.fixture(autouse=True)
def grouping(db, settings, monkeypatch):
    """Keys and posts' numbers of many digits, grouped where they are shown."""
    settings.USE_THOUSAND_SEPARATOR = True
    counted = partial(enumerate, start=12_345)
    monkeypatch.setattr(transcript, "enumerate", lambda rows, _: counted(rows), raising=False)
    for app in ("corpus", "forumimport", "forum", "forum_conversation"):
        for model in apps.get_app_config(app).get_models():
            if model._meta.pk.get_internal_type().endswith("AutoField"):
                reserve(model, 12_344)


def grouped(page):
    """The attributes of a page that programs read and in which digits are grouped."""
    root = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    return [
        (element.tag, name, value)
        for element in root.iter()
        for name, value in element.items()
        if name not in READ and re.search(r"\d,\d\d\d(?!\d)", value) and "?post=" not in value
    ]


def test_no_attribute_has_grouped_digits(thread, assigned, say, code, coders, client, admin_user):
    assert thread.pk >= 12_345
    say(assigned[0].layer, code("doubt"), "frost", note="Is it?")
    FlagSpan(thread.documents.get(), 0, 5, "Which?").execute()
    RedactSpan(thread.documents.get(), 7, 9, "name").execute()
    indexing.catch_up()
    admin = reverse("admin:index")
    begin = [admin, f"/thread/{thread.pk}/", "/search/?q=frost&quotations=on"]
    begin += ["/search/concordance/?q=frost&quotations=on"]
    client.force_login(admin_user)
    pages = dict(read(client, begin, asking=False))
    client.force_login(coders[0])
    pages |= dict(read(client, [admin], asking=False))
    assert len(pages) > 50
    found = {address: grouped(page) for address, page in pages.items()}
    assert {
        address: some
        for address, some in found.items()
        if some and not address.startswith("/moderation/")
    } == {}
