"""Results of 4CAT: its CSV, or the NDJSON that it keeps, where that has 4CAT's own fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forumimport.drafts import ThreadDraft, Unread
from forumimport.readers import scattered
from forumimport.readers.base import BadRecord, Head, Options, Source
from forumimport.readers.json_values import objects, parsed
from forumimport.readers.ordering import ordered
from forumimport.readers.records import Record, taken, told
from forumimport.readers.stated import Stated, StatedThread, drafted
from forumimport.readers.tables import TableReader
from forumimport.readers.values import label

#: Fields of 4CAT, by what they hold.
FIELDS = {
    "text": "body",
    "thread": "thread_id",
    "title": "subject",
    "id": "id",
    "author": "author",
    "date": "timestamp",
    "reply_to": "parent_id",
}


class FourcatReader(TableReader):
    id = "4cat"
    title = "4CAT results"
    suffixes = frozenset({".csv", ".ndjson"})
    columns: Mapping[str, tuple[str, ...]] = {ours: (theirs,) for ours, theirs in FIELDS.items()}

    def sniff(self, head: Head) -> float:
        if _is_json(head.start):
            told = b'"__import_meta"' in head.start or (
                b'"thread_id"' in head.start
                and b'"body"' in head.start
                and b'"timestamp"' in head.start
            )
            return 0.85 if told else 0.0
        first = head.start.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("latin-1")
        names = {name.strip(' "\r') for name in first.split(",")}
        return 0.85 if {"id", "thread_id", "author", "body", "timestamp"} <= names else 0.0

    def read(self, source: Source, options: Options) -> Iterator[ThreadDraft | Unread]:
        with told(source), source.stream() as stream:
            json = _is_json(taken(stream, 1024))
        if not json:
            yield from super().read(source, options)
            return

        def gather(name: str, records: Sequence[Record]) -> StatedThread:
            return _thread(name, records, options)

        yield from scattered.threads(source, self.id, _placed(source, options), gather)


def _is_json(start: bytes) -> bool:
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _placed(source: Source, options: Options) -> Iterator[scattered.Placed]:
    for found in objects(source, options.encoding):
        if isinstance(found, Unread):
            yield found
            continue
        record, values = found
        try:
            name = label(_field(values, "thread", options), "thread's name")
            if not name:
                raise BadRecord("It does not say which thread it is of.")
            if _field(values, "text", options) is None:
                raise BadRecord(f"It has no field “{_name('text', options)}” with its words.")
            yield name, record
        except BadRecord as error:
            yield Unread(record.locator, str(error))


def _thread(name: str, records: Sequence[Record], options: Options) -> StatedThread:
    every = [(record.locator, parsed(record.content, options.encoding)) for record in records]
    posts, problems = drafted(
        Stated(
            text=_field(values, "text", options),
            identifier=_field(values, "id", options),
            author=_field(values, "author", options),
            date=_field(values, "date", options),
            reply_to=_field(values, "reply_to", options),
            place=place,
        )
        for place, values in every
    )
    titles = (_field(values, "title", options) for _place, values in every)
    return StatedThread(
        ordered(posts, options.order),
        sha256=scattered.digest(records),
        locator=scattered.place_of(name),
        title=next(filter(None, titles), None),
        identifier=name,
        problems=problems,
    )


def _name(ours: str, options: Options) -> str:
    return options.fields.get(ours, FIELDS[ours])


def _field(values: dict[str, Any], ours: str, options: Options) -> Any:
    return values.get(_name(ours, options))
