"""Word lists and weights as JSON files, read once each; none holds text of any thread."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> Any:
    """The content of ``name``, without ".json".

    >>> load("labels")["quote"][0]
    'quote'
    """
    return json.loads((files(__name__) / f"{name}.json").read_text(encoding="utf-8"))


@cache
def labels(kind: str) -> frozenset[str]:
    """The words of one kind that programs put around names and dates, case folded.

    >>> "re" in labels("answers")
    True
    """
    return frozenset(load("labels")[kind])
