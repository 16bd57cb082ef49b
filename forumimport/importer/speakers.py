"""The writers that a batch of threads names, found or made in their order of appearance."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.models import Collection, Speaker
from forumimport.importer import fitting

#: Handles in one SQL condition.
_CHUNK = 500
_LENGTH: int = Speaker._meta.get_field("handle").max_length or 255


class Speakers:
    """Speakers of one collection by the handle that a source gives."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._met: dict[str, tuple[int, str]] = {}

    def meet(self, handles: Iterable[str]) -> None:
        """Find these speakers, and make those that are new."""
        wanted = list(dict.fromkeys(filter(None, map(fitted, handles))))
        self._find(wanted)
        new = [handle for handle in wanted if handle not in self._met]
        Speaker.objects.bulk_create(
            (Speaker(collection=self._collection, handle=handle) for handle in new),
            batch_size=_CHUNK // 2,
            ignore_conflicts=True,  # Another process may have met them meanwhile.
        )
        self._find(new)

    def key(self, handle: str) -> int | None:
        return self._met[fitted(handle)][0] if handle and fitted(handle) else None

    def name(self, handle: str) -> str:
        """Return the name to show, empty for nobody."""
        return self._met[fitted(handle)][1] if handle and fitted(handle) else ""

    def _find(self, handles: list[str]) -> None:
        for at in range(0, len(handles), _CHUNK):
            found = Speaker.objects.filter(
                collection=self._collection, handle__in=handles[at : at + _CHUNK]
            )
            for key, handle, pseudonym in found.values_list("pk", "handle", "pseudonym"):
                self._met[handle] = (key, pseudonym or handle)


def fitted(handle: str) -> str:
    """Return the handle as it is kept."""
    return fitting.text(handle.strip()[:_LENGTH])
