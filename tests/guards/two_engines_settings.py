"""The reference site with a second engine installed; ``ENGINE=standin`` changes over to it."""

import os

from forumimport.site.settings import *  # noqa: F403
from forumimport.site.settings import INSTALLED_APPS

INSTALLED_APPS = ["tests.plugin.standin_engine", *INSTALLED_APPS]

if os.environ.get("ENGINE") == "standin":
    from tests.guards.standin_settings import (  # noqa: F401
        CORPUS_ENGINE,
        CORPUS_FORUM_MODEL,
        CORPUS_POST_MODEL,
        CORPUS_TOPIC_MODEL,
    )
