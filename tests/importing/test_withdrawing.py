"""A whole run can be taken back, once it is told what goes with it."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from haystack.query import SearchQuerySet

from corpus import invariants as corpus_invariants
from corpus.curation import ConfirmUtterance, SplitThread
from corpus.models import (
    Annotation,
    Code,
    Codebook,
    CodebookVersion,
    Collection,
    CurationEvent,
    Layer,
    SourceDocument,
    Speaker,
    Thread,
    Utterance,
)
from forumimport import importer, indexing, invariants, projection, sources, withdrawing
from forumimport.importer import Grown, pulse
from forumimport.models import ImportedDocument, ImportRun
from forumimport.progress import Progress
from tests.importing.rows import snapshot
from tests.importing.test_growth import FIRST, SECOND, THIRD, talk

FOURTH = {"id": "p4", "by": "Eve", "text": "Nor do I."}
OTHER = {"id": "t2", "title": "Voles", "posts": [{"id": "p1", "by": "Eve", "text": "And voles?"}]}


@pytest.fixture
def runs(import_threads_of_posts):
    """Two runs: the second brings a thread and adds to the first one's."""
    first, second = importer.start_run({}), importer.start_run({})
    with indexing.postponed():
        import_threads_of_posts(talk(FIRST, SECOND), run=first)
        import_threads_of_posts(OTHER, talk(FIRST, SECOND, THIRD), run=second)
    for run in (first, second):
        importer.finish(run)
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
        "“Voles” loses 1 curation step and 0 annotations.\n"
        f"Would withdraw run {runs[1].pk}: 1 thread and 1 addition to others.\n"
    )
    assert Thread.objects.count() == 2


def test_withdraw_command_asks_and_does_it(runs, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "no")
    with pytest.raises(CommandError, match="Nothing was withdrawn"):
        withdraw(runs[1].pk)
    monkeypatch.setattr("builtins.input", lambda question: "yes")
    told = f"Withdrew run {runs[1].pk}: 1 thread and 1 addition to others.\n"
    assert withdraw(runs[1].pk) == told
    assert withdraw(runs[0].pk, "--noinput").startswith("Withdrew")
    assert not Thread.objects.exists()


def test_withdrawn_addition_costs_what_was_coded_on_it_and_no_curation(runs):
    first, _second, third = Utterance.objects.in_order().filter(document__thread__title="Moles")
    ConfirmUtterance(first).execute()
    assert withdrawing.preview(runs[1]).losses == ()
    layer = Layer.objects.create(
        thread=first.document.thread,
        version=CodebookVersion.objects.create(
            codebook=Codebook.objects.create(name="C"), number=1
        ),
    )
    code = Code.objects.create(version=layer.version, name="C")
    for post in (first, third):
        Annotation.objects.create(
            layer=layer, document=post.document, code=code, start=post.start, end=post.end
        )
    found = withdrawing.preview(runs[1])
    assert [(loss.steps, loss.annotations) for loss in found.losses] == [(0, 1)]
    assert found.worked_on == 1
    withdrawing.withdraw(runs[1])
    assert CurationEvent.objects.count() == 1
    assert Annotation.objects.get().document == first.document


def test_run_at_work_is_not_withdrawn(runs):
    run = runs[0]
    ImportRun.objects.filter(pk=run.pk).update(state="running")
    with pytest.raises(CommandError, match="is at work; cancel it first"):
        withdraw(run.pk, "--noinput")
    with pytest.raises(withdrawing.NotWithdrawn):
        withdrawing.withdraw(run)
    assert Thread.objects.count() == 2
    run.refresh_from_db()
    assert run.state == ImportRun.State.RUNNING


def test_run_that_was_interrupted_is_withdrawn_and_stays_so(runs):
    """Its process may only have been silent: what it writes down last is no other end."""
    run = runs[0]
    ImportRun.objects.filter(pk=run.pk).update(state="running", process="")
    silent = ImportRun.objects.get(pk=run.pk)
    withdrawing.withdraw(run)
    assert pulse.is_stopping(silent)
    importer.finish(silent)
    assert silent.state == ImportRun.State.WITHDRAWN
    assert ImportRun.objects.get(pk=run.pk).state == ImportRun.State.WITHDRAWN


