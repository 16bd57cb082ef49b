"""Where a reader finds a corpus object: told by whoever shows the corpus."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Model

_address: Callable[[Model], str] | None = None


def show_at(address: Callable[[Model], str]) -> None:
    """Let ``address`` answer for collections, threads and utterances, without a query."""
    global _address
    _address = address


def address_of(row: Model) -> str:
    """Return the address of the page that shows ``row``, or an empty string if nothing does."""
    return _address(row) if _address else ""
