"""What PostgreSQL knows of the sizes of its tables, kept near the truth while an import fills them.

It plans the check of a foreign key once and keeps the plan. One made for a nearly empty table reads
that from end to end for every row, so that the time grows with the square of the rows until
autovacuum comes by, a minute later. SQLite looks keys up in their index whatever the size.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connections, router

from corpus.models import Utterance
from forumimport.engines import engine

#: Posts that no plan is bad for, and how many times as many make another plan worth it.
_FEW, _TIMES = 1_000, 10


class Statistics:
    """Has the tables looked at whenever they hold ten times as many posts as at the last look."""

    def __init__(self) -> None:
        self._connection = connections[router.db_for_write(Utterance)]
        self._known: int | None = None
        self._new = 0

    def grown(self, posts: int) -> None:
        """Take note of so many posts more, best in the transaction that stores them.

        Their foreign keys are checked at its end, by a plan that knows of them then.
        """
        self._new += posts
        if self._connection.vendor != "postgresql" or self._new <= _FEW:
            return
        if self._known is None:
            self._known = self._estimated()
        if self._known + self._new >= _TIMES * self._known:
            self._look()
            self._known, self._new = self._known + self._new, 0

    def _estimated(self) -> int:
        """How many posts the database believes there are."""
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT reltuples FROM pg_class WHERE oid = %s::regclass",
                [self._connection.ops.quote_name(Utterance._meta.db_table)],
            )
            return max(0, int(cursor.fetchone()[0]))

    def _look(self) -> None:
        own = [
            model
            for app in ("corpus", "forumimport")
            for model in apps.get_app_config(app).get_models()
        ]
        quote = self._connection.ops.quote_name
        tables = ", ".join(quote(model._meta.db_table) for model in [*own, *engine().models()])
        with self._connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")
