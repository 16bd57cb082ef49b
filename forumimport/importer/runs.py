"""The record of an import: begun, counted as it goes, ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from corpus.conf import unsure_below
from corpus.models import Collection, Quotation, SourceDocument, Utterance
from forumimport.drafts import ThreadDraft
from forumimport.importer.pulse import at_work, process
from forumimport.models import ImportProblem, ImportRun
from forumimport.outcomes import Created, Failed, Grown, Known, LeftOut, Outcome, Skipped, notices

#: Problems of one thread that are written down: who reads on?
_NOTICES = 1000
#: What is counted as a run goes on.
_COUNTED = [
    *("threads", "posts", "grown", "added", "skipped", "left_out", "failed"),
    *("quotations", "unsure", "kinds"),
]


def start_run(arguments: dict[str, Any], *, user: Any = None, **fields: Any) -> ImportRun:
    """Return a new run with its arguments and the program's version written down."""
    began = {} if "state" in fields else _begun()
    collection = Collection.objects.filter(name=arguments.get("collection", "")).first()
    return ImportRun.objects.create(
        arguments=arguments,
        user=user,
        collection=collection,
        version=program_version(),
        **began,
        **fields,
    )


def collection_of(run: ImportRun) -> str:
    """Return what the collection that the run fills is called by now, or is to be called."""
    found = Collection.objects.filter(pk=run.collection_id or 0).values_list("name", flat=True)
    return found.first() or str(run.arguments.get("collection", ""))


def _begun() -> dict[str, Any]:
    now = timezone.now()
    return {
        "since": now,
        "alive": now,
        "process": process(),
        "doing": ImportRun.Doing.READING,
        "turned": now,
        "done": 0,
        "to_do": 0,
    }


def resume(run: ImportRun, total_bytes: int) -> None:
    """Record that work on the run begins, here and now, be it anew.

    Its counts are taken from what it brought in before: a process that is killed has not
    written down the last of them.
    """
    _count_brought(run)
    run.posts_before = run.posts
    run.skipped = run.left_out = 0
    run.total_bytes, run.read_bytes = total_bytes, 0
    run.resumed = run.problems.exists()
    begun = _begun()
    for name, value in begun.items():
        setattr(run, name, value)
    # Not the state, nor whether it is to stop: others may have decided that meanwhile.
    run.save(update_fields=[*_COUNTED, "total_bytes", "read_bytes", "posts_before", *begun])


def interrupt(run: ImportRun) -> None:
    """Record that the process at work on the run ends before the run does.

    It is known at once to be interrupted, and what it brought in is counted from what is stored.
    """
    _count_brought(run)
    run.save(update_fields=["threads", "grown", "posts", "added", "quotations", "unsure", "kinds"])
    at_work(run).update(process="")
    run.refresh_from_db(fields=["state", "process"])


def _count_brought(run: ImportRun) -> None:
    documents = _documents(run)
    first, later = documents.filter(order=0), documents.exclude(order=0)
    later = later.exclude(thread__documents__in=first.values("pk"))
    utterances = Utterance.objects.filter(document__in=documents.values("pk"))
    run.threads, run.grown = first.count(), later.values("thread").distinct().count()
    run.posts = utterances.count()
    run.added = Utterance.objects.filter(document__in=later.values("pk")).count()
    _count_stored(run)


def _documents(run: ImportRun) -> QuerySet[SourceDocument]:
    return SourceDocument.objects.filter(imported__run=run)


def _count_stored(run: ImportRun) -> None:
    """Count anew, among what the run has stored, what is stated of its documents."""
    documents = _documents(run)
    utterances = Utterance.objects.filter(document__in=documents.values("pk"))
    run.quotations = Quotation.objects.filter(utterance__in=utterances.values("pk")).count()
    run.unsure = utterances.filter(confidence__lt=unsure_below()).count()
    run.kinds = {
        name: counted
        for name, rows in (
            ("encodings", documents.values_list("encoding")),
            ("formats", documents.values_list("format")),
            ("languages", documents.filter(order=0).values_list("thread__language")),
        )
        if (
            counted := {kind or "unknown": n for kind, n in rows.order_by().annotate(n=Count("pk"))}
        )
    }


