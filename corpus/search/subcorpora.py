"""Saving a query under a name, and using the name in queries: ``subcorpus:name``."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from corpus.errors import CorpusError
from corpus.models import Subcorpus
from corpus.search.language import (
    Chosen,
    FieldIs,
    Kind,
    Node,
    Query,
    QueryError,
    Within,
    fields,
    parse,
)
from corpus.search.language.tree import all_of, replaced

#: Index fields whose values can be chosen, and kept with a subcorpus.
CHOOSABLE = ("forum", "speaker", "year", "topic", "language", "state", "codes")
#: How deep subcorpora may be made of subcorpora, and how many one query may name, theirs too.
_DEEPEST, _MOST = 5, 50
_NAME = re.compile(r"\w[\w-]{0,59}")


#: Whose subcorpus, and its name.
Identity = tuple[Any, str]


class _TooMany(QueryError):
    """The whole query uses too many subcorpora: no single one of them is to blame."""


class SubcorpusRefused(CorpusError):
    """A subcorpus that cannot be saved; the message says why."""


def usable(user: Any) -> QuerySet[Subcorpus]:
    """Return the subcorpora that the user may use: his own first, then what others share."""
    shared = Q(shared=True)
    return Subcorpus.objects.filter(
        shared | Q(owner=user.pk) if user.is_authenticated else shared
    ).select_related("owner")


def save(
    user: Any,
    name: str,
    query: str,
    chosen: Mapping[str, Sequence[Any]],
    *,
    shared: bool = False,
) -> Subcorpus:
    """Save a query with chosen values as the user's subcorpus; one of the same name is replaced.

    Raises:
        SubcorpusRefused: the name cannot stand in a query, or the user may not save or share.
        QueryError: the query cannot be read, or would be part of itself.
    """
    if not user.is_authenticated:
        raise SubcorpusRefused(_("Log in to save subcorpora."))
    _check_name(name)
    if shared:
        _check_sharing(user)
    expanded(parse(query), user, query, among=((user.pk, name),))
    kept = {field: list(values) for field, values in chosen.items() if field in CHOOSABLE}
    subcorpus, _new = Subcorpus.objects.update_or_create(
        owner=user, name=name, defaults={"query": query, "chosen": kept, "shared": shared}
    )
    return subcorpus


def rename(subcorpus: Subcorpus, name: str) -> None:
    """Give a subcorpus another name. Queries that name it must be changed by who wrote them.

    Raises:
        SubcorpusRefused: the name cannot stand in a query, or its owner has another one of it.
        QueryError: under this name it would be part of itself.
    """
    _check_name(name)
    others = Subcorpus.objects.filter(owner=subcorpus.owner, name=name).exclude(pk=subcorpus.pk)
    if others.exists():
        raise SubcorpusRefused(
            _("There is a subcorpus “%(name)s” already; choose another name or delete it.")
            % {"name": name}
        )
    among = ((subcorpus.owner_id, name),)
    expanded(parse(subcorpus.query), subcorpus.owner, subcorpus.query, among=among)
    subcorpus.name = name
    subcorpus.save(update_fields=["name"])


def share(subcorpus: Subcorpus, shared: bool, *, by: Any) -> None:
    """Let everybody use a subcorpus, or its owner only.

    Raises:
        SubcorpusRefused: the user may not share.
    """
    if shared:
        _check_sharing(by)
    subcorpus.shared = shared
    subcorpus.save(update_fields=["shared"])


def delete(user: Any, pk: int) -> None:
    """Delete one of the user's own subcorpora; nothing if it is not there."""
    Subcorpus.objects.filter(pk=pk, owner=user.pk).delete()


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise SubcorpusRefused(
            _("A name consists of up to 60 letters, digits, “-” and “_”, so that it can stand in a "
              "query: subcorpus:late-frosts.")
        )  # fmt: skip


def _check_sharing(user: Any) -> None:
    if not user.has_perm("corpus.share_subcorpus"):
        raise SubcorpusRefused(_("You may not share subcorpora; ask an administrator."))


def expanded(
    query: Query,
    user: Any,
    text: str,
    among: tuple[Identity, ...] = (),
    counted: Iterator[int] | None = None,
) -> Query:
    """Return the query with the names of subcorpora replaced by what they stand for.

    ``among`` are those that may not occur: what is being replaced, by owner and name, since others
    may keep theirs under the same name. ``counted`` counts what is replaced in the whole query,
    which would grow with each level by a factor.

    Raises:
        QueryError: the user has no such subcorpus, it is part of itself, or there are too many.
    """
    count = itertools.count(1) if counted is None else counted

    def other(field: FieldIs) -> Node:
        if fields[field.name].kind is not Kind.QUERY:
            return field
        if next(count) > _MOST:
            raise _TooMany(_("This uses too many subcorpora."), text, *field.place)
        found = None if (user.pk, field.value) in among else _named(user, field.value)
        itself = (user.pk, field.value) if found is None else (found.owner_id, found.name)
        if found is None or itself in among or len(among) > _DEEPEST:
            raise QueryError(_hint(user, itself, among), text, *field.place)
        try:
            inner = expanded(parse(found.query), found.owner, found.query, (*among, itself), count)
        except _TooMany as error:
            raise _TooMany(error.hint, text, *field.place) from error
        except QueryError as error:
            raise QueryError(_unusable(user, found, error), text, *field.place) from error
        return Within(all_of([inner.node, *choices(found.chosen)]), inner.scope)

    return Query(replaced(query.node, other), query.scope)


def choices(chosen: Mapping[str, Sequence[Any]]) -> list[Node]:
    """Return chosen values as parts of a query."""
    return [
        Chosen(field, frozenset(values)) for field, values in chosen.items() if field in CHOOSABLE
    ]


def _named(user: Any, name: str) -> Subcorpus | None:
    found = list(usable(user).filter(name=name))
    return min(found, key=lambda row: (row.owner_id != user.pk, row.pk), default=None)


def _unusable(user: Any, found: Subcorpus, error: QueryError) -> str:
    """Say why a subcorpus cannot be used; of another user's no more than that, since the hint
    is worded for its owner and lists what else he keeps."""
    why = error.hint if found.owner_id == user.pk else _("a part of it is gone.")
    return _("The subcorpus “%(name)s” cannot be used: %(hint)s") % {
        "name": found.name,
        "hint": why,
    }


def _hint(user: Any, itself: Identity, among: tuple[Identity, ...]) -> str:
    name = itself[1]
    if itself in among:
        return _("The subcorpus “%(name)s” would be a part of itself.") % {"name": name}
    if len(among) > _DEEPEST:
        return _("Subcorpora can be made of subcorpora %(count)s deep, no deeper.") % {
            "count": _DEEPEST
        }
    names = ", ".join(sorted(set(usable(user).values_list("name", flat=True)))[:20])
    if not names:
        return _("There is no subcorpus “%(name)s”: none is saved yet.") % {"name": name}
    return _("There is no subcorpus “%(name)s”. There are: %(names)s.") % {
        "name": name,
        "names": names,
    }
