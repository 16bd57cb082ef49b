"""Who may annotate, coordinate and adjudicate, in all collections or in some.

The one place that decides: a permission given to a user or group holds everywhere, an
:class:`~corpus.models.AnnotationRole` for its collection. Annotators see nothing but what is
assigned to them, whatever they may do elsewhere.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

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
        return Collection.objects.all()
    granted = AnnotationRole.objects.filter(group__user=user, role__in=roles)
    return Collection.objects.filter(pk__in=granted.values("collection"))


def may(user: Any, role: Role, collection: Collection | None = None) -> bool:
    """Tell whether the user has the role in the collection; without one: in any."""
    if not user.is_active:
        return False
    if user.has_perm(_PERMISSIONS[role]):
        return True
    granted = AnnotationRole.objects.filter(group__user=user, role=role)
    if collection is not None:
        granted = granted.filter(collection=collection)
    return granted.exists()


def assignments_of(user: Any) -> QuerySet[Assignment]:
    """Return what is assigned to the user, where they may still annotate."""
    return Assignment.objects.filter(
        layer__author=user, layer__thread__collection__in=collections_of(user, Role.ANNOTATE)
    )


def layers_seen_by(user: Any) -> QuerySet[Layer]:
    """Return the layers that the user may read.

    All in the collections that they coordinate or adjudicate; their own; and of threads that they
    coded themselves the released ones.
    """
    watched = collections_of(user, Role.COORDINATE, Role.ADJUDICATE)
    own = assignments_of(user).values("layer")
    coded = assignments_of(user).values("layer__thread")
    return Layer.objects.filter(
        Q(thread__collection__in=watched) | Q(pk__in=own) | Q(thread__in=coded, released=True)
    )


def annotators(collections: QuerySet[Collection]) -> QuerySet[Any]:
    """Return the users who may annotate in every one of the collections."""
    from django.contrib.auth import get_user_model

    users = get_user_model()._default_manager.filter(is_active=True).order_by("pk")
    chosen = [
        user.pk
        for user in users
        if all(may(user, Role.ANNOTATE, collection) for collection in collections)
    ]
    return users.filter(pk__in=chosen)
