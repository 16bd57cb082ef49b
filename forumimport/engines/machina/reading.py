"""Which forums a user may read: machina's rule for opening a forum, applied to all in few queries.

Machina looks through all its rows anew for each forum, as instances with all that they refer to;
and its list of forums carries what one forum refuses a group over to the forums after it. Here
each is judged as if it were opened alone, which is what a visitor meets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from django.db.models import Q
from machina.conf import settings

from forumimport.engines.machina import tables

_READ = "can_read_forum"


class _Said(NamedTuple):
    """Whether reading is granted and whether it is refused: by different rows it may be both."""

    yes: bool = False
    no: bool = False


_NOTHING = _Said()


@dataclass(frozen=True, slots=True)
class _Rows:
    """What rows for one kind of visitor say of all forums, and of some."""

    everywhere: _Said = _NOTHING
    here: Mapping[int, _Said] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[int | None, bool]]) -> Self:
        said: dict[int | None, set[bool]] = {}
        for forum, granted in rows:
            said.setdefault(forum, set()).add(granted)
        told = {forum: _Said(True in all_, False in all_) for forum, all_ in said.items()}
        everywhere = told.pop(None, _NOTHING)
        return cls(everywhere, {forum: each for forum, each in told.items() if forum is not None})


@dataclass(frozen=True, slots=True)
class _Rights:
    """What is said for the user alone, for his groups, for everybody who is logged in.

    ``otherwise`` is whether he may read where no row of his own grants him anything everywhere.
    """

    own: _Rows
    groups: _Rows = field(default_factory=_Rows)
    everybody: _Rows = field(default_factory=_Rows)
    otherwise: bool = False

    def may_read(self, forum: int) -> bool:
        """Weigh as machina does: the forum's rows before those for all, the user's before his
        groups', these before everybody's."""
        own = self.own.here.get(forum, _NOTHING)
        groups = self.groups.here.get(forum, _NOTHING)
        groups = _Said(groups.yes and not own.no, groups.no and not own.yes)
        everybody = self.everybody.here.get(forum, _NOTHING)
        refused = own.no or groups.no
        granted = own.yes or groups.yes
        everybody = _Said(everybody.yes and not refused, everybody.no and not granted)
        if granted or everybody.yes:
            return True
        everywhere = self.own.everywhere
        if (everywhere.yes or self.otherwise) and not own.no and not everybody.no:
            return True
        if refused or everywhere.no:
            return False
        if self.groups.everywhere.yes:
            return True
        of_groups = self.groups.everywhere.no and not everywhere.yes
        return self.everybody.everywhere.yes and not everybody.no and not of_groups


def forums(user: Any) -> set[int]:
    """Return the forums that the user may open, as all those above them."""
    parents = dict(tables.forum().objects.order_by().values_list("pk", "parent_id"))
    if user.is_superuser:
        return set(parents)
    if user.is_authenticated and not user.is_active:
        return set()
    rights = _of_user(user) if user.is_authenticated else _of_visitors()
    return reached({pk: above for pk, above in parents.items() if rights.may_read(pk)})


def reached(parents: Mapping[int, int | None]) -> set[int]:
    """Return those of the forums, given with their parents, of which every ancestor is one too."""

    def is_reached(forum: int | None) -> bool:
        while forum is not None:
            if forum not in parents:
                return False
            forum = parents[forum]
        return True

    return {forum for forum in parents if is_reached(forum)}


def _of_visitors() -> _Rights:
    rows = tables.user_permission().objects.filter(anonymous_user=True, permission__codename=_READ)
    return _Rights(_Rows.of(rows.values_list("forum", "has_perm")))


def _of_user(user: Any) -> _Rights:
    # Of what is granted everywhere, other permissions too: any makes machina forget its default.
    asked = Q(permission__codename=_READ)
    rows = tables.user_permission().objects.filter(
        Q(user=user) | Q(authenticated_user=True), asked | Q(forum=None, has_perm=True)
    )
    told = rows.values_list(
        "user", "authenticated_user", "permission__codename", "forum", "has_perm"
    )
    own, everybody, has_some = [], [], False
    for owner, is_everybodys, codename, forum, granted in told:
        if owner is not None and forum is None and granted:
            has_some = True
        if codename == _READ and owner is not None:
            own.append((forum, granted))
        if codename == _READ and is_everybodys:
            everybody.append((forum, granted))
    groups = tables.group_permission().objects.filter(asked, group__in=user.groups.all())
    default = settings.DEFAULT_AUTHENTICATED_USER_FORUM_PERMISSIONS
    return _Rights(
        _Rows.of(own),
        _Rows.of(groups.values_list("forum", "has_perm")),
        _Rows.of(everybody),
        otherwise=not has_some and _READ in default,
    )
