"""The record of an import: begun, counted as it goes, ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.db.models import F
from django.utils import timezone

from corpus.conf import unsure_below
from forumimport.drafts import ThreadDraft
from forumimport.models import ImportProblem, ImportRun
from forumimport.outcomes import Created, Failed, Grown, Known, Outcome, Skipped, notices

#: Problems of one thread that are written down: who reads on?
_NOTICES = 1000


def start_run(arguments: dict[str, Any], *, user: Any = None, **fields: Any) -> ImportRun:
    """Return a new run with its arguments and the program's version written down."""
    return ImportRun.objects.create(
        arguments=arguments, user=user, version=program_version(), **fields
    )


def finish(run: ImportRun) -> None:
    """Record that the run came to its end, be it because somebody stopped it."""
    run.refresh_from_db(fields=["stopping"])
    run.state = ImportRun.State.CANCELLED if run.stopping else ImportRun.State.FINISHED
    run.finished = timezone.now()
    run.save()


def program_version() -> str:
    try:
        return version("forum-corpus")
    except PackageNotFoundError:
        return "source"  # Run from a checkout.


def is_stopping(run: ImportRun | None) -> bool:
    """Whether somebody asked the run to stop."""
    return run is not None and ImportRun.objects.filter(pk=run.pk, stopping=True).exists()


def note(run: ImportRun, outcomes: Sequence[Outcome]) -> None:
    """Count the outcomes, and write down what failed or was guessed."""
    problems: list[ImportProblem] = []
    for outcome in outcomes:
        _count(run, outcome)
        problems.extend(_problems(run, outcome))
    ImportProblem.objects.bulk_create(problems, batch_size=500)
    run.save(
        update_fields=[
            *("threads", "posts", "skipped", "failed", "quotations", "unsure", "kinds"),
        ]
    )


def progressed(run: ImportRun, size: int) -> None:
    """Record that a file of so many bytes has been dealt with."""
    run.read_bytes += size
    ImportRun.objects.filter(pk=run.pk).update(read_bytes=F("read_bytes") + size)


def _count(run: ImportRun, outcome: Outcome) -> None:
    match outcome:
        case Created():
            run.threads += 1
            run.posts += outcome.posts
            _count_draft(run, outcome.draft)
        case Grown():
            run.posts += outcome.posts
        case Skipped():
            run.skipped += 1
        case Known():
            run.skipped += outcome.documents
        case Failed():
            run.failed += 1


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
