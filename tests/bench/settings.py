"""The tests' settings with two search connections: ours, and haystack's with machina's index."""

import os

# A database of its own, which it may empty: never the one that this machine's site is in.
os.environ.pop("DATABASE_URL", None)
if address := os.environ.get("BENCH_DATABASE_URL"):
    os.environ["DATABASE_URL"] = address

from tests.settings import *  # noqa: F403
from tests.settings import (
    _DATA,
    DATABASES,
    HAYSTACK_CONNECTIONS,
    INSTALLED_APPS,
)

# Ours must come before haystack's command of the same name.
INSTALLED_APPS = [
    "corpus",
    "forumimport",
    *(app for app in INSTALLED_APPS if app not in ("corpus", "forumimport")),
]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["NAME"] = f"{_DATA}/bench.sqlite3"
HAYSTACK_CONNECTIONS["default"]["ENGINE"] = "corpus.search.whoosh_backend.WhooshEngine"
HAYSTACK_CONNECTIONS["stock"] = {
    "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
    "PATH": f"{_DATA}/stock",
    "EXCLUDED_INDEXES": ["forumimport.search_indexes.PostIndex"],
}
