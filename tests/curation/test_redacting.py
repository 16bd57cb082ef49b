"""Hidden words are hidden wherever the thread repeats them, and purged there too."""

import pytest

from corpus import invariants
from corpus.curation import (
    AddQuotation,
    FlagSpan,
    LiftRedaction,
    MergeThreads,
    PurgeRedaction,
    RedactSpan,
    RetitleThread,
    UndoEvent,
)
from corpus.models import CurationEvent, Redaction, Thread, Utterance
from forumimport import invariants as forum_invariants

pytestmark = pytest.mark.django_db

TEXT = (
    "Beans of Ada Lovelace\n\nSo said Ada Lovelace of the planting of beans last week."
    "\n\n\n> So said ADA\n> Lovelace of the planting\n\nShe did?"
    "\n\n\nLovelace of the planting of beans\n\nSo she says."
)
FIRST = TEXT.index("So said Ada")
QUOTED = (TEXT.index("> So said"), TEXT.index("\n\nShe did"))
FRAGMENT = (TEXT.index("Lovelace of the planting of beans\n"), TEXT.index("\n\nSo she"))


def posts(thread):
    return list(Utterance.objects.of_thread(thread.pk).in_order())


@pytest.fixture
def thread(import_text):
    """Three posts, the second and the third of which quote the first."""
    thread = import_text(TEXT)
    first, second, third = posts(thread)
    second.quotations.all().delete()
    third.quotations.all().delete()
    AddQuotation(second, *QUOTED, first, FIRST, TEXT.index(" of beans last"), True).execute()
    start = TEXT.index("Lovelace of the planting of beans last")
    AddQuotation(third, *FRAGMENT, first, start, TEXT.index(" last week")).execute()
    return thread


def redact(thread, words, start=0):
    at = TEXT.index(words, start)
    return RedactSpan(thread.documents.get(), at, at + len(words), "name").execute()


def hidden():
    rows = Redaction.objects.order_by("start").values_list("start", "end")
    return [TEXT[start:end] for start, end in rows]


def everything_holds():
    assert [*invariants.violations(), *forum_invariants.violations()] == []


@pytest.mark.parametrize(
    ("words", "after", "expected"),
    [
        ("Ada Lovelace", FIRST, ["Ada Lovelace", "ADA\n> Lovelace", "Lovelace"]),
        ("ADA\n> Lovelace", 0, ["Ada Lovelace", "ADA\n> Lovelace", "Lovelace"]),
        ("Lovelace", FRAGMENT[0], ["Lovelace"] * 3),
        ("lant", FIRST, ["lant"] * 3),
        ("week", FIRST, ["week"]),
    ],
)
def test_words_are_hidden_in_the_original_and_all_its_copies(thread, words, after, expected):
    event = redact(thread, words, after)
    assert hidden() == expected
    everything_holds()
    UndoEvent(event).execute()
    assert hidden() == []
    everything_holds()


def test_purged_words_leave_every_copy(thread):
    redact(thread, "Lovelace", FIRST)
    PurgeRedaction(Redaction.objects.first()).execute()
    text = thread.documents.get().text
    assert text.count("Lovelace") == 1  # In the title line, where nobody redacted it.
    assert text.count("████████") == 3
    assert set(Redaction.objects.values_list("purged", flat=True)) == {True}
    everything_holds()


def title(thread):
    return Thread.objects.get(pk=thread.pk).title


def test_title_follows_its_line_until_it_is_another(thread):
    redact(thread, "Ada")
    assert title(thread) == "Beans of [name] Lovelace"
    LiftRedaction(Redaction.objects.get()).execute()
    assert title(thread) == "Beans of Ada Lovelace"
    RetitleThread(thread, "What ADA LOVELACE said of beans").execute()
    redact(thread, "Ada Lovelace")
    assert title(thread) == "What [name] said of beans"


def test_title_that_no_line_states_is_hidden_with_the_words(thread):
    thread.documents.get().boilerplate.all().delete()
    redact(thread, "Ada Lovelace", FIRST)
    assert title(thread) == "Beans of [name]"


def test_other_threads_history_does_not_tell_the_words(thread, import_text):
    other = import_text("Peas\n\nPeas then.", origin="other.txt")
    merged = MergeThreads(other, thread).execute()
    UndoEvent(merged).execute()
    thread.refresh_from_db()
    FlagSpan(thread.documents.get(), 0, 5, "ada lovelace again").execute()
    redact(thread, "Ada Lovelace")
    told = " ".join(CurationEvent.objects.values_list("summary", flat=True))
    assert "lovelace" not in told.casefold()
