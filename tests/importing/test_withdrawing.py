"""A whole run can be taken back, once it is told what goes with it."""

import io

import pytest
from django.core.management import CommandError, call_command
from haystack.query import SearchQuerySet

from corpus import invariants as corpus_invariants
from corpus.curation import ConfirmUtterance
from corpus.models import Collection, SourceDocument, Speaker, Thread, Utterance
from forumimport import importer, indexing, invariants, withdrawing
from forumimport.importer import Grown
from forumimport.models import ImportRun
from tests.importing.rows import snapshot
from tests.importing.test_growth import FIRST, SECOND, THIRD, talk

OTHER = {"id": "t2", "title": "Voles", "posts": [{"id": "p1", "by": "Eve", "text": "And voles?"}]}


@pytest.fixture
def runs(import_threads_of_posts):
    """Two runs: the second brings a thread and adds to the first one's."""
    first, second = importer.start_run({}), importer.start_run({})
    with indexing.postponed():
        import_threads_of_posts(talk(FIRST, SECOND), run=first)
        import_threads_of_posts(OTHER, talk(FIRST, SECOND, THIRD), run=second)
    return first, second


def withdraw(*arguments):
    out = io.StringIO()
    call_command("withdraw_import", *arguments, stdout=out)
    return out.getvalue()


def violations():
    yield from corpus_invariants.violations()
    yield from invariants.violations()


def test_withdrawn_run_leaves_what_was_before(runs, import_threads_of_posts):
    _first, second = runs
    withdrawing.withdraw(second)
    assert list(Thread.objects.values_list("title", flat=True)) == ["Moles"]
    assert [row.identifier for row in Utterance.objects.in_order()] == ["p1", "p2"]
    assert set(Speaker.objects.values_list("handle", flat=True)) == {"Ada", "Bo"}
    assert SearchQuerySet().count() == 2
    assert list(violations()) == []
    second.refresh_from_db()
    assert second.state == ImportRun.State.WITHDRAWN


def test_withdrawn_run_can_be_imported_again(runs, import_threads_of_posts):
    rows = snapshot()["corpus.Utterance"]
    withdrawing.withdraw(runs[1])
    outcomes = import_threads_of_posts(OTHER, talk(FIRST, SECOND, THIRD))
    assert isinstance(outcomes[1], Grown)
    assert len(snapshot()["corpus.Utterance"]) == len(rows)
    assert [v for v in violations() if v.invariant < 6] == []


def test_withdrawing_the_first_run_takes_what_was_added_to_its_threads(runs):
    withdrawing.withdraw(runs[0])
    assert list(Thread.objects.values_list("title", flat=True)) == ["Voles"]
    assert SourceDocument.objects.count() == 1
    assert Collection.objects.count() == 1
    assert list(violations()) == []


def test_withdrawing_names_what_people_did_first(runs):
    ConfirmUtterance(Utterance.objects.get(document__thread__title="Voles")).execute()
    assert withdraw(runs[1].pk, "--dry-run") == (
        "“Voles” loses 1 curation step(s) and 0 annotation(s).\n"
        f"Would withdraw run {runs[1].pk}: 1 thread(s) and 1 addition(s) to others.\n"
    )
    assert Thread.objects.count() == 2


def test_withdraw_command_asks_and_does_it(runs, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "no")
    with pytest.raises(CommandError, match="Nothing was withdrawn"):
        withdraw(runs[1].pk)
    monkeypatch.setattr("builtins.input", lambda question: "yes")
    told = f"Withdrew run {runs[1].pk}: 1 thread(s) and 1 addition(s) to others.\n"
    assert withdraw(runs[1].pk) == told
    assert withdraw(runs[0].pk, "--noinput").startswith("Withdrew")
    assert not Thread.objects.exists()


def test_withdraw_command_refuses_an_unknown_run(db):
    with pytest.raises(CommandError, match="There is no import run 77"):
        withdraw(77)
