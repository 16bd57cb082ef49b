"""Any JSON whose form a mapping describes (see :mod:`forumimport.readers.mapping`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from forumimport.drafts import ThreadDraft, Unread
from forumimport.readers import mapping, nested, scattered
from forumimport.readers.base import BadRecord, Head, Options, Reader, Source, Unreadable
from forumimport.readers.json_values import objects, parsed
from forumimport.readers.mapping import ThreadMapping, found
from forumimport.readers.ordering import SOURCE, ordered
from forumimport.readers.records import Record, taken, told
from forumimport.readers.stated import Stated, StatedThread, drafted
from forumimport.readers.threads_json import digest
from forumimport.readers.values import label


class MappedReader(Reader):
    id = "mapped"
    title = "JSON of any form, by a mapping"
    suffixes = frozenset({".json", ".jsonl", ".ndjson"})

    def sniff(self, head: Head) -> float:
        if not _is_json(head.start):
            return 0.0
        # JSON of a form that nobody knows is still no thread text.
        return 0.9 if _shipped(head.start) else 0.2 if b'"' in head.start else 0.0

    def read(self, source: Source, options: Options) -> Iterator[ThreadDraft | Unread]:
        if options.mapping is not None:
            chosen: ThreadMapping | None = ThreadMapping.of(options.mapping)
        else:
            with told(source), source.stream() as stream:
                head = taken(stream, 64 * 1024)
            if not _is_json(head):
                raise Unreadable(
                    f"{source.origin} is no JSON, which begins with a brace or a bracket; leave "
                    "its format to be told, or name another."
                )
            chosen = _shipped(head)
        if chosen is None:
            raise Unreadable(
                f"{source.origin} is JSON of a form that no reader knows; describe it in a mapping."
            )
        if chosen.scattered:
            yield from self._scattered(source, options, chosen)
            return
        for item in objects(source, options.encoding):
            if isinstance(item, Unread):
                yield item
                continue
            record, values = item
            try:
                yield _thread(chosen, record, values).draft(source, self.id)
            except BadRecord as error:
                yield Unread(record.locator, str(error))

    def _scattered(
        self, source: Source, options: Options, chosen: ThreadMapping
    ) -> Iterator[ThreadDraft | Unread]:
        def gather(name: str, records: Sequence[Record]) -> StatedThread | None:
            return _gathered(chosen, name, records, options)

        placed = _placed(source, options, chosen)
        yield from scattered.threads(source, self.id, placed, gather)


def _is_json(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _shipped(head: bytes) -> ThreadMapping | None:
    return next((one for one in mapping.shipped().values() if one.tells(head)), None)


def _thread(chosen: ThreadMapping, record: Record, values: dict[str, Any]) -> StatedThread:
    listed = found(chosen.thread, "posts", values)
    if not isinstance(listed, list):
        raise BadRecord("The mapping's posts find no list in it.")
    # A post has two braces at least.
    every = nested.walked(chosen, listed, most=len(record.content) // 2)
    stated = [_stated(chosen, post, above=above) for post, above in _sequence(chosen, every)]
    posts, problems = drafted(stated)
    return StatedThread(
        posts,
        sha256=digest(record),
        locator=record.locator,
        title=found(chosen.thread, "title", values),
        identifier=found(chosen.thread, "id", values),
        language=_language(found(chosen.thread, "language", values)),
        problems=problems,
    )


def _placed(source: Source, options: Options, chosen: ThreadMapping) -> Iterator[scattered.Placed]:
    for item in objects(source, options.encoding):
        if isinstance(item, Unread):
            yield item
            continue
        record, values = item
        try:
            name = label(found(chosen.thread, "id", values), "thread's name")
            post = found(chosen.post, "text", values) is not None
        except BadRecord as error:
            yield Unread(record.locator, str(error))
            continue
        if name:
            yield name, record
        elif post:
            yield Unread(record.locator, "It does not say which thread it is of.")


def _gathered(
    chosen: ThreadMapping, name: str, records: Sequence[Record], options: Options
) -> StatedThread | None:
    """The thread that scattered records make up; None if there is not one post among them."""
    every = [(record.locator, parsed(record.content, options.encoding)) for record in records]
    texts = [(place, one) for place, one in every if found(chosen.post, "text", one) is not None]
    if not texts:
        return None  # Of a board, or of a thread whose posts are elsewhere.
    in_order = _sequence(chosen, ((one, place) for place, one in texts))
    stated = [_stated(chosen, one, place) for one, place in in_order]
    posts, problems = drafted(stated)
    usual = SOURCE if "order" in chosen.post else "time"
    titles = (found(chosen.thread, "title", one) for _place, one in every)
    return StatedThread(
        ordered(posts, options.order, usual=usual),
        sha256=scattered.digest(records),
        locator=scattered.place_of(name),
        title=next(filter(None, titles), None),
        identifier=name,
        language=_language(found(chosen.thread, "language", every[0][1])),
        problems=problems,
    )


def _stated(chosen: ThreadMapping, post: Any, place: str = "", *, above: Any = None) -> Stated:
    return Stated(
        text=found(chosen.post, "text", post),
        identifier=found(chosen.post, "id", post),
        author=found(chosen.post, "author", post),
        date=found(chosen.post, "date", post),
        reply_to=found(chosen.post, "reply_to", post) or above,
        html=bool(found(chosen.post, "html", post)),
        place=place,
    )


def _sequence(chosen: ThreadMapping, posts: Iterable[tuple[Any, Any]]) -> Iterable[tuple[Any, Any]]:
    """Posts, each with what is known of it, by the mapping's order: numbers before words, what has
    none at its place's end."""
    if "order" not in chosen.post:
        return posts
    places = count()

    def key(known: tuple[Any, Any]) -> tuple[int, float, str, int]:
        value = found(chosen.post, "order", known[0])
        place = next(places)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return 0, float(value), "", place
        return (1, 0.0, value, place) if isinstance(value, str) else (2, 0.0, "", place)

    return sorted(posts, key=key)


def _language(value: Any) -> str:
    return value[:16] if isinstance(value, str) else ""
