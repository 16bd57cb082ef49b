"""What an import did, for terminals and for programs."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable
from dataclasses import asdict, dataclass
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from corpus import access
from corpus.conf import unsure_below
from corpus.terminal import shown
from forumimport import duplicates, preview
from forumimport.drafts import ThreadDraft
from forumimport.importer import Created, Failed, Grown, Known, LeftOut, Outcome, Skipped
from forumimport.models import ImportRun
from forumimport.outcomes import notices

#: Notices of one thread that are told.
_TOLD = 100
#: Duplicates that a report lists.
_DUPLICATES = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a report: an outcome without the text, so that many fit into memory."""

    outcome: str
    origin: str
    locator: str = ""
    reason: str = ""
    title: str = ""
    thread: int | None = None
    posts: int = 0
    quotations: int = 0
    unsure: int = 0
    sha256: str = ""
    encoding: str = ""
    notices: tuple[str, ...] = ()
    threads: int = 1


def entry(outcome: Outcome) -> Entry:
    """Return the report's line for an outcome."""
    match outcome:
        case Failed(origin, reason, locator):
            return Entry("failed", origin, locator, reason)
        case Known(origin, sha256, documents):
            return Entry("known", origin, sha256=sha256, threads=documents)
        case LeftOut(draft):
            return Entry(
                "left out",
                draft.origin,
                draft.locator,
                title=draft.title,
                sha256=draft.documents[0].sha256,
                encoding=draft.documents[0].encoding,
            )
        case Grown(draft, posts, thread):
            return Entry(
                "grown",
                draft.origin,
                draft.locator,
                title=thread.title,
                thread=thread.pk,
                posts=posts,
                sha256=draft.documents[0].sha256,
                encoding=draft.documents[0].encoding,
                notices=told(outcome),
            )
        case Skipped(draft, document):
            return Entry(
                "skipped",
                draft.origin,
                draft.locator,
                title=document.thread.title,
                thread=document.thread_id,
                sha256=document.sha256,
                encoding=document.encoding,
                notices=told(outcome),
            )
        case Created(draft, posts, thread):
            structures = [structure for _document, structure in draft.structures()]
            return Entry(
                "created",
                draft.origin,
                draft.locator,
                title=draft.title,
                thread=thread.pk if thread else None,
                posts=posts,
                quotations=sum(len(structure.quotations) for structure in structures),
                unsure=sum(
                    utterance.confidence < unsure_below()
                    for structure in structures
                    for utterance in structure.utterances
                ),
                sha256=draft.documents[0].sha256,
                encoding=draft.documents[0].encoding,
                notices=told(outcome),
            )


def told(outcome: Created | Grown | Skipped) -> tuple[str, ...]:
    """Return what was guessed or read with a loss, each with its place where it has one."""
    return tuple(
        f"{notice.locator}: {notice.reason}" if notice.locator else notice.reason
        for notice in notices(outcome)[:_TOLD]
    )


@dataclass(slots=True)
class Tally:
    """Counts of entries, which themselves may be too many to keep."""

    threads: int = 0
    posts: int = 0
    grown: int = 0
    added: int = 0
    skipped: int = 0
    left_out: int = 0
    failed: int = 0

    def add(self, entry: Entry) -> None:
        match entry.outcome:
            case "created":
                self.threads += 1
                self.posts += entry.posts
            case "grown":
                self.grown += 1
                self.added += entry.posts
            case "skipped" | "known":
                self.skipped += entry.threads
            case "left out":
                self.left_out += 1
            case "failed":
                self.failed += 1

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Tally:
        tally = cls()
        for entry in entries:
            tally.add(entry)
        return tally


def tally(run: ImportRun) -> Tally:
    """Return the counts of a run."""
    return Tally(
        threads=run.threads,
        posts=run.posts - run.added,
        grown=run.grown,
        added=run.added,
        skipped=run.skipped,
        left_out=run.left_out,
        failed=run.failed,
    )


def interrupted_line(threads: int, *, dry_run: bool = False) -> str:
    """Return in one sentence what is there of an import that was told to end."""
    if dry_run:
        return "Interrupted: this was a dry run, nothing is stored."
    return f"Interrupted: {_counted(threads, 'thread')} stored; run it again to complete."


def last_line(tally: Tally, *, dry_run: bool = False) -> str:
    """Return the counts in one sentence, the failures only where there are any.

    >>> last_line(Tally.of([Entry("created", "a.txt", posts=2), Entry("skipped", "b.txt")]))
    'Imported 1 thread, 2 posts; skipped 1 already imported.'
    """
    parts = [
        f"{'Would import' if dry_run else 'Imported'} {_counted(tally.threads, 'thread')}, "
        f"{_counted(tally.posts, 'post')}"
    ]
    if tally.grown:
        added = "would add" if dry_run else "added"
        posts, threads = _counted(tally.added, "post"), _counted(tally.grown, "known thread")
        parts.append(f"{added} {posts} to {threads}")
    if tally.skipped:
        parts.append(f"skipped {tally.skipped:,} already imported")
    if tally.left_out:
        parts.append(f"left out {_counted(tally.left_out, 'thread')} older than asked for")
    if tally.failed:
        parts.append(f"{tally.failed:,} failed (listed above)")
    return "; ".join(parts) + "."


