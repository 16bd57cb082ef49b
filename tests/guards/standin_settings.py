"""A site on the stand-in engine: no machina app is installed."""

import os
from pathlib import Path

DATA_DIR = Path(os.environ["CORPUS_DATA_DIR"])
SECRET_KEY = "only-for-tests"
USE_TZ = True
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "haystack",
    "tests.plugin.standin_engine",
    "corpus",
    "forumimport",
]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "corpus.sqlite3"}
}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
        "PATH": str(DATA_DIR / "index"),
    }
}
CORPUS_ENGINE = "tests.plugin.standin_engine.adapter.StandinEngine"
CORPUS_FORUM_MODEL = "standin_engine.Board"
CORPUS_TOPIC_MODEL = "standin_engine.Talk"
CORPUS_POST_MODEL = "standin_engine.Message"
