"""A worker of the site that takes its time: on any machine it is at work when somebody looks."""

import sys
import time

import django
from django.core.management import execute_from_command_line

#: Threads that are stored at once, and the seconds between.
THREADS, PAUSE = 50, 0.4


def main():
    django.setup()
    from forumimport.importer import flow

    store = flow.store

    def slowly(*arguments, **options):
        time.sleep(PAUSE)
        return store(*arguments, **options)

    flow._THREADS, flow.store = THREADS, slowly
    execute_from_command_line(["manage.py", "db_worker", *sys.argv[1:]])


if __name__ == "__main__":
    main()
