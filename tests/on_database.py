"""A pytest plugin for CI's run on PostgreSQL (``-p tests.on_database``): tests with a database.

What asks no database has run on SQLite just before and would do the very same again; it is left
out, not skipped.
"""

import pytest

#: What gives a test its database; ``database`` is the address of an empty one.
_GIVING = {"db", "transactional_db", "database"}


def pytest_collection_modifyitems(config, items):
    chosen = [item for item in items if _asks_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _asks_database(item)])
    items[:] = chosen


def _asks_database(item: pytest.Item) -> bool:
    given = _GIVING.intersection(getattr(item, "fixturenames", ()))
    return bool(given) or item.get_closest_marker("django_db") is not None
