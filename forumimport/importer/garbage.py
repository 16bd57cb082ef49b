"""Python's search for reference cycles, which finds none among drafts and rows but looks at all."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: New objects after which a search begins (700 by default), and how many of these make a longer
#: one. A batch makes some 50 objects a post; searched 70 times as often they cost a fifth of it.
_RARELY = (50_000, 20, 100)


@contextmanager
def rarely_searched() -> Iterator[None]:
    """Search rarely inside the block; memory stays bounded, since it is still done."""
    before = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
