"""Who may annotate, coordinate and adjudicate, in all collections or in some.

The one place that decides: a permission given to a user or group holds wherever collections are
open to the user (:mod:`corpus.access`), an :class:`~corpus.models.AnnotationRole` for its
collection. Annotators see nothing but what is assigned to them, whatever they may do elsewhere.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from corpus import access
from corpus.models import AnnotationRole, Assignment, Collection, Layer, Role

_PERMISSIONS = {
    Role.ANNOTATE: "corpus.annotate_thread",
    Role.COORDINATE: "corpus.coordinate_annotation",
    Role.ADJUDICATE: "corpus.adjudicate_annotation",
}


def collections_of(user: Any, *roles: Role) -> QuerySet[Collection]:
    """Return the collections in which the user has any of the roles."""
    if not user.is_active:
        return Collection.objects.none()
    if any(user.has_perm(_PERMISSIONS[role]) for role in roles):
        return access.collections(user) | _granted(user, *roles)
    return _granted(user, *roles)


def may(user: Any, role: Role, collection: Collection | None = None) -> bool:
    """Tell whether the user has the role in the collection; without one: in any."""
    if collection is not None:
        return collections_of(user, role).filter(pk=collection.pk).exists()
    return user.is_active and (user.has_perm(_PERMISSIONS[role]) or _granted(user, role).exists())


def _granted(user: Any, *roles: Role) -> QuerySet[Collection]:
    granted = AnnotationRole.objects.filter(group__user=user, role__in=roles)
    return Collection.objects.filter(pk__in=granted.values("collection"))


def assignments_of(user: Any) -> QuerySet[Assignment]:
    """Return what is assigned to the user, where they may still annotate."""
    return Assignment.objects.filter(
        layer__author=user, layer__thread__collection__in=collections_of(user, Role.ANNOTATE)
    )


def layers_seen_by(user: Any) -> QuerySet[Layer]:
    """Return the layers that the user may read.

    All in the collections that they coordinate or adjudicate; their own; and once their own layer
    of a thread is released, the released ones of that thread.
    """
    watched = collections_of(user, Role.COORDINATE, Role.ADJUDICATE)
    own = assignments_of(user).values("layer")
    coded = assignments_of(user).filter(layer__released=True).values("layer__thread")
    return Layer.objects.filter(
        Q(thread__collection__in=watched) | Q(pk__in=own) | Q(thread__in=coded, released=True)
    )


def layers_written_by(user: Any) -> QuerySet[Layer]:
    """Return the layers that the user may change: what is assigned to them, and gold."""
    judged = collections_of(user, Role.ADJUDICATE)
    return Layer.objects.filter(
        Q(pk__in=assignments_of(user).values("layer"))
        | Q(kind=Layer.Kind.GOLD, thread__collection__in=judged)
    )


def annotators(collections: QuerySet[Collection]) -> QuerySet[Any]:
    """Return the users who may annotate in any of the collections."""
    users = get_user_model()._default_manager.filter(is_active=True)
    label, _dot, codename = _PERMISSIONS[Role.ANNOTATE].partition(".")
    everywhere = Permission.objects.filter(content_type__app_label=label, codename=codename)
    granted = AnnotationRole.objects.filter(collection__in=collections, role=Role.ANNOTATE)
    return users.filter(
        Q(is_superuser=True)
        | Q(user_permissions__in=everywhere)
        | Q(groups__permissions__in=everywhere)
        | Q(groups__in=granted.values("group"))
    ).distinct()
