"""A full index written by several processes, each its own share of the documents."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from django import db
from haystack.exceptions import SearchBackendError

from corpus.search.whoosh_backend import rebuilding
from corpus.search.whoosh_backend.storage import Index

Progress = Callable[[str, int, int], None]

#: Fewer documents than this are not worth a second process.
_SHARE = 2000


def written(backend: Any, room: Path, processes: int, progress: Progress) -> list[Index]:
    """Write all documents into folders of ``room`` and return the indexes there."""
    shares = _shares(backend, processes)
    if len(shares) == 1 or any(c.in_atomic_block for c in db.connections.all()):
        # In a transaction other processes would not see what this one sees.
        folder = room / "0"
        for share in shares:
            _write(backend, folder, share, lambda step: progress(*step))
        return [rebuilding.create(folder, backend.schema, backend.name)]
    db.connections.close_all()  # No process may speak through another's connection.
    context = multiprocessing.get_context("fork")
    running = {}
    for at, share in enumerate(shares):
        ours, theirs = context.Pipe(duplex=False)
        folder = room / str(at)
        process = context.Process(target=_work, args=(backend, folder, share, theirs), daemon=True)
        process.start()
        theirs.close()
        running[ours] = process
    _follow(running, progress)
    return [
        rebuilding.create(room / str(at), backend.schema, backend.name) for at in range(len(shares))
    ]


class Share(list[tuple[Any, Any, Any, int]]):
    """Of each model: the index, the first and last key (exclusive, none for open), all."""


def _shares(backend: Any, processes: int) -> list[Share]:
    unified = backend._unified
    indexes = [unified.get_index(model) for model in unified.get_indexed_models()]
    shares = [Share() for _ in range(max(processes, 1))]
    for index in indexes:
        rows = index.index_queryset(using=backend.connection_alias).order_by("pk")
        keys = rows.values_list("pk", flat=True)
        total = rows.count()
        parts = max(1, min(processes, total // _SHARE))
        edges = [keys[total * part // parts] for part in range(1, parts)]
        for share, first, last in zip(shares, [None, *edges], [*edges, None], strict=False):
            share.append((index, first, last, total))
    return [share for share in shares if share] or [Share()]


def _follow(running: dict[Connection, Any], progress: Progress) -> None:
    """Report what the processes report; when one fails, end the others."""
    done: dict[str, dict[Connection, int]] = {}
    try:
        while running:
            for connection in wait(list(running)):
                assert isinstance(connection, Connection)
                try:
                    message = connection.recv()
                except EOFError:
                    process = running.pop(connection)
                    process.join()
                    if process.exitcode:
                        raise SearchBackendError(
                            f"A process of the rebuild ended with {process.exitcode}; "
                            "the index is as it was."
                        ) from None
                    continue
                if isinstance(message, Exception):
                    raise message
                model, written, total = message
                done.setdefault(model, {})[connection] = written
                progress(model, sum(done[model].values()), total)
    finally:
        for process in running.values():
            process.terminate()
            process.join()


def _work(backend: Any, folder: Path, share: Share, report: Connection) -> None:
    # Where the first process runs an event loop, Django keeps connections of before it was
    # started apart, out of sight there and back here: another's, not to be spoken through.
    for inherited in db.connections.all(initialized_only=True):
        inherited.connection = None
    try:
        _write(backend, folder, share, report.send)
    except Exception as error:  # noqa: BLE001 — the first process raises it.
        report.send(SearchBackendError(f"The rebuild failed: {type(error).__name__}: {error}"))
    finally:
        db.connections.close_all()
        report.close()


def _write(
    backend: Any, folder: Path, share: Share, report: Callable[[tuple[str, int, int]], Any]
) -> None:
    writer = backend._open(rebuilding.create(folder, backend.schema, backend.name))
    # Millions of lists without a cycle among them: looking for one takes a fifth of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        for index, first, last, total in share:
            name = str(index.get_model()._meta.verbose_name_plural)
            count = 0
            report((name, count, total))
            for document in _documents(backend, index, first, last):
                writer.add(document)
                count += 1
                if count % 1000 == 0:
                    report((name, count, total))
            report((name, count, total))
        writer.commit_changes(merge=False)
    finally:
        if collecting:
            gc.enable()
        if not writer.is_closed:
            writer.cancel()


def _documents(backend: Any, index: Any, first: Any, last: Any) -> Iterator[dict[str, Any]]:
    """Yield a share's documents by batches of keys, so that no query reads all."""
    rows = index.index_queryset(using=backend.connection_alias).order_by("pk")
    if last is not None:
        rows = rows.filter(pk__lt=last)
    after = {} if first is None else {"pk__gte": first}
    while True:
        batch = list(rows.filter(**after)[: backend.batch_size or 1000])
        if not batch:
            return
        yield from backend.documents(index, batch)
        after = {"pk__gt": batch[-1].pk}
