"""A step on many rows of a thread takes as many statements as on few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from corpus.curation import AssignSpeaker, ConfirmThread, RenameSpeaker, UndoEvent
from corpus.curation.changes import Changes
from corpus.errors import OperationRefused
from corpus.models import Utterance

pytestmark = pytest.mark.django_db

STEPS = {
    "confirm": ConfirmThread,
    "rename": lambda thread: RenameSpeaker(thread, "", "Ada"),
}


def posts(thread):
    return Utterance.objects.of_thread(thread.pk).in_order()


def long(import_text, length):
    said = "\n\n\n".join(f"This is what post {number} says." for number in range(length))
    return import_text(f"Beans {length}\n\n{said}", origin=f"{length}.txt", indexed=False)


def statements(step):
    """Carry out a step, and return its event and how many statements its rows took."""
    with CaptureQueriesContext(connection) as queries:
        event = step.execute()
    begins = f'UPDATE "{Utterance._meta.db_table}"'
    return event, sum(query["sql"].startswith(begins) for query in queries)


@pytest.mark.parametrize("name", STEPS)
def test_step_on_many_rows_is_written_and_undone_at_once(import_text, name):
    thread = long(import_text, 40)
    before = list(posts(thread).values())
    event, written = statements(STEPS[name](thread))
    assert len(event.changes) == 40
    after = list(posts(thread).values())
    undone, unwritten = statements(UndoEvent(event))
    assert (written, unwritten) == (1, 1)
    assert list(posts(thread).values()) == before
    UndoEvent(undone).execute()
    assert list(posts(thread).values()) == after


def test_undoing_many_rows_is_refused_if_one_was_changed_since(import_text):
    thread = long(import_text, 3)
    changes = Changes()
    changes.update_all(posts(thread), state="confirmed")
    AssignSpeaker(posts(thread)[1], "Ada").execute()
    Utterance.objects.filter(pk=posts(thread)[2].pk).update(state="automatic")
    with pytest.raises(
        OperationRefused, match=f"utterance {posts(thread)[2].pk} was changed since"
    ):
        Changes().reverse(changes.made)
