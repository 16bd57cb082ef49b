"""Annotations as files, there and back; redacted words leave masked, character for character."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import IO

from django.db.models import QuerySet

from corpus.errors import FileUnreadable
from corpus.exports.annotations import as_cas, as_csv, as_jsonl, as_web
from corpus.exports.annotations.anchors import Anchor, anchored
from corpus.exports.annotations.exported import exported
from corpus.models import Layer

#: Name → (ending of its files, media type, what it is called).
FORMATS = {
    "jsonl": ("jsonl", "application/jsonl", "JSON lines"),
    "csv": ("csv", "text/csv; charset=utf-8", "CSV"),
    "web": ("jsonld", "application/ld+json", "W3C Web Annotation"),
    "cas": ("zip", "application/zip", "UIMA CAS XMI"),
}
_LINES = {"jsonl": as_jsonl.write, "csv": as_csv.write, "web": as_web.write}
_READERS = {".csv": as_csv.read, ".jsonld": as_web.read, ".json": as_web.read}

__all__ = ["FORMATS", "Anchor", "anchored", "exported", "read", "write"]


def write(layers: QuerySet[Layer], format: str, stream: IO[bytes]) -> None:
    """Write the annotations of layers in one of :data:`FORMATS`."""
    if format == "cas":
        as_cas.write(layers, stream)
        return
    for line in _LINES[format](exported(layers)):
        stream.write(line.encode())


def read(name: str, content: bytes) -> Iterator[Anchor]:
    """Yield what a file says, told by the ending of its name.

    Raises:
        FileUnreadable: another ending, or not what the ending says.
    """
    reader = _READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise FileUnreadable(f"{name} ends in none of {', '.join(_READERS)}.")
    yield from reader(content.replace(b"\0", b""))
