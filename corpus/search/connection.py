"""Which answerer speaks for a haystack connection."""

from __future__ import annotations

from typing import Any

from haystack import connections

from corpus.search.answers import Answerer
from corpus.search.scanning import Scanner


def answerer(alias: str, model: Any) -> Answerer:
    """Return what answers questions about ``model``: the backend's own answerer if it has one."""
    backend = connections[alias].get_backend()
    if hasattr(backend, "answerer"):
        own: Answerer = backend.answerer()
        return own
    return Scanner(alias, model)
