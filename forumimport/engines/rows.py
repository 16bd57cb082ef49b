"""Bulk rows past the ORM's save: keeps dates that ``auto_now_add`` would overwrite.

Django's ``bulk_create`` asks every field for its value at saving time, and ``auto_now_add``
answers with the present; besides it caps an SQLite statement at 999 parameters. ``executemany``
over the model's own columns has neither trouble and is public API.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connections, router
from django.db.models import Model


def insert(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows given by attribute name; other columns take their field's default."""
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    defaults = {field.attname: field.get_default() for field in fields}
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(
            statement,
            [
                [
                    field.get_db_prep_save(
                        row.get(field.attname, defaults[field.attname]), connection
                    )
                    for field in fields
                ]
                for row in rows
            ],
        )


def update(model: type[Model], rows: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Update rows by primary key; all of them the same attributes."""
    rows = list(rows)
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in rows[0][1]]
    key = model._meta.pk
    assert key is not None
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    table, pk_column = quote(model._meta.db_table), quote(str(key.column))
    statement = f"UPDATE {table} SET {columns} WHERE {pk_column} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(
            statement,
            [
                [*(f.get_db_prep_save(row[f.attname], connection) for f in fields), pk]
                for pk, row in rows
            ],
        )
