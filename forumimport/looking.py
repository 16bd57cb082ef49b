"""What an upload would bring, as people look at it before they confirm; of much, the beginning."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace

from forumimport import importer, preview, report, stating, uploads
from forumimport.importer import Created, Failed, Outcome, reading
from forumimport.importer.plan import Plan
from forumimport.models import ImportRun
from forumimport.preview import PreviewedPost
from forumimport.readers import Source
from forumimport.report import Entry

#: Posts that are listed of a thread, and threads that are looked at: enough to judge by, and quick.
POSTS, THREADS = 300, 50
#: Bytes that are looked at of one file: seconds of work.
BYTES = 2 * 1024 * 1024
#: Records that cannot be read which are listed.
FAILURES = 200


@dataclass(frozen=True, slots=True)
class Looked:
    """One outcome, with the posts of a thread that is new; ``more`` are not listed."""

    entry: Entry
    posts: list[PreviewedPost] = field(default_factory=list)
    more: int = 0


@dataclass(slots=True)
class Seen:
    """What was looked at; ``partly`` tells that there is more."""

    outcomes: list[Looked] = field(default_factory=list)
    failures: int = 0
    importable: bool = False
    partly: bool = False
    cut: set[str] = field(default_factory=set)

    def add(self, outcome: Outcome) -> None:
        if isinstance(outcome, Failed):
            # What a file lacks whose end was not looked at is no fault of it.
            if outcome.origin in self.cut and not outcome.locator:
                return
            self.failures += 1
            if self.failures > FAILURES:
                self.partly = True
                return
        posts: list[PreviewedPost] = []
        if isinstance(outcome, Created):
            self.importable = True
            posts = list(preview.posts(outcome.draft))
        more = max(0, len(posts) - POSTS)
        self.outcomes.append(Looked(report.entry(outcome), posts[:POSTS], more))


def look(run: ImportRun) -> Seen:
    """Return what the uploads of a run would bring. Nothing is written."""
    seen = Seen()
    plan = stating.plan_of_run(run)
    limit = min(plan.limit or THREADS, THREADS)
    threads = 0
    for outcome in importer.import_sources(
        _beginnings(run, plan, seen), run=None, plan=replace(plan, limit=limit, workers=1)
    ):
        seen.add(outcome)
        threads += not isinstance(outcome, Failed)
    seen.partly = seen.partly or bool(seen.cut) or threads >= THREADS
    # Of a file whose beginning shows nothing it is unknown.
    seen.importable = seen.importable or bool(seen.cut)
    return seen


def _beginnings(run: ImportRun, plan: Plan, seen: Seen) -> Iterator[Source | Failed]:
    for container in uploads.containers(run):
        with closing(container.sources()) as sources:
            for source in sources:
                if isinstance(source, Failed) or (source.path and source.path.is_dir()):
                    yield source
                    continue
                try:
                    beginning = source.beginning(BYTES)
                except (OSError, EOFError):
                    yield source  # The reader says what is wrong.
                    continue
                if beginning is not source:
                    if refused := reading.refused(source, plan):
                        yield refused
                        continue
                    seen.cut.add(source.origin)
                yield beginning
