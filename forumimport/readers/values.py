"""Values of a structured source as what a draft may hold: text without NUL or half characters."""

from __future__ import annotations

import json
import math
from collections.abc import Container, Mapping
from typing import Any

from forumimport.readers.base import BadRecord

#: Longest name, title or id that is no mistake of the source; what shows them cuts at 255.
LONGEST_NAME = 1000
#: Characters that a thread's further values take as JSON at most.
LONGEST_METADATA = 100_000


def checked(text: str, name: str) -> str:
    """Return ``text`` as it is.

    Raises:
        BadRecord: it holds what neither UTF-8 nor a database takes. It is not mended: the words
            would no longer be those of the source.
    """
    if "\0" in text:
        raise BadRecord(
            f"Its {name} holds a NUL (character {text.index(chr(0)) + 1}), so it is damaged."
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadRecord(
            f"Its {name} holds half a character, a lone surrogate (character {error.start + 1}), "
            "so it is damaged."
        ) from None
    return text


def words(value: Any, name: str) -> str:
    """Return a value that should be text; nothing, false and null are no text.

    >>> words("Ada", "author"), words(12, "id"), words(None, "id"), words(False, "reply")
    ('Ada', '12', '', '')

    Raises:
        BadRecord: it is a list, an object, or holds what no text may.
    """
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return checked(value, name)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # Tables made by machine turn ids into 12.0 where one is missing.
        return str(int(value)) if value.is_integer() else str(value)
    kind = "a list" if isinstance(value, list) else "an object"
    raise BadRecord(f"Its {name} is {kind}, not text.")


def label(value: Any, name: str) -> str:
    """Return a name, title or id on one line.

    Raises:
        BadRecord: it is no text, or longer than any.
    """
    found = " ".join(words(value, name).split())
    if len(found) > LONGEST_NAME:
        raise BadRecord(f"Its {name} is longer than {LONGEST_NAME:,} characters.")
    return found


def readable(name: str) -> str:
    """Return a name that is only shown, with what no database takes written in other signs."""
    return name.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


def metadata(record: Mapping[str, Any], *, without: Container[str] = ()) -> dict[str, Any]:
    """Return what else a record says, as JSON that any database takes; the rest is left out."""
    found: dict[str, Any] = {}
    size = 0
    for key, value in record.items():
        if key in without or value is None or value in ("", [], {}):
            continue
        length = _length(key, value)
        if length and size + length <= LONGEST_METADATA:
            found[key] = value
            size += length
    return found


def _length(key: str, value: Any) -> int:
    """Characters of a value as JSON, 0 if no database could hold it."""
    if isinstance(value, float) and not math.isfinite(value):
        return 0
    try:
        written = json.dumps({key: value}, ensure_ascii=False, allow_nan=False)
        checked(written, "value")
    except (ValueError, TypeError, RecursionError, BadRecord):
        return 0
    return 0 if r"\u0000" in written else len(written)
