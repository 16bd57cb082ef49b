"""Bulk rows past the ORM's save: keeps dates that ``auto_now_add`` would overwrite.

Django's ``bulk_create`` asks every field for its value at saving time, and ``auto_now_add``
answers with the present; besides it caps an SQLite statement at 999 parameters. One prepared
statement over the model's own columns has neither trouble, nor has PostgreSQL's COPY.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connections, models, router
from django.db.models import Model

#: Columns that every database driver takes as Python has them.
_PLAIN = (
    *(models.CharField, models.TextField, models.IntegerField, models.FloatField),
    *(models.BooleanField, models.ForeignKey, models.AutoField),
)

#: Values whose stored form is kept at hand.
_REPEATED = 1024

Row = tuple[Any, ...]


class Table:
    """Where rows of one model are inserted: by COPY on PostgreSQL, else by one prepared statement.

    Rows are tuples in the order of ``names`` (attribute names, the key's among them if it is
    reserved); all other columns take their field's default. What is stored is the same either way.
    """

    def __init__(self, model: type[Model], names: Sequence[str]) -> None:
        meta = model._meta
        self._connection = connections[router.db_for_write(model)]
        by_name = {field.attname: field for field in meta.concrete_fields}
        chosen = [by_name[name] for name in names]
        rest = [f for f in meta.concrete_fields if f not in chosen and not f.primary_key]
        self._last: tuple[datetime | None, str] = (None, "")
        quote = self._connection.ops.quote_name
        self._table = quote(meta.db_table)
        self._columns = ", ".join(quote(str(field.column)) for field in [*chosen, *rest])
        self._width = len(chosen) + len(rest)
        self._defaults = tuple(self._stored(field)(field.get_default()) for field in rest)
        self._converters = [
            (at, self._stored(field))
            for at, field in enumerate(chosen)
            if not isinstance(field, self._plain())
        ]

    def insert(self, rows: Iterable[Row]) -> None:
        """Insert the rows in their order."""
        with self._connection.cursor() as cursor:
            if self._connection.vendor == "postgresql":
                copying = f"COPY {self._table} ({self._columns}) FROM STDIN"
                # The driver's errors are told as Django's, as by any other statement.
                with self._connection.wrap_database_errors, cursor.copy(copying) as copy:
                    for row in self._converted(rows):
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * self._width)
                statement = f"INSERT INTO {self._table} ({self._columns}) VALUES ({marks})"  # noqa: S608
                cursor.executemany(statement, list(self._converted(rows)))

    def _converted(self, rows: Iterable[Row]) -> Iterator[Row]:
        converters, defaults = self._converters, self._defaults
        if not converters:
            yield from (row + defaults for row in rows)
            return
        for row in rows:
            values = [*row, *defaults]
            for at, stored in converters:
                values[at] = stored(values[at])
            yield tuple(values)

    def _plain(self) -> tuple[type[Any], ...]:
        # PostgreSQL's driver takes times too, with their zone.
        postgresql = self._connection.vendor == "postgresql"
        return (*_PLAIN, models.DateTimeField) if postgresql else _PLAIN

    def _stored(self, field: Any) -> Callable[[Any], Any]:
        """How a value of the field is handed to the database."""
        if isinstance(field, models.JSONField):
            # As text: COPY knows no objects.
            return lambda value: None if value is None else _json(value, field)
        if isinstance(field, models.DateTimeField) and self._connection.vendor == "sqlite":
            return self._written
        return lru_cache(maxsize=_REPEATED)(
            lambda value: field.get_db_prep_save(value, self._connection)
        )

    def _written(self, moment: datetime | None) -> str | None:
        """As Django's SQLite has it; asked of the field it would cost as much as the row."""
        if moment is None:
            return None
        if moment is self._last[0]:  # A post is created and updated at the very same time.
            return self._last[1]
        if moment.tzinfo is UTC is self._connection.timezone:
            written = moment.isoformat(" ")[: -len("+00:00")]
        else:
            local = moment.astimezone(self._connection.timezone)
            written = local.replace(tzinfo=None).isoformat(" ")
        self._last = (moment, written)
        return written


def insert(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows given by attribute name, all of them the same; the rest takes its default."""
    if rows:
        Table(model, list(rows[0])).insert([tuple(row.values()) for row in rows])


def reserve(model: type[Model], count: int) -> list[int]:
    """Return so many keys that no other row of the model has or will get, in increasing order.

    Known beforehand, keys let rows that refer to each other be written in one go. To be called in
    the transaction that uses them.
    """
    connection = connections[router.db_for_write(model)]
    table, key = model._meta.db_table, model._meta.pk
    assert key is not None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                # OFFSET keeps the sequence from being looked for again for every key.
                "SELECT nextval(found) FROM generate_series(1, %s),"
                " (SELECT pg_get_serial_sequence(%s, %s)::regclass AS found OFFSET 0) AS own",
                [count, f'"{table}"', str(key.column)],
            )
            return [row[0] for row in cursor.fetchall()]
        last = _last_key(cursor, table, f"{key.column}", count)
    return list(range(last - count + 1, last + 1))


def check_keys_by_index(model: type[Model]) -> None:
    """Have foreign keys looked up in indexes to the end of this transaction, however many they are.

    PostgreSQL plans the check of a foreign key once and keeps the plan. One made for a nearly empty
    table reads that from end to end for every row, so that the time of an import grows with the
    square of its rows until autovacuum comes by. SQLite always takes the index.
    """
    connection = connections[router.db_for_write(model)]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # A plan that has to read a table all the same looks so dear that it would be compiled.
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")


def _last_key(cursor: Any, table: str, column: str, count: int) -> int:
    """Move SQLite's own counter of the table, which never gives a key twice, and return it."""
    highest = f'(SELECT COALESCE(MAX("{column}"), 0) FROM "{table}")'  # noqa: S608
    cursor.execute(
        f"UPDATE sqlite_sequence SET seq = MAX(seq, {highest}) + %s WHERE name = %s",  # noqa: S608
        [count, table],
    )
    if not cursor.rowcount:
        cursor.execute(
            f"INSERT INTO sqlite_sequence (name, seq) VALUES (%s, {highest} + %s)",  # noqa: S608
            [table, count],
        )
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
    return int(cursor.fetchone()[0])


def _json(value: Any, field: Any) -> str:
    return json.dumps(value, cls=field.encoder)


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
