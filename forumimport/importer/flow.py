"""From sources to outcomes, in order and in batches."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from django.db import IntegrityError, transaction

from corpus.models import Thread
from forumimport import projection, readers
from forumimport.drafts import ThreadDraft
from forumimport.importer import containers, known, reading, runs
from forumimport.importer.garbage import rarely_searched
from forumimport.importer.growth import grow
from forumimport.importer.plan import Plan
from forumimport.importer.pulse import Pulse, Stopped, is_stopping
from forumimport.importer.storing import Home, store
from forumimport.importer.versions import Before, Candidate, lengths
from forumimport.importer.workers import Workers
from forumimport.models import ImportedContainer, ImportRun
from forumimport.outcomes import Created, Failed, Known, LeftOut, Outcome, Skipped, lost
from forumimport.readers import Options, Source
from forumimport.sources import Container

#: A batch is stored once it holds so many threads or characters. With the thread that fills it
#: and what a reader holds of one record, this bounds the memory whatever the size of a source.
_THREADS, _CHARACTERS = 500, 1_000_000

Entry = Source | Failed | Container


@dataclass(frozen=True, slots=True)
class Task:
    """One entry to read, with its record if it is remembered, or what is known of it already."""

    entry: Entry
    record: ImportedContainer | None
    known: Known | Failed | None = None

    @property
    def remembered(self) -> bool:
        return isinstance(self.entry, Container) and self.entry.remembered


def import_sources(
    sources: Iterable[Entry],
    *,
    run: ImportRun | None,
    plan: Plan | None = None,
    collection: str = "",
    format: str = readers.AUTO,
    encoding: str | None = None,
    hold: bool = False,
    pulse: Pulse | None = None,
) -> Generator[Outcome, None, bool]:
    """Import every thread of every source and yield an outcome for each, in order.

    A source that fails costs only itself, a broken record only itself. Without a ``run`` nothing
    is written: the same path with the last step held back. The ``pulse`` is told how many bytes of
    the files are read. The other arguments make a plan where none is given. What is returned in
    the end is whether somebody stopped it before.
    """
    chosen = plan or Plan(collection, hold, format, Options(encoding=encoding))
    flow = _Flow(chosen, run, pulse or Pulse(run))
    yield from flow.outcomes(sources)
    return flow.cancelled


@dataclass(slots=True)
class _Flow:
    """The batch that is being filled, and what has been taken so far."""

    plan: Plan
    run: ImportRun | None
    pulse: Pulse
    waiting: list[ThreadDraft | LeftOut | Failed] = field(default_factory=list)
    characters: int = 0
    taken: int = 0
    left_out: int = 0
    #: Whether nothing more is taken: of the plan's limit, or since somebody cancelled the run.
    stopped: bool = False
    cancelled: bool = False
    container: ImportedContainer | None = None

    def outcomes(self, entries: Iterable[Entry]) -> Iterator[Outcome]:
        with ExitStack() as stack:
            stack.enter_context(rarely_searched())
            begun = self._begun(entries)
            if self.plan.workers > 1:
                workers = stack.enter_context(Workers(self.plan.workers, self.plan, self.pulse.at))
                tasks = workers.ahead((task, task.known is None) for task in begun)
            else:
                tasks = (
                    (task, reading.drafts_of(task.entry, self.plan, self.pulse.at))
                    for task in begun
                )
            for task, drafts in tasks:
                yield from self._done(task, drafts)
                if self.stopped:
                    break
            yield from self._flush()

    def _begun(self, entries: Iterable[Entry]) -> Iterator[Task]:
        """Yield what is to be read; a file that was read before to its end only to be told of."""
        for entry in entries:
            record = None
            if self.run and isinstance(entry, Container) and entry.remembered:
                record = containers.begun(entry, self.plan, self.run)
            if isinstance(record, Known | Failed):
                yield Task(entry, None, record)
            else:
                yield Task(entry, record)

    def _done(self, task: Task, drafts: Iterator[ThreadDraft | Failed]) -> Iterator[Outcome]:
        """Take the drafts of one entry in. A file that is remembered is stored to its end."""
        if task.known or task.record:
            yield from self._flush()
        if task.known:
            if self.run:
                runs.note(self.run, [task.known])
            yield task.known
        else:
            self.container, self.left_out = task.record, 0
            yield from self._taken(drafts)
            if self.container:
                yield from self._flush()
                if not self.stopped:
                    containers.finish(self.container, self.left_out)
                self.container = None
        if isinstance(task.entry, Container) and not self.stopped:
            self.pulse.past(task.entry.size)

    def _taken(self, drafts: Iterator[ThreadDraft | Failed]) -> Iterator[Outcome]:
        for found in self._until_stopped(drafts):
            draft: ThreadDraft | LeftOut | Failed = found
            if isinstance(draft, ThreadDraft):
                if self.plan.limit is not None and self.taken >= self.plan.limit:
                    self.stopped = True
                    return
                draft = self._chosen(draft)
            self.waiting.append(draft)
            if len(self.waiting) >= _THREADS or self.characters >= _CHARACTERS:
                yield from self._flush()
                if is_stopping(self.run):
                    self._cancel()
            if self.stopped:
                return

    def _chosen(self, draft: ThreadDraft) -> ThreadDraft | LeftOut | Failed:
        """Count a thread as taken, or as left out because it is too old."""
        chosen: ThreadDraft | Failed = draft
        if self.plan.since is not None:
            (chosen,) = reading.segmented([draft])  # Only what is segmented may tell it.
        if isinstance(chosen, ThreadDraft) and not self.plan.takes(chosen):
            self.left_out += 1
            return LeftOut(_told_of(chosen))
        self.taken += 1
        self.characters += _characters(chosen)
        return chosen

    def _until_stopped(
        self, drafts: Iterator[ThreadDraft | Failed]
    ) -> Iterator[ThreadDraft | Failed]:
        try:
            yield from drafts
        except Stopped:
            self._cancel()

    def _cancel(self) -> None:
        self.stopped = self.cancelled = True

    def _flush(self) -> Iterator[Outcome]:
        waiting, self.waiting, self.characters = self.waiting, [], 0
        group = _Group(self.plan, self.run, self.container)
        for some in group.outcomes(waiting):
            if self.run and some:
                runs.note(self.run, some)
            yield from some


@dataclass(slots=True)
class _Group:
    """Drafts that are stored together: all new, and none that another of them could concern."""

    plan: Plan
    run: ImportRun | None
    container: ImportedContainer | None
    members: list[Failed | LeftOut | Skipped | ThreadDraft] = field(default_factory=list)
    marks: set[str | known.Key] = field(default_factory=set)

    def outcomes(self, waiting: list[ThreadDraft | LeftOut | Failed]) -> Iterator[list[Outcome]]:
        """Yield what becomes of the drafts, in order, some at a time and each time stored."""
        drafts = [one for one in waiting if isinstance(one, ThreadDraft)]
        begun = lengths(drafts, self.plan.collection)
        found = [
            Candidate.of(one, begun) if isinstance(one, ThreadDraft) else one for one in waiting
        ]
        before = self._before([one for one in found if isinstance(one, Candidate)])
        for one in found:
            if not isinstance(one, Candidate):
                self.members.append(one)
                continue
            now = before
            if one.looked_for & self.marks:
                # It may be, or go on with, one of this very group.
                yield self._stored()
                now = self._before([one])
            self.marks |= one.borne
            document, thread = now.document(one), now.thread(one)
            if document is not None and now.wholly(one):
                self.members.append(Skipped(one.draft, document))
            elif thread is None:
                self.members.append(one.draft)
            else:
                yield self._stored()
                yield self._grown(one.draft, thread)
        yield self._stored()

    def _before(self, candidates: list[Candidate]) -> Before:
        return Before.of(candidates, self.plan.collection)

    def _grown(self, draft: ThreadDraft, thread: Thread) -> list[Outcome]:
        """Deal with another version of a stored thread."""
        (segmented,) = reading.segmented([draft])
        if isinstance(segmented, Failed):
            return [segmented]
        home = Home(thread.collection, self.run, self.container, thread.held) if self.run else None
        with projection.site_language():
            outcome = grow(segmented, thread, home)
        return [outcome, *lost(segmented)]

    def _stored(self) -> list[Outcome]:
        members = reading.with_languages(reading.segmented(self.members))
        self.members = []
        drafts = [member for member in members if isinstance(member, ThreadDraft)]
        created = iter(self._created(drafts))
        outcomes: list[Outcome] = []
        for member in members:
            if isinstance(member, ThreadDraft):
                outcomes += [next(created), *lost(member)]
            else:
                outcomes.append(member)
        return outcomes

    def _created(self, drafts: list[ThreadDraft]) -> list[Outcome]:
        if self.run is None:
            return [Created(draft, _posts(draft)) for draft in drafts]
        if not drafts:
            return []
        try:
            with transaction.atomic():
                threads = store(
                    drafts,
                    self.plan.collection,
                    self.run,
                    held=self.plan.hold,
                    container=self.container,
                )
        except IntegrityError:
            if len(drafts) > 1:  # One by one, to find which.
                return [outcome for draft in drafts for outcome in self._created([draft])]
            # Another process may have imported the same bytes since we looked.
            stored = known.of(drafts[0], known.documents(drafts))
            if stored is None:
                raise
            return [Skipped(drafts[0], stored)]
        return [
            Created(draft, _posts(draft), thread)
            for draft, thread in zip(drafts, threads, strict=True)
        ]


def _told_of(draft: ThreadDraft) -> ThreadDraft:
    """The draft as far as it is told of: without its text, so that many of them fit in a batch."""
    documents = (replace(document, text="", structure=None) for document in draft.documents)
    return replace(draft, documents=tuple(documents))


def _characters(draft: ThreadDraft | Failed) -> int:
    if isinstance(draft, Failed):
        return 0
    return sum(len(document.text) for document in draft.documents)


def _posts(draft: ThreadDraft) -> int:
    return sum(len(structure.utterances) for _document, structure in draft.structures())
