"""Rows before and after: how an operation writes, and how it is undone byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils.translation import gettext as _

from corpus.errors import OperationRefused

#: One changed row: ``model``, ``pk``, and its columns ``before`` and ``after``; ``before`` is
#: None for a row that was created, ``after`` for one that was deleted.
Change = dict[str, Any]

#: Rows written by one statement: databases bound how many keys it may name.
_AT_ONCE = 500


class Changes:
    """Writes rows and keeps what is needed to write them back.

    An operation makes all its changes through one of these, so nothing it does is forgotten.
    """

    def __init__(self) -> None:
        self.made: list[Change] = []

    def update(self, row: Model, **columns: Any) -> None:
        """Set attributes (foreign keys as ``name_id`` or by object) and save just these."""
        names = [row._meta.get_field(name).attname for name in columns]  # type: ignore[union-attr]
        before = _columns(row, names)
        for name, value in columns.items():
            setattr(row, name, value)
        row.save(update_fields=list(columns))
        self.made.append(_change(row, row.pk, before, _columns(row, names)))

    def update_all(self, rows: Iterable[Model], **columns: Any) -> None:
        """Set the same attributes of many rows of one model by few statements."""
        for some in _batches(rows):
            names = [some[0]._meta.get_field(name).attname for name in columns]
            befores = [_columns(row, names) for row in some]
            self._write(some, columns)
            for row, before in zip(some, befores, strict=True):
                self.made.append(_change(row, row.pk, before, _columns(row, names)))

    def create(self, row: Model) -> None:
        row.save(force_insert=True)
        self.made.append(_change(row, row.pk, None, _columns(row)))

    def delete(self, row: Model) -> None:
        """Delete a row that nothing refers to any more."""
        pk, before = row.pk, _columns(row)
        row.delete()
        self.made.append(_change(row, pk, before, None))

    def reverse(self, made: list[Change]) -> None:
        """Write the rows of another operation's changes back, as changes of this one.

        Raises:
            OperationRefused: a row is not as that operation left it.
        """
        for alike in _alike(reversed(made)):
            model = apps.get_model(alike[0]["model"])
            for some in _batches(alike):
                self._reverse(model, some)

    def _reverse(self, model: type[Model], alike: Sequence[Change]) -> None:
        before, after = alike[0]["before"], alike[0]["after"]
        if before and after:
            self._write_back(model, alike)
            return
        rows = model._default_manager.in_bulk([change["pk"] for change in alike])
        for change in alike:
            row = rows.get(change["pk"])
            if (None if row is None else _columns(row, after)) != after:
                raise _changed_since(model, change["pk"])
            if row is None:
                self.create(_revived(model, change["pk"], before))
            else:
                _refuse_if_referred_to(row)
                self.delete(row)

    def _write_back(self, model: type[Model], alike: Sequence[Change]) -> None:
        """Reverse the same change of several rows, of which only its columns are read."""
        before, after = alike[0]["before"], alike[0]["after"]
        rows = model._default_manager.filter(pk__in=[change["pk"] for change in alike])
        expected = tuple(_parsed(model, after).values())
        found: dict[Any, Any] = {pk: columns for pk, *columns in rows.values_list("pk", *after)}
        for change in alike:
            if tuple(found.get(change["pk"], ())) != expected:
                raise _changed_since(model, change["pk"])
        rows.update(**_parsed(model, before))
        label = model._meta.label_lower
        self.made += [
            {"model": label, "pk": change["pk"], "before": after, "after": before}
            for change in alike
        ]

    def _write(self, rows: Sequence[Model], columns: dict[str, Any]) -> None:
        for row in rows:
            for name, value in columns.items():
                setattr(row, name, value)
        model = type(rows[0])
        model._default_manager.filter(pk__in=[row.pk for row in rows]).update(**columns)


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        yield some


def _alike(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Put together what follows each other and is the same change of several rows."""
    for _same, some in groupby(changes, lambda one: (one["model"], one["before"], one["after"])):
        yield list(some)


def _changed_since(model: type[Model], pk: Any) -> OperationRefused:
    return OperationRefused(
        _("Cannot undo: %(row)s %(key)s was changed since; undo the later step first.")
        % {"row": model._meta.verbose_name, "key": pk}
    )


def _refuse_if_referred_to(row: Model) -> None:
    for relation in row._meta.related_objects:
        if relation.related_model._meta.app_label != row._meta.app_label:
            continue  # Derived rows of other apps follow by themselves.
        if relation.related_model._default_manager.filter(**{relation.field.name: row}).exists():
            raise OperationRefused(
                _(
                    "Cannot undo: a %(row)s refers to %(gone)s %(pk)s since; "
                    "undo the later step first."
                )
                % {
                    "row": relation.related_model._meta.verbose_name,
                    "gone": row._meta.verbose_name,
                    "pk": row.pk,
                }
            )


def _change(row: Model, pk: Any, before: Any, after: Any) -> Change:
    return {"model": row._meta.label_lower, "pk": pk, "before": before, "after": after}


def _columns(row: Model, names: Any = None) -> dict[str, Any]:
    """Return the row's columns as JSON would give them back."""
    wanted = None if names is None else set(names)
    columns = {
        field.attname: field.get_prep_value(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if (wanted is None or field.attname in wanted) and not field.primary_key
    }
    parsed: dict[str, Any] = json.loads(json.dumps(columns, cls=_ExactEncoder))
    return parsed


def _parsed(model: type[Model], columns: dict[str, Any]) -> dict[str, Any]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {attname: fields[attname].to_python(value) for attname, value in columns.items()}


def _revived(model: type[Model], pk: Any, columns: dict[str, Any]) -> Model:
    return model(pk=pk, **_parsed(model, columns))


class _ExactEncoder(DjangoJSONEncoder):
    """Keeps the microseconds, which Django's encoder cuts to milliseconds."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)
