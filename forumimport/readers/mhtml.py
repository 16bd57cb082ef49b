"""Pages that browsers saved with their pictures as one file (MHTML, RFC 2557): the page of each."""

from __future__ import annotations

import re
from dataclasses import replace

from forumimport.readers import messages
from forumimport.readers.base import BadRecord
from forumimport.readers.records import Record
from forumimport.readers.values import readable

SUFFIXES = (".mhtml", ".mht")
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,60}:")
#: What tells such a file from a letter, which has parts of the same kind.
_SAVED = re.compile(
    rb"^(?:snapshot-content-location:|from:[ \t]*\"?<?saved by\b)", re.IGNORECASE | re.MULTILINE
)
_LONGEST_ADDRESS = 1000
_NO_PAGE = "It is a page saved with its pictures (MHTML), but no page is in it; save it anew."


def begins(start: bytes) -> bool:
    """Whether a file that begins like this is one."""
    head = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    return _HEADER.match(head) is not None and _SAVED.search(head) is not None


def unpacked(record: Record) -> Record:
    """Return the page of a file that is one, placed at the address that it was saved from; any
    other file as it is.

    Raises:
        BadRecord: it holds no page, or is too much to take apart.
    """
    if not begins(record.content):
        return record
    message = messages.parsed(record.content)
    try:
        parts = [part for part in message.walk() if part.get_content_type() == "text/html"]
        page = parts[0].get_payload(decode=True) if parts else None
        if not isinstance(page, bytes):
            raise BadRecord(_NO_PAGE)
        address = message["Snapshot-Content-Location"] or parts[0]["Content-Location"] or ""
        encoding = parts[0].get_content_charset() or ""
    except messages.BROKEN:
        raise BadRecord(_NO_PAGE) from None
    place = readable("".join(str(address).split()))
    if not place.startswith(("http://", "https://")) or len(place) > _LONGEST_ADDRESS:
        place = record.locator
    return replace(record, content=page, locator=place, encoding=encoding)
