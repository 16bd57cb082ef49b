"""Run the measurements and print them as JSON."""

import argparse
import json
import os
import platform
import sys

from tests.bench import alone, postgres
from tests.bench.timing import ratio

#: Posts of bare threads to segment; one very long thread has ten times as many.
SEGMENTED = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--large", action="store_true", help="also 200,000 posts (long)")
    parser.add_argument("--posts", type=int, action="append", help="only these sizes")
    parser.add_argument("--imports", action="store_true", help="only imports")
    parser.add_argument("--pages", action="store_true", help="only pages, at 600,000 posts (long)")
    options = parser.parse_args()
    sizes = options.posts or [2_000, 20_000, *([200_000] if options.large else [])]
    found = {"python": platform.python_version(), "cores": os.cpu_count()}
    if options.pages:
        found["pages"] = alone.measured("pages", *(options.posts or ()))
    else:
        found["importing"] = imports(sizes)
        if not options.imports:
            found["posts"] = {str(size): alone.measured("site", size) for size in sizes}
    json.dump(found, sys.stdout, indent=2)
    print()


def imports(sizes: list[int]) -> dict:
    """Each in a process of its own, on both databases where there is a PostgreSQL."""
    found = {"segmenting": alone.measured("segmenting", min(SEGMENTED, max(sizes)))}
    with postgres.server() as address:
        databases = {"sqlite": ""} | ({"postgresql": address} if address else {})
        for name, database in databases.items():
            of = {size: alone.measured("importing", size, database=database) for size in sizes}
            print(f"imported into {name}", file=sys.stderr)
            found[name] = {"posts": of}
            if len(sizes) > 1:
                before, largest = (of[size]["posts_per_cpu_second"] for size in sizes[-2:])
                found[name]["rate_of_largest_to_one_before"] = ratio(largest, before)
    return found


if __name__ == "__main__":
    main()
