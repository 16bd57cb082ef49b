"""Libraries that only training and evaluation use; the program runs without them."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class MissingLibrary(Exception):
    """A library is not installed; the message says how to get it."""


def library(name: str, *, extra: str) -> Any:
    """The module ``name``, or a refusal that names the ``extra`` that brings it."""
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise MissingLibrary(
            f"{package} is not installed; pip install 'forum-corpus[{extra}]' brings it."
        ) from error
