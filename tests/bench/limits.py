"""The bare limit of an import: the rows that are there, written once more by the database alone."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from django.db import connection

from tests.bench.timing import once


def least():
    """CPU seconds for all rows of the database, by ``executemany`` on SQLite, by COPY elsewhere."""
    return (_executemany if connection.vendor == "sqlite" else _copy)()["cpu"]


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


def _copy():
    """Into tables of the same columns and indexes, in one transaction, from ready text.

    Foreign keys are not checked, as SQLite does not check them by default.
    """
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        cursor.execute("DROP SCHEMA IF EXISTS bare CASCADE")
        cursor.execute("CREATE SCHEMA bare")
        texts = {}
        for name in names:
            cursor.execute(f'CREATE TABLE bare."{name}" (LIKE public."{name}" INCLUDING ALL)')
            with cursor.copy(f'COPY public."{name}" TO STDOUT') as copy:
                texts[name] = b"".join(bytes(some) for some in copy)

        def write():
            cursor.execute("BEGIN")
            for name, text in texts.items():
                with cursor.copy(f'COPY bare."{name}" FROM STDIN') as copy:
                    copy.write(text)
            cursor.execute("COMMIT")

        spent = once(write)
        cursor.execute("DROP SCHEMA bare CASCADE")
    return spent
