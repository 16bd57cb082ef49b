"""The bare limit of an import: the rows that are there, written once more by the database alone."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from django.db import connection

from tests.bench.timing import once


def least(*, checking_keys=False):
    """CPU seconds for all rows of the database, by ``executemany`` on SQLite, by COPY elsewhere.

    Of COPY also with the schema's foreign keys, which ours checks: the server's most work by far.
    """
    spent = _executemany() if connection.vendor == "sqlite" else _copy(checking_keys)
    return spent["cpu"]


def _executemany():
    """Into a new SQLite file of the same schema, in one transaction."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as source,
        closing(sqlite3.connect(Path(folder, "limit.sqlite3"))) as target,
    ):
        written = "sql NOT NULL AND name NOT LIKE 'sqlite%' AND sql NOT LIKE '%VIRTUAL%'"
        schema = source.execute(f"SELECT type, name, sql FROM sqlite_master WHERE {written}")
        rows = {}
        for kind, name, statement in schema.fetchall():
            target.execute(statement)
            if kind == "table":
                rows[name] = source.execute(f'SELECT * FROM "{name}"').fetchall()

        def write():
            for name, found in rows.items():
                if found:
                    marks = ", ".join("?" * len(found[0]))
                    target.executemany(f'INSERT INTO "{name}" VALUES ({marks})', found)
            target.commit()

        return once(write)


def _copy(checking_keys):
    """Into tables of the same columns and indexes, in one transaction, from ready text."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        cursor.execute("DROP SCHEMA IF EXISTS bare CASCADE")
        cursor.execute("CREATE SCHEMA bare")
        texts = {}
        for name in names:
            cursor.execute(f'CREATE TABLE bare."{name}" (LIKE public."{name}" INCLUDING ALL)')
            with cursor.copy(f'COPY public."{name}" TO STDOUT') as copy:
                texts[name] = b"".join(bytes(some) for some in copy)
        keys = _keys(cursor) if checking_keys else []
        cursor.execute("SET search_path TO bare")
        for table, key in keys:
            cursor.execute(f'ALTER TABLE "{table}" ADD {key}')
        cursor.execute("RESET search_path")

        def write():
            cursor.execute("BEGIN")
            for name, text in texts.items():
                with cursor.copy(f'COPY bare."{name}" FROM STDIN') as copy:
                    copy.write(text)
            cursor.execute("COMMIT")

        spent = once(write)
        cursor.execute("DROP SCHEMA bare CASCADE")
    return spent


def _keys(cursor):
    """Of each foreign key its table, and what declares it where only one schema is looked at."""
    cursor.execute(
        "SELECT relname, pg_get_constraintdef(pg_constraint.oid) FROM pg_constraint"
        " JOIN pg_class ON pg_class.oid = conrelid"
        " WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
    )
    return cursor.fetchall()
