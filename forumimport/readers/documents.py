"""JSON lines of documents, as web corpora are released: one thread text a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from forumimport.drafts import DocumentDraft, ThreadDraft, Unread, sha256_of
from forumimport.readers.base import BadRecord, Head, Options, Reader, Source
from forumimport.readers.json_values import objects
from forumimport.readers.records import Record
from forumimport.readers.values import checked, label, metadata

#: Names of fields where the user states none; the first that a record has is taken.
FIELDS = {
    "text": ("text", "content", "raw_content", "body"),
    "title": ("title",),
    "url": ("url", "id"),
    "language": ("language", "lang"),
}
#: Where objects hold the posts of a thread, so that they are no text of one.
_POSTS = (
    *("children", "comments", "replies", "posts", "answers", "descendants", "kids", "responses"),
    "messages",
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_TEXT_FIELD = re.compile(rb'^\s*[\[{].*?"(?:text|content|raw_content)"\s*:\s*"', re.DOTALL)


class DocumentsReader(Reader):
    id = "documents"
    title = "JSON lines of documents"
    suffixes = frozenset({".jsonl", ".ndjson"})

    def sniff(self, head: Head) -> float:
        return 0.3 if _TEXT_FIELD.match(head.start) else 0.0

    def read(self, source: Source, options: Options) -> Iterator[ThreadDraft | Unread]:
        names = {
            ours: (options.fields[ours],) if ours in options.fields else theirs
            for ours, theirs in FIELDS.items()
        }
        for found in objects(source, options.encoding):
            if isinstance(found, Unread):
                yield found
                continue
            record, values = found
            try:
                if "text" not in options.fields:
                    _refuse_posts(values)
                yield self._thread(source, record, values, names)
            except BadRecord as error:
                yield Unread(record.locator, str(error))

    def _thread(
        self, source: Source, record: Record, values: dict[str, Any], names: dict[str, Any]
    ) -> ThreadDraft:
        chosen = {
            ours: next((name for name in theirs if values.get(name)), theirs[0])
            for ours, theirs in names.items()
        }
        language = values.get(chosen["language"])
        stated = isinstance(language, str) and _LANGUAGE.fullmatch(language)
        document = DocumentDraft(
            text=_text(values, chosen["text"]),
            sha256=sha256_of(record.content),
            origin=source.origin,
            format=self.id,
            encoding="utf-8",
            locator=record.locator,
        )
        return ThreadDraft(
            documents=(document,),
            title=label(values.get(chosen["title"]), "title"),
            language=str(language) if stated else "",
            identifier=label(values.get(chosen["url"]), "address"),
            metadata=metadata(values, without=(chosen["text"], chosen["title"])),
        )


def _refuse_posts(values: dict[str, Any]) -> None:
    """Refuse an object of which only the first post would be read.

    Raises:
        BadRecord: there are posts in it.
    """
    for name in _POSTS:
        listed = values.get(name)
        if isinstance(listed, list) and any(isinstance(one, dict) for one in listed):
            raise BadRecord(
                f"It holds posts under “{name}” ({len(listed):,}), so it is no document of one "
                "text; say with --mapping where they are (the mapping nested-comments may fit), or "
                "name with --field text=NAME the field that is all you want."
            )


def _text(values: dict[str, Any], name: str) -> str:
    text = values.get(name)
    if text is None and name in values:
        raise BadRecord(f"Its field “{name}” holds nothing.")
    if text is None:
        shown = ", ".join(f"“{key[:30]}”" for key in list(values)[:10])
        raise BadRecord(
            f"It has no field “{name}”, only {shown or 'none at all'}; name the field of the text."
        )
    if not isinstance(text, str):
        raise BadRecord(f"Its field “{name}” is no text.")
    if not text.strip():
        raise BadRecord(f"Its field “{name}” is empty.")
    return checked(text, "text")
