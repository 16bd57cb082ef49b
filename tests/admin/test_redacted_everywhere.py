"""Redacted words stand on no page and in no file that a superuser comes to, nor in the database's
lists of what was done."""

import re

import pytest
from django.urls import reverse

from corpus.curation import FlagSpan, RedactSpan, RetitleThread
from corpus.models import Redaction, Thread, Utterance
from tests.admin.crawling import read

pytestmark = pytest.mark.django_db

SECRET = "Zyzzyva"
TEXT = (
    f"Beans of {SECRET}\n\nI had these beans of old {SECRET} in May, all of them good."
    f"\n\n\nI had these beans of old {SECRET} in May, all of them good.\n\nNot mine."
    f"\n\n\nWho is he?"
)


@pytest.fixture
def thread(import_text, admin_client):
    thread = import_text(TEXT)
    # In all that people write by hand, and in what Django's own log tells of them.
    change = reverse("admin:corpus_thread_change", args=[thread.pk])
    for title in (f"The beans of {SECRET}, at last", f"Beans of {SECRET}"):
        seen = Thread.objects.get(pk=thread.pk)
        given = {"seen_version": seen.version, "title": title, "initial-title": seen.title}
        admin_client.post(change, given)
    assert Thread.objects.get(pk=thread.pk).version == 2
    RetitleThread(Thread.objects.get(pk=thread.pk), f"More of {SECRET.upper()}").execute()
    FlagSpan(thread.documents.get(), 0, 5, f"Is {SECRET} a name?").execute()
    return thread


def test_redacted_words_are_nowhere_at_once(thread, admin_client):
    begin = [reverse("admin:index"), "/", f"/thread/{thread.pk}/", "/search/?q=beans&quotations=on"]
    begin += ["/search/concordance/?q=beans&quotations=on", "/feeds/topics/"]
    begin += [f"/utterance/{post.pk}/" for post in Utterance.objects.all()]
    told = [address for address, words in read(admin_client, begin) if SECRET in words]
    assert len(told) > 20
    # Once in the title line, once in the post, whose copy in the other follows.
    for found in list(re.finditer(SECRET, TEXT))[:2]:
        RedactSpan(thread.documents.get(), *found.span(), "name").execute()
    assert Redaction.objects.count() == 3
    pages = dict(read(admin_client, begin))
    assert [
        address for address, words in pages.items() if SECRET.casefold() in words.casefold()
    ] == []
    assert len(pages) > 100
