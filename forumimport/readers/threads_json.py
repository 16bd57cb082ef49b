"""What the readers of JSON threads share: one object is one thread, a line or a file."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from forumimport.drafts import ThreadDraft, Unread, sha256_of
from forumimport.readers.base import BadRecord, Options, Reader, Source
from forumimport.readers.json_values import objects
from forumimport.readers.records import Record
from forumimport.readers.stated import StatedThread

_NO_OBJECT = "It is no JSON object in braces."


class ThreadsJsonReader(Reader):
    """Reads objects that are threads; a subclass says what one states."""

    suffixes = frozenset({".json", ".jsonl", ".ndjson"})

    def read(self, source: Source, options: Options) -> Iterator[ThreadDraft | Unread]:
        for found in objects(source, options.encoding):
            if isinstance(found, Unread):
                yield found
                continue
            record, values = found
            try:
                stated = self.thread(record, values)
                problems = (*_no_objects(values), *stated.problems)
                yield replace(stated, problems=problems).draft(source, self.id)
            except BadRecord as error:
                yield Unread(record.locator, str(error))

    @abstractmethod
    def thread(self, record: Record, values: dict[str, Any]) -> StatedThread:
        """Return what the object states.

        Raises:
            BadRecord: it is no thread of this format.
        """


def stated_list(values: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects listed under a name; what else the list holds, :meth:`read` reports.

    Raises:
        BadRecord: there is no such list.
    """
    found = values.get(name)
    if not isinstance(found, list):
        raise BadRecord(f"It has no list “{name}”.")
    return [one for one in found if isinstance(one, dict)]


def _no_objects(values: dict[str, Any]) -> Iterator[Unread]:
    """Yield what stands in lists of posts, or of comments below them, and is no object."""
    stream = values.get("post_stream")
    for holder in (values, stream if isinstance(stream, dict) else {}):
        for place, post in _listed(holder):
            if not isinstance(post, dict):
                yield Unread(place, _NO_OBJECT)
                continue
            for below, comment in _listed(post):
                if not isinstance(comment, dict):
                    yield Unread(f"{place}, {below}", _NO_OBJECT)


def _listed(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in ("posts", "comments"):
        found = values.get(name)
        for number, one in enumerate(found if isinstance(found, list) else (), 1):
            yield f"entry {number} of its {name}", one


def digest(record: Record) -> str:
    return sha256_of(record.content)
