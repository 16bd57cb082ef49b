"""What a worker process of an import does; importable before Django is set up there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty
from typing import Any

#: What follows the last chunk of an entry.
END = None
#: Drafts, or characters, that are handed over at once.
_DRAFTS, _CHARACTERS = 20, 100_000
#: Seconds after which an idle process looks whether anybody will ask any more.
_PATIENCE = 1.0


def work(number: int, count: int, tasks: Any, results: Any) -> None:
    """Read the entries that ``tasks`` name, and put their drafts, segmented, into ``results``.

    With them goes how many bytes of the entry are read.

    The first task is the plan. Of a shared entry every ``count``-th chunk is this process's.
    """
    import django

    django.setup()
    from forumimport.importer import reading

    plan, parent = tasks.get(), os.getppid()
    while os.getppid() == parent:  # Else the writer was killed.
        with suppress(Empty):
            entry, shared = tasks.get(timeout=_PATIENCE)
            place = _Place()
            drafts = reading.drafts_of(entry, plan, place.hear)
            for at, chunk in enumerate(_chunks(drafts)):
                if not shared or at % count == number:
                    found = reading.with_languages(reading.segmented(chunk))
                    results.put((place.read, found))
            results.put(END)


@dataclass(slots=True)
class _Place:
    """How many bytes of an entry are read."""

    read: int = 0

    def hear(self, read: int) -> None:
        self.read = read


def _chunks(drafts: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield the drafts in chunks, the same ones in every process."""
    chunk: list[Any] = []
    characters = 0
    for draft in drafts:
        chunk.append(draft)
        characters += sum(len(document.text) for document in getattr(draft, "documents", ()))
        if len(chunk) >= _DRAFTS or characters >= _CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk
