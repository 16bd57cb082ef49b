"""Other names for a collection's speakers: the same for the same handle, and not to be guessed.

A pseudonym is made from the handle with the collection's secret key, so it is the same whenever it
is made. Handles stay stored, for those who may see behind pseudonyms.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from corpus import access
from corpus.curation.base import thread_changed
from corpus.curation.touched import EVERYTHING
from corpus.errors import OperationRefused
from corpus.models import Collection, CurationEvent, PseudonymKey, Speaker, Thread
from corpus.models.pseudonyms import pseudonym_of


def shown_as(collection: Collection, handle: str) -> str:
    """Return the name under which a handle is shown in the collection."""
    key = PseudonymKey.objects.filter(collection=collection, on=True).first()
    return pseudonym_of(key.key, handle) if key and handle else handle


def handle_of(thread: Thread, name: str, user: Any) -> str:
    """Return the handle that a curator means by a name: that behind it if it is a pseudonym.

    Raises:
        OperationRefused: the name is no pseudonym where these are shown, and the user may not see
            behind them: whoever may try names out learns whose pseudonym is whose.
    """
    if not name:
        return name
    speaker = Speaker.objects.filter(collection=thread.collection_id, pseudonym=name).first()
    if speaker:
        return speaker.handle
    shown = PseudonymKey.objects.filter(collection=thread.collection_id, on=True)
    if shown.exists() and not user.has_perm(access.REVERSE):
        raise OperationRefused(
            _(
                "Speakers bear pseudonyms here: choose one of these, or ask someone who may see "
                "behind them."
            )
        )
    return name


def switch(collection: Collection, on: bool, user: Any = None) -> Iterator[Thread]:
    """Show the collection's speakers by pseudonyms, or by their handles again.

    Yields each thread once its posts show it: to be gone through to the end.

    Raises:
        OperationRefused: the user may not, or it is so already.
    """
    if user is not None and not (
        user.has_perm(access.REVERSE) and collection.pk not in access.closed(user)
    ):
        raise OperationRefused(_("You may not switch the pseudonyms of this collection."))
    with transaction.atomic():
        key, _made = PseudonymKey.objects.select_for_update().get_or_create(collection=collection)
        if key.on == on:
            told = (
                _("Speakers of “%(collection)s” bear pseudonyms already.")
                if on
                else _("Speakers of “%(collection)s” bear their own names already.")
            )
            raise OperationRefused(told % {"collection": collection})
        key.on = on
        key.save()
        _rename(key)
    for thread in Thread.objects.filter(collection=collection).order_by("pk"):
        thread_changed.send(sender=Thread, thread=thread, touched=EVERYTHING)
        yield thread


def _rename(key: PseudonymKey) -> None:
    speakers = list(Speaker.objects.filter(collection=key.collection_id))
    for speaker in speakers:
        speaker.pseudonym = pseudonym_of(key.key, speaker.handle) if key.on else ""
    Speaker.objects.bulk_update(speakers, ["pseudonym"], batch_size=500)
    _retell(key, speakers)


def _retell(key: PseudonymKey, speakers: list[Speaker]) -> None:
    """Let the history's lines about speakers say what is shown now."""
    names = {
        (speaker.handle, pseudonym_of(key.key, speaker.handle))[:: 1 if key.on else -1]
        for speaker in speakers
    }
    events = CurationEvent.objects.filter(
        thread__collection=key.collection_id,
        operation__in=("assign-speaker", "rename-speaker", "undo"),
    )
    for event in events.defer("changes"):
        before = event.summary
        for old, new in sorted(names, key=lambda pair: -len(pair[0])):
            event.summary = event.summary.replace(f"“{old}”", f"“{new}”")
        if event.summary != before:
            event.save(update_fields=["summary"])
