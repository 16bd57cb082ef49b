"""What a site of so many posts takes: to be indexed, searched, looked through and curated."""

import sys

from tests.bench import concordances, curating, indexing, posts, searching
from tests.bench.timing import once

#: Posts that haystack's own engine is given all of.
_SMALL = 2_000


def measured(size):
    print(f"{size} posts …", file=sys.stderr)
    written = once(lambda: posts.write(size))
    print(f"  written in {written['wall']:.0f} s", file=sys.stderr)
    small = size <= _SMALL
    found = {
        "indexing": indexing.measured(
            size, stock_fully=small, stock_size=size if size <= indexing.AT_ONCE else None
        ),
        "searching": searching.measured(),
        "concordance": concordances.measured(with_stock=small),
        "curating": curating.measured(min(size, _SMALL)),
    }
    print("  done", file=sys.stderr)
    return found
