"""Every sample, through the importer, into corpus and forum."""

import pytest

from corpus.invariants import violations as corpus_violations
from corpus.models import Thread, Utterance
from forumimport import importer
from forumimport.importer import Created, Plan
from forumimport.invariants import violations
from forumimport.readers import Options
from forumimport.sources import opened
from tests.readers.reading import KNOWN, SAMPLES, STATED


def imported(name):
    plan = Plan("Garden", options=STATED.get(name, Options()))
    containers = opened([str(SAMPLES / name)])
    return list(importer.import_sources(containers, run=importer.start_run({}), plan=plan))


@pytest.mark.parametrize("name", KNOWN)
def test_sample_is_imported_whole(db, name, django_capture_on_commit_callbacks):
    _format, threads, posts = KNOWN[name]
    with django_capture_on_commit_callbacks(execute=True):
        outcomes = imported(name)
    assert [type(outcome) for outcome in outcomes] == [Created] * threads
    assert (Thread.objects.count(), Utterance.objects.count()) == (threads, posts)
    assert list(corpus_violations()) == []
    assert list(violations()) == []


@pytest.mark.parametrize("name", KNOWN)
def test_sample_imported_again_changes_nothing(db, name):
    imported(name)
    before = list(Utterance.objects.values())
    assert not [outcome for outcome in imported(name) if isinstance(outcome, Created)]
    assert list(Utterance.objects.values()) == before
