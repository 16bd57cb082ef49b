"""Who may do what to which collection: asked by every admin page, query and operation."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from corpus.models import Collection, CollectionGroup, PseudonymKey, Thread

CURATE = "corpus.curate_thread"
CURATE_MANY = "corpus.curate_many"
REDACT = "corpus.redact_text"
PURGE = "corpus.purge_text"
REVERSE = "corpus.reverse_pseudonyms"

_Row = TypeVar("_Row", bound=Model)


def closed(user: Any) -> list[int]:
    """Return the collections that are open to groups only, none of which the user is in."""
    if user.is_superuser:
        return []
    limited = CollectionGroup.objects.order_by()
    own = limited.filter(group__in=user.groups.all()) if user.pk else limited.none()
    rest = limited.exclude(collection__in=own.values("collection"))
    return list(rest.values_list("collection", flat=True).distinct())


def is_closed(collection: Collection | None) -> bool:
    """Whether a collection is open to some groups only."""
    return CollectionGroup.objects.filter(collection=collection).exists()


def open_to(user: Any, rows: QuerySet[_Row], path: str) -> QuerySet[_Row]:
    """Return those ``rows`` that belong to collections open to the user.

    ``path`` leads from the row to its collection, such as ``thread__collection``.
    """
    hidden = closed(user)
    return rows.exclude(**{f"{path}__in": hidden}) if hidden else rows


def collections(user: Any) -> QuerySet[Collection]:
    """Return the collections that the user may work on, given the permission for the work."""
    return open_to(user, Collection.objects.all(), "pk")


def sees_handles(user: Any) -> bool:
    """Tell whether the user may learn the handles of speakers, wherever pseudonyms are shown."""
    return bool(user.has_perm(REVERSE)) or not PseudonymKey.objects.filter(on=True).exists()


def may(user: Any, permission: str, thread: Thread) -> bool:
    """Tell whether the user has the permission, and the thread's collection is open to them."""
    return bool(user.has_perm(permission)) and thread.collection_id not in closed(user)
