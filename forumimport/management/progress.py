"""How far an import has come, on a terminal; silent elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType

from rich import progress as rich_progress
from rich.console import Console
from rich.text import Text

from forumimport.importer import Created, Grown, Outcome
from forumimport.importer.pulse import Doing
from forumimport.sources import Container

_BEHIND = {
    Doing.INDEXING: ("Indexing for the search", "posts"),
    Doing.COMPARING: ("Comparing for duplicates", "documents"),
}


class Progress:
    """A bar over the bytes of all files, with posts a second and the time left; then one for each
    step that follows when they are stored."""

    def __init__(self, containers: Sequence[Container]) -> None:
        console = Console(stderr=True)
        self._posts = 0
        self._doing: Doing | None = None
        self._began = time.monotonic()
        self._bar = rich_progress.Progress(
            rich_progress.TextColumn("{task.description}"),
            rich_progress.BarColumn(),
            _Measure(),
            rich_progress.TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        size = sum(container.size for container in containers)
        self._task = self._bar.add_task("Importing", total=size or None, posts=0, rate=0)

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

    def behind(self, doing: Doing, done: int, to_do: int) -> None:
        """Show how far a step is that follows when all is stored."""
        if doing != self._doing:
            self._doing = doing
            self._bar.update(self._task, visible=False)
            words, counted = _BEHIND[doing]
            self._task = self._bar.add_task(words, total=to_do, counted=counted)
        self._bar.update(self._task, completed=done, total=to_do)

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


class _Measure(rich_progress.ProgressColumn):
    """Bytes and posts while files are read, then how many of how many."""

    def __init__(self) -> None:
        super().__init__()
        self._bytes = rich_progress.DownloadColumn()

    def render(self, task: rich_progress.Task) -> Text:
        if counted := task.fields.get("counted"):
            return Text(f"{task.completed:,.0f} of {task.total or 0:,.0f} {counted}")
        posts, rate = task.fields["posts"], task.fields["rate"]
        return self._bytes.render(task).append(f" {posts:,} posts, {rate:,}/s", style="")
