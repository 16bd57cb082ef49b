"""What headers say reaches the rows: speakers and dates, attested, as written."""

from datetime import UTC, datetime

import pytest

from corpus.models import Basis, Boilerplate, Speaker, Utterance
from forumimport import preview
from forumimport.drafts import DocumentDraft, ThreadDraft, segmented_each

TEXT = (
    "Owl boxes\n\nFen » 3 May 2011, 10:02\n\nWhere?\n\n\nWren » 2 days ago\n\nOn the ash.\n\n\n"
    "Fen » 5 May 2011, 10:02\n\nThanks."
)


@pytest.fixture
def stored(import_text):
    return import_text(TEXT, indexed=False).documents.get()


def test_importer_stores_speakers_and_dates_of_headers(stored):
    rows = Utterance.objects.filter(document=stored).in_order()
    assert [
        (row.speaker.handle, row.speaker_basis, row.date_text, row.date_precision, row.date_basis)
        for row in rows
    ] == [
        ("Fen", Basis.ATTESTED, "3 May 2011, 10:02", "minute", Basis.ATTESTED),
        ("Wren", Basis.ATTESTED, "2 days ago", "", Basis.ATTESTED),
        ("Fen", Basis.ATTESTED, "5 May 2011, 10:02", "minute", Basis.ATTESTED),
    ]
    assert [row.date for row in rows][:2] == [datetime(2011, 5, 3, 10, 2, tzinfo=UTC), None]
    assert Speaker.objects.count() == 2
    assert Boilerplate.objects.filter(document=stored, kind="header").count() == 3


def test_preview_shows_the_speakers_of_headers():
    draft = ThreadDraft((DocumentDraft(TEXT, "0" * 64, "owls.txt", "text", "utf-8"),))
    (draft,) = segmented_each([draft])
    assert [post.speaker for post in preview.posts(draft)] == ["Fen", "Wren", "Fen"]


@pytest.mark.parametrize("title", ["x" * 301, "Owls\nin boxes", " \n "])
def test_posts_begin_in_the_text_whatever_title_the_source_states_apart(title):
    document = DocumentDraft("Why?\n\n\nWhy not.", "0" * 64, "owls.jsonl", "documents", "utf-8")
    (draft,) = segmented_each([ThreadDraft((document,), title=title)])
    (found,) = draft.documents
    spans = [post.span for post in found.structure.utterances]
    assert [span.of(found.text) for span in spans][-1] == "Why not."
    assert all(0 <= span.start < span.end <= len(found.text) for span in spans)
