"""How far an import has come, on a terminal; silent elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType

from rich import progress as rich_progress
from rich.console import Console

from forumimport.importer import Created, Grown, Outcome
from forumimport.sources import Container


class Progress:
    """A bar over the bytes of all files, with posts a second and the time left."""

    def __init__(self, containers: Sequence[Container]) -> None:
        console = Console(stderr=True)
        self._posts = 0
        self._began = time.monotonic()
        self._bar = rich_progress.Progress(
            rich_progress.TextColumn("Importing"),
            rich_progress.BarColumn(),
            rich_progress.DownloadColumn(),
            rich_progress.TextColumn("{task.fields[posts]:,} posts, {task.fields[rate]:,}/s"),
            rich_progress.TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        size = sum(container.size for container in containers)
        self._task = self._bar.add_task("", total=size or None, posts=0, rate=0)

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def read(self, size: int) -> None:
        """Show that so many bytes of all files are read."""
        self._bar.update(self._task, completed=size)

    def counted(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """Yield the outcomes and count their posts."""
        for outcome in outcomes:
            if isinstance(outcome, Created | Grown):
                self._posts += outcome.posts
                self._bar.update(self._task, posts=self._posts, rate=self._rate())
            yield outcome

    def _rate(self) -> int:
        """Posts a second since it began: they come in batches, so a shorter look would jump."""
        return round(self._posts / max(1.0, time.monotonic() - self._began))
