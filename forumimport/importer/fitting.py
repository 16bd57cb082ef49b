"""What a source states, as far as a column can hold it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db.models import Model

#: Characters of JSON that are kept of a thread's further statements.
_METADATA = 64 * 1024


def text(value: str) -> str:
    """Return the text without what no database holds: NULs and half characters."""
    if value.isascii() and "\0" not in value:
        return value
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def identifier(name: str, model: type[Model]) -> str:
    """Return a name as the model's column keeps it; of long ones the end is told by a digest."""
    if not name:
        return ""
    name = text(name)
    length: int = model._meta.get_field("identifier").max_length  # type: ignore[union-attr,assignment]
    if len(name) <= length:
        return name
    return f"{name[: length - 65]}…{hashlib.sha256(name.encode()).hexdigest()}"


def metadata(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return the statements as JSON has them; what is no JSON as text, too long ones not at all."""
    if not stated:
        return {}
    # Escaped, so that what no database holds shows: as text, not as a character.
    written = json.dumps(stated, default=str, ensure_ascii=True)
    written = written.replace("\\u0000", "\\ufffd")
    if len(written) > _METADATA:
        return {"left out": f"{len(written)} characters of JSON"}
    kept: dict[str, Any] = json.loads(written)
    try:
        json.dumps(kept, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        kept = json.loads(text(json.dumps(kept, ensure_ascii=False)))
    return kept
