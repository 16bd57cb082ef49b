"""The writers that a batch of threads names, found or made in their order of appearance."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.models import Collection, PseudonymKey, Speaker
from forumimport.importer import fitting

#: Handles in one SQL condition.
_CHUNK = 500
_LENGTH: int = Speaker._meta.get_field("handle").max_length or 255


class Speakers:
    """Speakers of one collection by the handle that a source gives."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        #: Whether nobody is to learn of handles; addresses of profiles hold them.
        self.pseudonymous = PseudonymKey.objects.filter(collection=collection, on=True).exists()
        self._known: dict[str, tuple[int, str]] = {}
        self._met: dict[str, tuple[int | None, str]] = {"": (None, "")}

    def meet(self, handles: Iterable[str]) -> None:
        """Find these speakers, and make those that are new."""
        met = {handle: fitted(handle) for handle in handles}
        wanted = list(dict.fromkeys(filter(None, met.values())))
        self._find(wanted)
        new = [handle for handle in wanted if handle not in self._known]
        Speaker.objects.bulk_create(
            (Speaker(collection=self._collection, handle=handle) for handle in new),
            batch_size=_CHUNK // 2,
            ignore_conflicts=True,  # Another process may have met them meanwhile.
        )
        self._find(new)
        self._met |= {handle: self._known.get(kept, (None, "")) for handle, kept in met.items()}

    def key(self, handle: str) -> int | None:
        return self._met[handle][0]

    def name(self, handle: str) -> str:
        """Return the name to show, empty for nobody."""
        return self._met[handle][1]

    def _find(self, handles: list[str]) -> None:
        for at in range(0, len(handles), _CHUNK):
            found = Speaker.objects.filter(
                collection=self._collection, handle__in=handles[at : at + _CHUNK]
            )
            for key, handle, pseudonym in found.values_list("pk", "handle", "pseudonym"):
                self._known[handle] = (key, pseudonym or handle)


def fitted(handle: str) -> str:
    """Return the handle as it is kept."""
    return fitting.text(handle.strip()[:_LENGTH])
