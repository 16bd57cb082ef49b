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

from forumimport.site.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
TEST_DATA = Path(_DATA)