def test_withdraw_command_without_anybody_to_answer_says_so(runs, monkeypatch):
    def nobody(question):
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(CommandError, match=r"^Nothing was withdrawn; use --noinput\.$"):
        withdraw(runs[1].pk)
    assert Thread.objects.count() == 2


@pytest.mark.parametrize("options", [[], ["--dry-run"], ["--noinput"]])
def test_withdraw_command_tells_of_a_withdrawn_run_at_once(runs, options):
    withdrawing.withdraw(runs[1])
    assert withdraw(runs[1].pk, *options) == f"Import {runs[1].pk} is withdrawn already.\n"


def test_withdraw_command_refuses_an_unknown_run(db):
    with pytest.raises(CommandError, match="There is no import run 77"):
        withdraw(77)


@pytest.fixture
def queued(monkeypatch):
    """Runs wait for a worker, as those do that brought much; their keys."""
    waiting = []
    monkeypatch.setattr(withdrawing, "_AT_ONCE", 0)
    monkeypatch.setattr(
        withdrawing.withdraw_run.__class__, "enqueue", lambda _task, key: waiting.append(key)
    )
    return waiting


def asked(run, callbacks):
    with callbacks(execute=True):
        return withdrawing.ask(run)


def work(queued):
    withdrawing.withdraw_run.func(queued.pop())


def test_large_run_is_withdrawn_by_a_worker(runs, queued, django_capture_on_commit_callbacks):
    _first, second = runs
    assert not asked(second, django_capture_on_commit_callbacks)
    assert (second.state, second.to_do, Thread.objects.count()) == ("withdrawing", 2, 2)
    work(queued)
    second.refresh_from_db()
    assert (second.state, second.done) == ("withdrawn", 2)
    assert list(Thread.objects.values_list("title", flat=True)) == ["Moles"]
    assert list(violations()) == []


def test_run_that_waits_to_be_withdrawn_is_withdrawn_once(
    runs, queued, monkeypatch, django_capture_on_commit_callbacks
):
    for _ in range(2):
        assert not asked(runs[1], django_capture_on_commit_callbacks)
    assert withdraw(runs[1].pk, "--noinput").startswith("Withdrew")
    monkeypatch.setattr(withdrawing, "_withdraw", _disk_full)
    while queued:
        work(queued)
    assert ImportRun.objects.get(pk=runs[1].pk).state == "withdrawn"


def test_run_that_is_being_withdrawn_is_left_to_it(runs):
    ImportRun.objects.filter(pk=runs[1].pk).update(
        state="withdrawing", process=pulse.process(), alive=timezone.now()
    )
    with pytest.raises(CommandError, match=r"is being withdrawn\.$"):
        withdraw(runs[1].pk, "--noinput")


def test_run_that_another_takes_at_the_same_moment_is_left_to_it(runs, monkeypatch):
    def taken(run):
        ImportRun.objects.filter(pk=run.pk).update(
            state="withdrawing", process=pulse.process(), alive=timezone.now()
        )
        return ""

    with monkeypatch.context() as patch:
        told = withdrawing.hindrance
        patch.setattr(withdrawing, "hindrance", lambda run: told(run) or taken(run))
        with pytest.raises(withdrawing.NotWithdrawn, match="is being withdrawn"):
            withdrawing.withdraw(runs[1])
    assert Thread.objects.count() == 2


