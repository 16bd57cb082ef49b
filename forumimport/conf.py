"""Settings of import and projection, read when asked for; every one has a row in the README."""

import getpass
import os
import tempfile

from django.conf import settings

#: Dotted path of the engine adapter.
ENGINE = "CORPUS_ENGINE"


def engine_path() -> str:
    return str(getattr(settings, ENGINE, "forumimport.engines.machina.MachinaEngine"))


#: The engine's models, as ``app_label.Model``: targets of the projection's foreign keys. Like
#: AUTH_USER_MODEL they are decided before the first ``migrate``.
def forum_model() -> str:
    return str(getattr(settings, "CORPUS_FORUM_MODEL", "forum.Forum"))


def topic_model() -> str:
    return str(getattr(settings, "CORPUS_TOPIC_MODEL", "forum_conversation.Topic"))


def post_model() -> str:
    return str(getattr(settings, "CORPUS_POST_MODEL", "forum_conversation.Post"))


#: The collection that threads go to when none is named.
def default_collection() -> str:
    return str(getattr(settings, "CORPUS_DEFAULT_COLLECTION", "Imported threads"))


#: Largest document that is read, in bytes: one post is one row, one page and one search document.
#: Files that hold many threads may be of any size.
def max_document_bytes() -> int:
    return int(getattr(settings, "CORPUS_MAX_DOCUMENT_BYTES", 32 * 1024 * 1024))


#: Largest sum of what is unpacked from one archive, in bytes.
def max_archive_bytes() -> int:
    return int(getattr(settings, "CORPUS_MAX_ARCHIVE_BYTES", 64 * 1024**3))


#: Largest sum of files uploaded at once in the admin, in bytes.
def max_upload_bytes() -> int:
    return int(getattr(settings, "CORPUS_MAX_UPLOAD_BYTES", 1024**3))


#: Folder in which uploads wait until they are imported. Where the worker is another machine, or
#: has temporary files of its own, it must be one that both see. Never one that is served.
def upload_folder() -> str:
    usual = os.path.join(tempfile.gettempdir(), f"corpus-uploads-{getpass.getuser()}")
    return str(getattr(settings, "CORPUS_UPLOAD_FOLDER", usual))
