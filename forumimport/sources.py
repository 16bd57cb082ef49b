"""Files, folders and standard input as sources, read one at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from forumimport import conf, readers
from forumimport.importer import Failed
from forumimport.readers import Source

STDIN = "-"


def files(paths: Iterable[str]) -> Iterator[str]:
    """Yield the files that ``paths`` name: files as they are, folders recursively in order.

    From a folder only files whose ending a reader knows are taken, and nothing hidden; ``-``
    stands for standard input. What does not exist and folders that cannot be listed are yielded
    too: opening them tells.
    """
    for path in paths:
        if path != STDIN and Path(path).is_dir():
            yield from _walk(path)
        else:
            yield path


def opened(names: Iterable[str]) -> Iterator[Source | Failed]:
    """Read every named file, as a source or the reason why not."""
    for name in names:
        yield _open(name)


def printable(name: str) -> str:
    """Return a file name as text; bytes of it that are not in UTF-8 are written as ``\\xe9``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _walk(folder: str) -> Iterator[str]:
    known = readers.suffixes()
    unlisted: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=unlisted.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(parent, name)
            if name.startswith(".") or Path(name).suffix.lower() not in known:
                continue
            if not Path(path).is_fifo():  # Nobody may ever write to it.
                yield path
    yield from (error.filename for error in unlisted)


def _open(name: str) -> Source | Failed:
    # One byte more than is allowed shows that it is too much without reading all of it.
    limit = conf.max_document_bytes() + 1
    if name == STDIN:
        return Source("standard input", sys.stdin.buffer.read(limit))
    shown = printable(name)
    try:
        with open(name, "rb") as file:
            return Source(shown, file.read(limit))
    except FileNotFoundError:
        return Failed(
            shown, f"{shown} does not exist; name a file or folder, or - for standard input."
        )
    except OSError as error:
        return Failed(shown, f"{shown} cannot be read: {error.strerror}.")
