"""The reference site's settings with everything written to a temporary folder."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_DATA = tempfile.mkdtemp(prefix="corpus-tests-")
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
os.environ["CORPUS_DATA_DIR"] = _DATA
os.environ.setdefault("CORPUS_SECRET_KEY", "only-for-tests")
# The browser's driver keeps an event loop in the tests' thread, which Django takes for
# asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from forumimport.site.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# What is asked for in the background is done at once; tests of workers say otherwise.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A file, as in earnest: the live server of the browser tests is another thread.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_DATA, "test.sqlite3"))}  # noqa: F405
