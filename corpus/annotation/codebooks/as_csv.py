"""Codebooks as a table: one line per code. Only the column ``name`` is needed.

``parent`` is the identity of the code above, or its name. The codebook's own name and its
guidelines have no place in a table.
"""

from __future__ import annotations

import csv
import io
import uuid

from corpus.annotation.codebooks.drafts import CodebookDraft, CodeDraft, checked
from corpus.errors import FileUnreadable

COLUMNS = [
    "name", "parent", "definition", "examples", "colour", "line", "key", "scope", "retired",
    "merged_into", "identity",
]  # fmt: skip


def write(draft: CodebookDraft) -> bytes:
    told = io.StringIO()
    table = csv.writer(told)
    table.writerow(COLUMNS)
    for code in draft.codes:
        values = {name: getattr(code, name) for name in COLUMNS}
        values["retired"] = "yes" if code.retired else ""
        table.writerow("" if values[name] is None else str(values[name]) for name in COLUMNS)
    return told.getvalue().encode()


def read(content: bytes) -> CodebookDraft:
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileUnreadable(f"This is no codebook in CSV (UTF-8): {error}.") from error
    if not rows or "name" not in rows[0]:
        raise FileUnreadable(
            f"A codebook in CSV needs a first line with “name”, and may have {', '.join(COLUMNS)}."
        )
    identities = [_identity(row.get("identity")) or uuid.uuid4() for row in rows]
    named = dict(zip((row["name"] for row in rows), identities, strict=True))
    codes = []
    for row, identity in zip(rows, identities, strict=True):
        above = (row.get("parent") or "").strip()
        codes.append(
            CodeDraft(
                row["name"] or "",
                identity,
                _identity(above) or named.get(above),
                row.get("definition") or "",
                row.get("examples") or "",
                row.get("colour") or "",
                row.get("line") or "",
                row.get("key") or "",
                row.get("scope") or "span",
                (row.get("retired") or "").lower() in ("yes", "true", "1"),
                _identity(row.get("merged_into")),
            )
        )
    return checked("", "", codes)


def _identity(value: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        return None
