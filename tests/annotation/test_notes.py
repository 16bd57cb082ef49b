"""Redacted words leave what annotators and adjudicators noted, too."""

import json

import pytest
from django.urls import reverse

from corpus.annotation.adjudicating import decide
from corpus.annotation.coding import Coding
from corpus.curation import PurgeRedaction, RedactSpan
from corpus.models import Annotation, Decision, Layer, Redaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted(thread, assigned, say, code, admin_user):
    """An annotation and a decision whose notes name a curtain."""
    said = say(assigned[0].layer, code("advice"), "Cover them", note="The Curtain again, see 3.")
    layer = Layer.objects.create(
        thread=thread, version=said.layer.version, kind=Layer.Kind.GOLD, author=admin_user,
        author_name="admin",
    )  # fmt: skip
    coding = Coding(
        code("advice").pk, said.document_id, said.start, said.end, note="An old curtain"
    )
    decide([said], layer, coding, user=admin_user, note="Curtain, clearly.")
    return said


def everything_noted():
    rows = [*Annotation.objects.values("note"), *Decision.objects.values("note", "made", "seen")]
    return json.dumps(rows, default=str).casefold()


def test_redacted_words_leave_notes(thread, noted, client, coders):
    document = thread.documents.get()
    at = document.text.index("curtain")
    RedactSpan(document, at, at + 7, "name").execute()
    assert "curtain" not in everything_noted()
    again = Annotation.objects.get(pk=noted.pk)
    assert again.note.endswith(" again, see 3.")
    assert again.revision == noted.revision + 1  # What a page with the old words sends is refused.
    client.force_login(coders[0])
    page = client.get(reverse("admin:corpus_annotation_coding", args=[noted.layer_id]))
    assert "urtain" not in page.content.decode()


def test_purged_words_leave_notes_written_since(thread, noted):
    document = thread.documents.get()
    at = document.text.index("curtain")
    RedactSpan(document, at, at + 7, "name").execute()
    Annotation.objects.update(note="That curtain")
    Decision.objects.update(note="CURTAIN")
    PurgeRedaction(Redaction.objects.get()).execute()
    assert "curtain" not in everything_noted()
