"""Uploaded files between upload and import: in a folder of their own, known by their rows."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from corpus.errors import CorpusError
from forumimport import conf, stating
from forumimport.models import ImportRun, StagedFile
from forumimport.sources import Container

#: Uploads that nobody confirmed, and those of imports that broke off, are let go after this time.
_KEPT = timedelta(days=1)
_AT_WORK = (ImportRun.State.WAITING, ImportRun.State.RUNNING)


class NoRoom(CorpusError):
    """An upload cannot be kept; the message says what to do."""


def keep(run: ImportRun, files: Iterable[tuple[str, Iterable[bytes]]]) -> None:
    """Keep named files, given in pieces, until the run is imported or let go.

    Raises:
        NoRoom: they cannot be written.
    """
    rows = []
    try:
        folder = _folder()
        for name, pieces in files:
            row = StagedFile(run=run, name=name[-255:], kept=uuid.uuid4().hex)
            rows.append(row)
            # Nobody else on the machine may read what nobody has decided on yet.
            with os.fdopen(os.open(folder / row.kept, _NEW, 0o600), "wb") as file:
                row.size = sum(map(file.write, pieces))
    except OSError as error:
        _remove(rows)
        raise NoRoom(
            f"The upload cannot be kept in {conf.upload_folder()} ({error.strerror}); make room "
            "there, or name another folder in CORPUS_UPLOAD_FOLDER."
        ) from error
    StagedFile.objects.bulk_create(rows)


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def containers(run: ImportRun) -> list[Container]:
    """Return the run's files as they are read."""
    choice, folder = stating.choice_of(run.arguments), Path(conf.upload_folder())
    return [
        Container(str(folder / row.kept), choice, called=row.name)
        for row in run.staged.order_by("pk")
    ]


def let_go(rows: QuerySet[StagedFile]) -> None:
    """Forget uploaded files, and remove them once that is certain."""
    gone = list(rows)
    rows.delete()
    transaction.on_commit(lambda: _remove(gone))


def let_go_stale() -> None:
    """Let go what has been waiting for too long."""
    stale = timezone.now() - _KEPT
    old = StagedFile.objects.filter(run__started__lt=stale)
    let_go(old.exclude(run__state__in=_AT_WORK))
    ImportRun.objects.filter(state=ImportRun.State.PREVIEW, started__lt=stale).delete()


def _folder() -> Path:
    folder = Path(conf.upload_folder())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _remove(rows: Iterable[StagedFile]) -> None:
    for row in rows:
        with suppress(FileNotFoundError):
            (Path(conf.upload_folder()) / row.kept).unlink()
