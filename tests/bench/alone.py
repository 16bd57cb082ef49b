"""A measurement in a process of its own: its peak memory is its own, its database another.

``python -m tests.bench.alone <module of tests.bench> <numbers>`` prints it as JSON.
"""

import importlib
import json
import os
import subprocess
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"


def measured(module, *numbers, database=""):
    """Return ``tests.bench.<module>.measured(*numbers)``, begun with an empty database."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.alone", module, *map(str, numbers)],
        env={**os.environ, "BENCH_DATABASE_URL": database},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def main():
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    module = importlib.import_module(f"tests.bench.{sys.argv[1]}")
    json.dump(module.measured(*map(int, sys.argv[2:])), sys.stdout)


if __name__ == "__main__":
    main()
