"""What an import did, for terminals and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from corpus.conf import unsure_below
from corpus.terminal import shown
from forumimport import preview
from forumimport.drafts import ThreadDraft
from forumimport.importer import Created, Failed, Grown, Known, Outcome, Skipped
from forumimport.models import ImportRun
from forumimport.outcomes import notices

#: Notices of one thread that are told.
_TOLD = 100


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


def last_line(entries: Sequence[Entry], *, dry_run: bool = False) -> str:
    """Return the counts in one sentence, the failures only where there are any.

    >>> last_line([Entry("created", "a.txt", posts=2), Entry("skipped", "b.txt")])
    'Imported 1 thread, 2 posts; skipped 1 already imported.'
    """
    created = [entry for entry in entries if entry.outcome == "created"]
    grown = [entry for entry in entries if entry.outcome == "grown"]
    skipped = sum(entry.threads for entry in entries if entry.outcome in ("skipped", "known"))
    failed = sum(entry.outcome == "failed" for entry in entries)
    parts = [
        f"{'Would import' if dry_run else 'Imported'} {_counted(len(created), 'thread')}, "
        f"{_counted(sum(entry.posts for entry in created), 'post')}"
    ]
    if grown:
        posts = _counted(sum(entry.posts for entry in grown), "post")
        parts.append(f"added {posts} to {_counted(len(grown), 'known thread')}")
    if skipped:
        parts.append(f"skipped {skipped} already imported")
    if failed:
        parts.append(f"{failed} failed (listed above)")
    return "; ".join(parts) + "."


def as_json(run: ImportRun | None, entries: Sequence[Entry]) -> dict[str, Any]:
    """Return the whole report in JSON's types; ``run`` is None for a dry run."""
    return {
        "run": run.pk if run else None,
        "version": run.version if run else None,
        "arguments": run.arguments if run else None,
        "started": run.started.isoformat() if run else None,
        "finished": run.finished.isoformat() if run and run.finished else None,
        "summary": last_line(entries, dry_run=run is None),
        "sources": [asdict(entry) for entry in entries],
    }


def show(draft: ThreadDraft, console: Console) -> None:
    """Print a segmented draft: each post, its speaker, cue and confidence, and what it quotes."""
    table = Table(
        title=Text(shown(f"{draft.title}  ({draft.origin})")), title_justify="left", expand=True
    )
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("Speaker")
    table.add_column("Starts here because", max_width=24)
    table.add_column("Sure", justify="right", no_wrap=True)
    table.add_column("Text", ratio=1)
    for post in preview.posts(draft):
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
