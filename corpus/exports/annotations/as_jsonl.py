"""Annotations as JSON lines: all that an export tells, one annotation a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from corpus.exports.annotations.exported import Exported


def write(rows: Iterable[Exported]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(asdict(row), ensure_ascii=False, default=str) + "\n"