class JsonReport:
    """The report as JSON, written as the import goes on: it may tell of more than memory holds."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._separator = ""
        self._closed = False
        file.write('{\n "sources": [')

    def add(self, entry: Entry) -> None:
        # In one piece: the program may be told to end anywhere.
        written = json.dumps(asdict(entry), ensure_ascii=False)
        self._file.write(f"{self._separator}\n  {written}")
        self._separator = ","

    def close(self, run: ImportRun | None, *, state: str | None, summary: str) -> None:
        """Write, once, what is known at the end; ``run`` is None for a dry run."""
        if self._closed:
            return
        self._closed = True
        told = about(run) | {"state": state, "summary": summary}
        rest = json.dumps(told, ensure_ascii=False, indent=1, default=str)
        self._file.write(f"\n ],{rest[1:]}\n")


def about(run: ImportRun | None, reader: Any = None) -> dict[str, Any]:
    """Return in JSON's types what a run's record tells, but what it brought.

    A ``reader`` is told nothing of collections closed to him.
    """
    if run is None:
        return dict.fromkeys(("run", "version", "arguments", "started", "finished"))
    counts = (
        *("threads", "posts", "quotations", "unsure"),
        *("grown", "added", "skipped", "left_out", "failed"),
    )
    return {
        "run": run.pk,
        "version": run.version,
        "arguments": run.arguments,
        "started": run.started.isoformat(),
        "finished": run.finished.isoformat() if run.finished else None,
        "counts": {name: getattr(run, name) for name in counts},
        **{kind: run.kinds.get(kind, {}) for kind in ("encodings", "formats", "languages")},
        "duplicates": [
            {
                "document": one.document_id,
                "origin": str(one.document),
                "earlier": one.earlier_id,
                "earlier_origin": str(one.earlier),
                "likeness": one.likeness,
            }
            for one in duplicates.told(run, reader)
            .select_related("document", "earlier")
            .order_by("pk")[:_DUPLICATES]
        ],
    }


def stored(run: ImportRun, reader: Any) -> dict[str, Any]:
    """Return the report of a run from what is stored of it: the files, documents, problems."""
    brought = access.open_to(reader, run.documents.all(), "document__thread__collection")
    documents = brought.order_by("document").values(
        *("document__origin", "document__locator", "document__sha256", "document__thread"),
        *("document__format", "document__encoding"),
    )
    return about(run, reader) | {
        "state": run.state,
        "files": list(run.containers.order_by("pk").values("origin", "sha256", "documents")),
        "documents": [
            {name.removeprefix("document__"): value for name, value in row.items()}
            for row in documents.iterator(2000)
        ],
        "problems": list(run.problems.order_by("pk").values("kind", "origin", "locator", "reason")),
    }


def show(
    draft: ThreadDraft, console: Console, *, title: str = "", only: Container[int] | None = None
) -> None:
    """Print a segmented draft: each post, its speaker, cue and confidence, and what it quotes.

    Of a thread that is known by its ``title``, ``only`` the posts at those places.
    """
    table = Table(
        title=Text(shown(f"{title or draft.title}  ({draft.origin})")),
        title_justify="left",
        expand=True,
    )
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("Speaker")
    table.add_column("Starts here because", max_width=24)
    table.add_column("Sure", justify="right", no_wrap=True)
    table.add_column("Text", ratio=1)
    for place, post in enumerate(preview.posts(draft)):
        if only is not None and place not in only:
            continue
        words = Text(shown(post.words))
        for quotation in post.quotations:
            what = "quotes" if quotation.marked else "repeats"
            source = f"post {quotation.source}" if quotation.source else "an unknown original"
            words.append(f"\n  » {what}, {source}: {shown(quotation.words)}", style="dim")
        if post.reply_to:
            words.append(f"\n  ↪ replies to post {post.reply_to}", style="dim")
        table.add_row(
            str(post.number),
            _writer(post),
            str(post.cue),
            Text(f"{post.confidence:.2f}", style="yellow" if post.unsure else ""),
            words,
        )
    console.print(table)


def _writer(post: preview.PreviewedPost) -> Text:
    writer = Text(shown(post.speaker)) if post.speaker else Text("unknown", style="dim")
    return writer.append(f"\n{shown(post.date)}" if post.date else "", style="dim")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
