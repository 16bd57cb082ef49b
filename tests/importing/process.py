"""``python -m tests.importing.process import FILE…``, or ``full``, the same on a disk that gets
full, or ``dump``: an import that may be killed."""

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forumimport.site.settings")


def main():
    import django

    django.setup()
    from django.core.management import CommandError, call_command
    from django.db.backends.signals import connection_created

    from forumimport import readers
    from forumimport.importer import flow
    from tests.importing.posts import PostsReader
    from tests.importing.rows import snapshot

    readers.READERS["posts"] = PostsReader()
    if sys.argv[1] == "dump":
        json.dump(snapshot(), sys.stdout, default=str)
        return
    flow._THREADS = 7
    if sys.argv[1] == "full":
        connection_created.connect(_small)
    try:
        call_command("import_threads", *sys.argv[2:], verbosity=0)
    except CommandError as error:
        print(error)


def _small(connection, **_more):
    """Let the database be hardly larger than it is."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + 60}")


if __name__ == "__main__":
    main()
