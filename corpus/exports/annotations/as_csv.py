"""Annotations as a table, there and back.

A cell that a spreadsheet would take for a formula is written behind an apostrophe, which reading
takes off again.
"""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields

from corpus.errors import FileUnreadable
from corpus.exports.annotations.anchors import Anchor
from corpus.exports.annotations.exported import Exported

COLUMNS = [field.name for field in fields(Exported)]
_NEEDED = {"source", "start", "end", "code"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def write(rows: Iterable[Exported]) -> Iterator[str]:
    yield _line(COLUMNS)
    for row in rows:
        yield _line([_cell(value) for value in asdict(row).values()])


def read(content: bytes) -> Iterator[Anchor]:
    """Yield what a table says; columns other than source, start, end and code may be missing."""
    try:
        told = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        if not set(told.fieldnames or ()) >= _NEEDED:
            raise FileUnreadable(
                f"A table of annotations needs the columns {', '.join(sorted(_NEEDED))}."
            )
        for row in told:
            yield _anchor(told.line_num, {name: _said(row.get(name)) for name in COLUMNS})
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileUnreadable(f"This is no table of annotations (CSV, UTF-8): {error}.") from error


def _anchor(line: int, row: dict[str, str]) -> Anchor:
    try:
        return Anchor(
            line,
            row["source"],
            int(row["start"]),
            int(row["end"]),
            row["exact"],
            row["prefix"],
            row["suffix"],
            row["code"],
            uuid.UUID(row["identity"]) if row["identity"] else None,
            row["scope"] or "span",
            row["note"],
            row["unsure"].lower() in ("true", "yes", "1"),
            uuid.UUID(row["guid"]) if row["guid"] else None,
        )
    except ValueError as error:
        raise FileUnreadable(f"Line {line} of the table cannot be read: {error}.") from error


def _cell(value: object) -> str:
    said = str(value)
    return f"'{said}" if said.startswith(_FORMULA) else said


def _said(value: str | None) -> str:
    said = value or ""
    return said[1:] if said.startswith("'") else said


def _line(cells: list[str]) -> str:
    told = io.StringIO(newline="")
    csv.writer(told).writerow(cells)
    return told.getvalue()
