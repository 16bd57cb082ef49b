"""What an upload would bring, as people look at it before they confirm; of much, the beginning."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from time import monotonic

from forumimport import importer, preview, report, stating, uploads
from forumimport.importer import Created, Failed, Grown, LeftOut, Outcome, Skipped, reading
from forumimport.importer.plan import Plan
from forumimport.models import ImportRun
from forumimport.preview import PreviewedPost
from forumimport.readers import Source
from forumimport.report import Entry

#: Posts that are listed of a thread, and threads that are looked at: enough to judge by, and quick.
POSTS, THREADS = 300, 50
#: Where all of these are known it is looked further, twice as far each time: up to so many threads
#: or records, and as long as it took no longer than so many seconds.
FURTHEST, PATIENCE = 1600, 2.0
#: Bytes that are looked at of one file: seconds of work.
BYTES = 2 * 1024 * 1024
#: Records that cannot be read, and threads that are known or too old, which are listed.
LISTED = 200


@dataclass(frozen=True, slots=True)
class Looked:
    """One outcome, with the posts that it would bring; ``more`` are not listed.

    ``sentence`` says of what cannot be imported where it is, and why.
    """

    entry: Entry
    posts: list[PreviewedPost] = field(default_factory=list)
    more: int = 0
    sentence: str = ""


@dataclass(slots=True)
class Seen:
    """What was looked at. What is known already stands by itself.

    ``new`` counts the threads that bring posts; of files that are ``cut``, and of what is behind
    the first threads where these are ``limited``, nothing is known.
    """

    outcomes: list[Looked] = field(default_factory=list)
    known: list[Looked] = field(default_factory=list)
    new: int = 0
    skipped: int = 0
    failures: int = 0
    left_out: int = 0
    limited: bool = False
    cut: set[str] = field(default_factory=set)

    @property
    def partly(self) -> bool:
        return self.limited or bool(self.cut)

    @property
    def importable(self) -> bool:
        return bool(self.new) or self.partly

    @property
    def enough(self) -> bool:
        counted = self.new + self.skipped + self.failures + self.left_out
        return self.new >= THREADS or counted >= FURTHEST

    @property
    def more_failures(self) -> int:
        return max(0, self.failures - LISTED)

    @property
    def more_left_out(self) -> int:
        return max(0, self.left_out - LISTED)

    def add(self, outcome: Outcome) -> None:
        match outcome:
            case Failed(origin, _reason, locator):
                # What a file lacks whose end was not looked at is no fault of it.
                if origin in self.cut and not locator:
                    return
                self.failures += 1
                if self.failures <= LISTED:
                    told = Looked(report.entry(outcome), sentence=outcome.sentence)
                    self.outcomes.append(told)
            case LeftOut():
                self.left_out += 1
                if self.left_out <= LISTED:
                    self.outcomes.append(Looked(report.entry(outcome)))
            case Skipped():
                self.skipped += 1
                if self.skipped <= LISTED:
                    self.known.append(Looked(report.entry(outcome)))
            case Created() | Grown():
                self.new += 1
                self.outcomes.append(_with_posts(outcome))


def _with_posts(outcome: Created | Grown) -> Looked:
    posts = preview.posts(outcome.draft)
    if isinstance(outcome, Grown):
        new = set(outcome.new)
        posts = (post for number, post in enumerate(posts) if number in new)
    shown = list(islice(posts, POSTS))
    return Looked(report.entry(outcome), shown, outcome.posts - len(shown))


def look(run: ImportRun) -> Seen:
    """Return what the uploads of a run would bring. Nothing is written.

    Who adds to a file what is new has it begin with what is known: that is passed over.
    """
    plan = stating.plan_of_run(run)
    began, limit = monotonic(), THREADS
    seen = _looked(run, plan, limit)
    while seen.limited and not seen.new and not seen.enough:
        if monotonic() - began > PATIENCE:
            break
        limit *= 2
        seen = _looked(run, plan, limit)
    return seen


def _looked(run: ImportRun, plan: Plan, limit: int) -> Seen:
    """Return what the first ``limit`` threads are, or those that the user wants at most."""
    seen = Seen()
    wanted = plan.limit is not None and plan.limit <= limit
    shortened = replace(plan, limit=plan.limit if wanted else limit, workers=1)
    uploaded = _Beginnings(run, plan, seen)
    for outcome in importer.import_sources(uploaded, run=None, plan=shortened):
        if seen.enough:
            seen.limited = True
            return seen
        seen.add(outcome)
    seen.limited = not (uploaded.ended or wanted)
    return seen


@dataclass(slots=True)
class _Beginnings:
    """What was uploaded, of each file the beginning; ``ended`` once all of it was asked for."""

    run: ImportRun
    plan: Plan
    seen: Seen
    ended: bool = False

    def __iter__(self) -> Iterator[Source | Failed]:
        for container in uploads.containers(self.run):
            with closing(container.sources()) as sources:
                for source in sources:
                    yield from self._beginning(source)
        self.ended = True

    def _beginning(self, source: Source | Failed) -> Iterator[Source | Failed]:
        if isinstance(source, Failed) or (source.path and source.path.is_dir()):
            yield source
            return
        try:
            beginning = source.beginning(BYTES)
        except (OSError, EOFError):
            yield source  # The reader says what is wrong.
            return
        if beginning is not source:
            if refused := reading.refused(source, self.plan):
                yield refused
                return
            self.seen.cut.add(source.origin)
        yield beginning
