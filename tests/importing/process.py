"""``python -m tests.importing.process import FILE…`` or ``dump``: an import that may be killed."""

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forumimport.site.settings")


def main():
    import django

    django.setup()
    from django.core.management import call_command

    from forumimport import readers
    from forumimport.importer import flow
    from tests.importing.posts import PostsReader
    from tests.importing.rows import snapshot

    readers.READERS["posts"] = PostsReader()
    if sys.argv[1] == "dump":
        json.dump(snapshot(), sys.stdout, default=str)
        return
    flow._THREADS = 7
    call_command("import_threads", *sys.argv[2:], verbosity=0)


if __name__ == "__main__":
    main()
