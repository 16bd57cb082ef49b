"""What became of what was found in a source: one object for each thread or record."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.models import SourceDocument, Thread
from forumimport.drafts import ThreadDraft, Unread


@dataclass(frozen=True, slots=True)
class Created:
    """A thread that was imported, or in a dry run would be (``thread`` is None then)."""

    draft: ThreadDraft
    posts: int
    thread: Thread | None = None


@dataclass(frozen=True, slots=True)
class Grown:
    """A known thread whose new version brought (or would bring) more posts.

    ``notices`` tell which of the posts known before read otherwise now; ``new`` are the numbers,
    from 0 through all documents of the draft, of those that were not known.
    """

    draft: ThreadDraft
    posts: int
    thread: Thread
    notices: tuple[Unread, ...] = ()
    new: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A draft whose bytes have been imported before, or that brings nothing new."""

    draft: ThreadDraft
    document: SourceDocument
    notices: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A whole file that an earlier run came to the end of; it was not read again.

    ``left_out`` are the threads that were too old then; what is too old decides how it was read.
    """

    origin: str
    sha256: str
    documents: int
    run: int | None = None
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A thread whose last post is older than what was asked for."""

    draft: ThreadDraft


@dataclass(frozen=True, slots=True)
class Failed:
    """What could not be imported; ``reason`` is one sentence."""

    origin: str
    reason: str
    locator: str = ""

    @property
    def sentence(self) -> str:
        """The reason with the place, unless it names its source already."""
        if self.reason.startswith(self.origin):
            return self.reason
        return f"{', '.join(filter(None, [self.origin, self.locator]))}: {self.reason}"


Outcome = Created | Grown | Skipped | Known | LeftOut | Failed


def lost(draft: ThreadDraft) -> list[Failed]:
    """Return the records of the draft's thread that could not be read."""
    return [
        Failed(draft.origin, problem.reason, problem.locator)
        for problem in draft.problems
        if problem.lost
    ]


def notices(outcome: Created | Grown | Skipped) -> list[Unread]:
    """Return what was guessed or read with a loss, with its place."""
    draft = outcome.draft
    told = [Unread(draft.locator, notice, lost=False) for notice in draft.notices]
    told += [problem for problem in draft.problems if not problem.lost]
    return told if isinstance(outcome, Created) else [*told, *outcome.notices]
