"""Values of the reference site from environment variables, with one clear sentence if wrong."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def flag(name: str) -> bool:
    """Return whether ``name`` is switched on; off where it is not set."""
    value = os.environ.get(name, "").strip().lower()
    if value not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name} is {value!r}; use 1 or 0.")
    return value in _TRUE


def names(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def secret_key(data: Path) -> str:
    """Return ``CORPUS_SECRET_KEY``, or the key that ``make run`` generated in the data folder.

    Raises:
        ImproperlyConfigured: there is neither; a site must not start with a known key.
    """
    key = os.environ.get("CORPUS_SECRET_KEY", "")
    file = data / "secret-key"
    if not key and file.exists():
        key = file.read_text(encoding="utf-8").strip()
    if not key:
        raise ImproperlyConfigured(
            f"No secret key: set CORPUS_SECRET_KEY, or let `make run` generate one in {file}."
        )
    return key
