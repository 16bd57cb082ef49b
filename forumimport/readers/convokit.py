"""ConvoKit corpora: a folder with utterances.jsonl and what is said of their conversations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import ijson

from forumimport.drafts import ThreadDraft, Unread
from forumimport.readers import scattered
from forumimport.readers.base import BadRecord, Head, Options, Reader, Source, Unreadable
from forumimport.readers.json_values import objects, parsed
from forumimport.readers.ordering import ordered
from forumimport.readers.records import Record, told
from forumimport.readers.stated import Stated, StatedThread, drafted
from forumimport.readers.values import label, metadata

UTTERANCES = "utterances.jsonl"
CONVERSATIONS = "conversations.json"
_TITLES = ("title", "subject", "name", "page_title")


class ConvokitReader(Reader):
    id = "convokit"
    title = "ConvoKit corpora"
    suffixes = frozenset({".jsonl"})

    def sniff(self, head: Head) -> float:
        if UTTERANCES in head.folder:
            return 1.0
        names = (b'"speaker"', b'"user"')
        told = b'"conversation_id"' in head.start or b'"root"' in head.start
        return 0.8 if told and b'"text"' in head.start and any(
            name in head.start for name in names
        ) else 0.0  # fmt: skip

    def read(self, source: Source, options: Options) -> Iterator[ThreadDraft | Unread]:
        folder = source.path if source.path and source.path.is_dir() else None
        if folder and not (folder / UTTERANCES).is_file():
            raise Unreadable(f"{source.origin} is no ConvoKit corpus: it has no {UTTERANCES}.")
        file = replace(source, path=folder / UTTERANCES) if folder else source

        def placed() -> Iterator[scattered.Placed]:
            yield from _utterances(file, options)
            if folder and (folder / CONVERSATIONS).is_file():
                yield from _conversations(source, folder / CONVERSATIONS)

        def gather(name: str, records: Sequence[Record]) -> StatedThread | None:
            return _thread(name, records, options)

        yield from scattered.threads(source, self.id, placed(), gather)


def _utterances(source: Source, options: Options) -> Iterator[scattered.Placed]:
    for found in objects(source, options.encoding):
        if isinstance(found, Unread):
            yield found
            continue
        record, values = found
        try:
            name = label(values.get("conversation_id") or values.get("root"), "conversation")
        except BadRecord as error:
            yield Unread(record.locator, str(error))
            continue
        if name:
            yield name, record
        else:
            yield Unread(record.locator, "It does not say which conversation it is of.")


def _conversations(source: Source, path: Path) -> Iterator[scattered.Placed]:
    """Put what is said of each conversation with its utterances; it may be a large file."""
    with told(source), path.open("rb") as file:
        try:
            for name, values in ijson.kvitems(file, "", use_float=True):
                said = values.get("meta") if isinstance(values, dict) else None
                if isinstance(said, dict) and _is_name(name):
                    yield name, Record(json.dumps(said).encode(), CONVERSATIONS)
        except (ijson.JSONError, UnicodeError, ValueError, RecursionError) as error:
            reason = f"What it says of conversations is no valid JSON ({error})."
            yield Unread(CONVERSATIONS, reason, lost=False)


def _is_name(name: str) -> bool:
    try:
        return bool(label(name, "conversation"))
    except BadRecord:
        return False  # Then no utterance bears it.


def _thread(name: str, records: Sequence[Record], options: Options) -> StatedThread | None:
    utterances = [record for record in records if record.locator != CONVERSATIONS]
    if not utterances:
        return None  # A conversation without a word.
    said = [parsed(record.content) for record in records if record.locator == CONVERSATIONS]
    posts, problems = drafted(
        _stated(record.locator, parsed(record.content, options.encoding)) for record in utterances
    )
    about = said[0] if said else {}
    return StatedThread(
        ordered(posts, options.order),
        sha256=scattered.digest(utterances),
        locator=scattered.place_of(name),
        title=next((about[key] for key in _TITLES if isinstance(about.get(key), str)), None),
        identifier=name,
        metadata=metadata(about, without=_TITLES),
        problems=problems,
    )


def _stated(place: str, values: dict[str, Any]) -> Stated:
    speaker = values.get("speaker", values.get("user"))
    return Stated(
        text=values.get("text"),
        identifier=values.get("id"),
        author=speaker.get("id") if isinstance(speaker, dict) else speaker,
        date=values.get("timestamp"),
        # The library writes "reply-to", its documentation says "reply_to"; it reads both.
        reply_to=values.get("reply-to", values.get("reply_to")),
        place=place,
    )
