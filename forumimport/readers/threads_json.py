"""What the readers of JSON threads share: one object is one thread, a line or a file."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from forumimport.drafts import ThreadDraft, Unread, sha256_of
from forumimport.readers.base import BadRecord, Options, Reader, Source
from forumimport.readers.json_values import objects
from forumimport.readers.records import Record
from forumimport.readers.stated import StatedThread


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
                yield self.thread(record, values).draft(source, self.id)
            except BadRecord as error:
                yield Unread(record.locator, str(error))

    @abstractmethod
    def thread(self, record: Record, values: dict[str, Any]) -> StatedThread:
        """Return what the object states.

        Raises:
            BadRecord: it is no thread of this format.
        """


def stated_list(values: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects listed under a name.

    Raises:
        BadRecord: there is no such list, or it holds something else.
    """
    found = values.get(name)
    if not isinstance(found, list):
        raise BadRecord(f"It has no list “{name}”.")
    if not all(isinstance(one, dict) for one in found):
        raise BadRecord(f"Its list “{name}” holds something that is no object.")
    return found


def digest(record: Record) -> str:
    return sha256_of(record.content)
