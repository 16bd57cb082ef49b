"""Threads whose posts lie scattered over a source: sorted by thread first, then read one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from forumimport.drafts import ThreadDraft, Unread, sha256_of
from forumimport.readers.base import BadRecord, Source
from forumimport.readers.grouping import broken_off_later, grouped
from forumimport.readers.records import Record
from forumimport.readers.stated import StatedThread
from forumimport.readers.values import readable

#: A record with the name of its thread, or one that cannot be read.
Placed = tuple[str, Record] | Unread
#: What the records of one thread state; None if there is no post among them.
Gather = Callable[[str, Sequence[Record]], StatedThread | None]


#: Reading and sorting posts takes about so much of the time that they take till they are stored.
_SORTING = 0.15


def threads(
    source: Source, format: str, placed: Iterable[Placed], gather: Gather
) -> Iterator[ThreadDraft | Unread]:
    """Yield the records that belong nowhere, then the threads by the place of their first record.

    Where ``placed`` breaks off, the threads before that place are yielded all the same.

    Raises:
        Unreadable: there is no room to sort them, or ``placed`` broke off.
    """
    with grouped() as groups, broken_off_later() as upto_break:
        source.meter.share(_SORTING)
        for one in upto_break(placed):
            if isinstance(one, Unread):
                yield one
            else:
                groups.add(*one)
        source.meter.share(1.0, of=groups.total)
        for group in groups.threads():
            source.meter.at(groups.given)
            if isinstance(group, Unread):
                yield group
                continue
            try:
                stated = gather(*group)
            except BadRecord as error:
                yield Unread(place_of(group[0]), str(error))
                continue
            if stated is not None:
                yield stated.draft(source, format)


def place_of(name: str) -> str:
    return f"thread {readable(name)}"


def digest(records: Iterable[Record]) -> str:
    return sha256_of(b"".join(record.content for record in records))
