"""Rows before and after: how an operation writes, and how it is undone byte for byte."""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from corpus.errors import OperationRefused

#: One changed row: ``model``, ``pk``, and its columns ``before`` and ``after``; ``before`` is
#: None for a row that was created, ``after`` for one that was deleted.
Change = dict[str, Any]


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
        for change in reversed(made):
            self._reverse(change)

    def _reverse(self, change: Change) -> None:
        model = apps.get_model(change["model"])
        row = model._default_manager.filter(pk=change["pk"]).first()
        expected = change["after"]
        if (row is None) != (expected is None) or (
            row is not None and _columns(row, expected) != expected
        ):
            raise OperationRefused(
                f"Cannot undo: {model._meta.verbose_name} {change['pk']} was changed since; "
                "undo the later step first."
            )
        if row is None:
            self.create(_revived(model, change["pk"], change["before"]))
        elif change["before"] is None:
            _refuse_if_referred_to(row)
            self.delete(row)
        else:
            before = _parsed(model, change["before"])
            now = _columns(row, before)
            for attname, value in before.items():
                setattr(row, attname, value)
            row.save(update_fields=list(before))
            self.made.append(_change(row, row.pk, now, change["before"]))


def _refuse_if_referred_to(row: Model) -> None:
    for relation in row._meta.related_objects:
        if relation.related_model._meta.app_label != row._meta.app_label:
            continue  # Derived rows of other apps follow by themselves.
        if relation.related_model._default_manager.filter(**{relation.field.name: row}).exists():
            raise OperationRefused(
                f"Cannot undo: a {relation.related_model._meta.verbose_name} refers to "
                f"{row._meta.verbose_name} {row.pk} since; undo the later step first."
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
