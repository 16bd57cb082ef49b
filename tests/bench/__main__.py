"""Run the measurements and print them as JSON."""

import argparse
import json
import os
import platform
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--large", action="store_true", help="also 200,000 posts (long)")
    parser.add_argument("--posts", type=int, action="append", help="only these sizes")
    options = parser.parse_args()
    import django

    django.setup()
    sizes = options.posts or [2_000, 20_000, *([200_000] if options.large else [])]
    found = {"python": platform.python_version(), "cores": os.cpu_count(), "posts": {}}
    for size in sizes:
        found["posts"][str(size)] = measured(size)
    json.dump(found, sys.stdout, indent=2)
    print()


def measured(size: int) -> dict:
    from django.core.management import call_command

    from tests.bench import concordances, curating, importing, indexing, posts, searching
    from tests.bench.timing import once

    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    print(f"{size} posts …", file=sys.stderr)
    imported = importing.measured(size)
    print("  imported", file=sys.stderr)
    call_command("flush", interactive=False, verbosity=0)
    written = once(lambda: posts.write(size))
    print(f"  written in {written['wall']:.0f} s", file=sys.stderr)
    small = size <= 2_000
    found = {
        "importing": imported,
        "indexing": indexing.measured(
            size, stock_fully=small, stock_size=size if size <= indexing.AT_ONCE else None
        ),
        "searching": searching.measured(),
        "concordance": concordances.measured(with_stock=small),
        "curating": curating.measured(min(size, 2_000)),
    }
    print("  done", file=sys.stderr)
    return found


if __name__ == "__main__":
    main()