def finish(run: ImportRun, *, stopped: bool = False) -> None:
    """Record that the run came to its end, or that somebody ``stopped`` it before.

    Who asked for that when everything was stored is told that it is finished. A run that is at work
    no more, as others decided meanwhile, stays what they made of it.
    """
    if run.grown:
        _count_stored(run)  # Of a version of a known thread a part was stored, not told which.
    run.save(update_fields=_COUNTED)
    state = ImportRun.State
    running = ImportRun.objects.filter(pk=run.pk, state=state.RUNNING)
    running.update(
        state=state.CANCELLED if stopped else state.FINISHED,
        stopping=stopped,
        finished=timezone.now(),
    )
    run.refresh_from_db(fields=["state", "stopping", "finished"])


def program_version() -> str:
    try:
        return version("forum-corpus")
    except PackageNotFoundError:
        return "source"  # Run from a checkout.


def note(run: ImportRun, outcomes: Sequence[Outcome]) -> None:
    """Count the outcomes, and write down what failed or was guessed."""
    problems: list[ImportProblem] = []
    for outcome in outcomes:
        _count(run, outcome)
        problems.extend(_problems(run, outcome))
    problems = list(_new(run, problems))
    run.failed += sum(problem.kind == ImportProblem.Kind.FAILED for problem in problems)
    ImportProblem.objects.bulk_create(problems, batch_size=500)
    run.save(update_fields=_COUNTED)


def _count(run: ImportRun, outcome: Outcome) -> None:
    match outcome:
        case Created():
            run.threads += 1
            run.posts += outcome.posts
            _count_draft(run, outcome.draft)
        case Grown():
            run.posts += outcome.posts
            run.added += outcome.posts
            run.grown += 1
        case Skipped():
            # What the run itself brought before it broke off is counted as brought.
            run.skipped += not is_own(run, outcome)
        case Known():
            if outcome.run == run.pk:
                run.left_out += outcome.left_out
            else:
                run.skipped += outcome.documents
        case LeftOut():
            run.left_out += 1
        case Failed():
            pass  # Counted by its problem: a run that is taken up again meets it once more.


def is_own(run: ImportRun, outcome: Skipped) -> bool:
    """Whether the run itself brought in what it now finds to be there."""
    imported = getattr(outcome.document, "imported", None)
    return imported is not None and imported.run_id == run.pk


def _count_draft(run: ImportRun, draft: ThreadDraft) -> None:
    unsure = unsure_below()
    for document, structure in draft.structures():
        run.quotations += len(structure.quotations)
        run.unsure += sum(one.confidence < unsure for one in structure.utterances)
        _count_kind(run, "encodings", document.encoding)
        _count_kind(run, "formats", document.format)
    _count_kind(run, "languages", draft.language or "unknown")


def _count_kind(run: ImportRun, kind: str, name: str) -> None:
    counted = run.kinds.setdefault(kind, {})
    counted[name] = counted.get(name, 0) + 1


def _new(run: ImportRun, problems: list[ImportProblem]) -> Iterable[ImportProblem]:
    """Return what is not written down already; only a run that was taken up again knows some."""
    if not run.resumed:
        return problems
    places = {problem.locator for problem in problems}
    rows = run.problems.filter(locator__in=places).values_list("origin", "locator", "reason")
    known = set(rows)
    return [one for one in problems if (one.origin, one.locator, one.reason) not in known]


def _problems(run: ImportRun, outcome: Outcome) -> Iterable[ImportProblem]:
    match outcome:
        case Failed(origin, reason, locator):
            yield _problem(run, ImportProblem.Kind.FAILED, origin, locator, reason)
        case Created() | Grown() | Skipped():
            for told in notices(outcome)[:_NOTICES]:
                yield _problem(
                    run,
                    ImportProblem.Kind.NOTICE,
                    outcome.draft.origin,
                    told.locator,
                    told.reason,
                )


def _problem(
    run: ImportRun, kind: ImportProblem.Kind, origin: str, locator: str, reason: str
) -> ImportProblem:
    return ImportProblem(run=run, kind=kind, origin=origin, locator=locator[:500], reason=reason)