def test_withdrawal_that_was_broken_off_is_completed(
    runs, queued, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(withdrawing, "_BATCH", 1)
    ImportedDocument.objects.update(run=runs[1])
    asked(runs[1], django_capture_on_commit_callbacks)
    with monkeypatch.context() as patch:
        patch.setattr(withdrawing, "_gone", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            work(queued)
    run = ImportRun.objects.get(pk=runs[1].pk)
    assert (Progress.of(run).state, Thread.objects.count()) == ("broken off", 1)
    with monkeypatch.context() as patch:
        patch.setattr(withdrawing, "_forget_speakers", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            withdrawing.withdraw(run)
    withdrawing.withdraw(run)
    assert run.state == "withdrawn"
    assert not Thread.objects.exists()
    assert not Speaker.objects.exists()
    assert SearchQuerySet().count() == 0
    assert list(violations()) == []


def _power_cut(*_arguments):
    raise KeyboardInterrupt


def test_withdrawal_that_fails_says_why_and_can_be_done_again(
    runs, queued, monkeypatch, django_capture_on_commit_callbacks
):
    asked(runs[1], django_capture_on_commit_callbacks)
    with monkeypatch.context() as patch:
        patch.setattr(projection, "withdraw", _disk_full)
        with pytest.raises(OSError, match="disk"):
            work(queued)
    run = ImportRun.objects.get(pk=runs[1].pk)
    assert Progress.of(run).state == "broken off"
    assert run.problems.get().reason == (
        "The withdrawal ended early by OSError (disk is full); what is left can be withdrawn again."
    )
    withdrawing.withdraw(run)
    assert list(violations()) == []


def _disk_full(*_arguments):
    raise OSError("disk is full")


def test_threads_go_a_few_at_a_time(runs, monkeypatch):
    sizes = []
    monkeypatch.setattr(withdrawing, "_POSTS", 1)
    monkeypatch.setattr(withdrawing, "_gone", lambda _run, count: sizes.append(count))
    ImportedDocument.objects.update(run=runs[1])
    withdrawing.withdraw(runs[1])
    assert sizes == [1, 1]
    assert not Thread.objects.exists()


def test_run_that_only_added_to_others_is_withdrawn_by_a_worker_if_it_added_much(
    runs, queued, import_threads_of_posts, monkeypatch, django_capture_on_commit_callbacks
):
    third = importer.start_run({})
    import_threads_of_posts(talk(FIRST, SECOND, THIRD, FOURTH), run=third)
    importer.finish(third)
    assert withdrawing.preview(third).threads == 0
    monkeypatch.setattr(indexing, "waiting", lambda: 0)
    assert not asked(third, django_capture_on_commit_callbacks)
    work(queued)
    assert not Utterance.objects.filter(identifier="p4").exists()
    assert Utterance.objects.count() == 4


def test_parts_of_split_documents_go_with_them(runs, monkeypatch):
    monkeypatch.setattr(withdrawing, "_BATCH", 1)
    second = Utterance.objects.get(identifier="p2")
    SplitThread(second, "Parted").execute()
    assert Thread.objects.count() == 3
    withdrawing.withdraw(runs[0])
    assert list(Thread.objects.values_list("title", flat=True)) == ["Voles"]
    assert list(violations()) == []


def test_import_that_was_only_silent_writes_nothing_into_a_withdrawal(runs):
    silent = importer.start_run({})
    pulses = pulse.Pulse(ImportRun.objects.get(pk=silent.pk))
    ImportRun.objects.filter(pk=silent.pk).update(
        state="withdrawing", process="another 1", done=3, to_do=7
    )
    pulses.behind(pulse.Doing.INDEXING, 100, 200)
    importer.interrupt(silent)
    silent.refresh_from_db()
    assert (silent.process, silent.done, silent.to_do) == ("another 1", 3, 7)


def test_file_of_a_run_that_is_being_withdrawn_is_not_taken_up(db, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "REMEMBERED", 1)
    (tmp_path / "talk.jsonl").write_text('{"text": "Moles\\n\\nWhy?\\n\\n\\nNo."}\n')
    call_command("import_threads", tmp_path, collection="Talk", stdout=io.StringIO())
    run = ImportRun.objects.get()
    ImportRun.objects.update(state="withdrawing", process="another 1", alive=timezone.now())
    err = io.StringIO()
    with pytest.raises(SystemExit):
        call_command(
            "import_threads", tmp_path, collection="Talk", stdout=io.StringIO(), stderr=err
        )
    assert f"was read by import {run.pk}, which is being withdrawn" in err.getvalue()
