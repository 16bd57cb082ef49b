"""Posts that lie in one another, as a mapping's ``children`` finds them, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from forumimport.readers.base import BadRecord
from forumimport.readers.mapping import ThreadMapping, found

#: How deep posts may lie: the JSON module reads no deeper.
_DEEPEST = 1000
_NOTHING = object()


def walked(chosen: ThreadMapping, posts: Sequence[Any], *, most: int) -> Iterator[tuple[Any, Any]]:
    """Yield each post, behind it all that lie below, and with each the name of the one above.

    ``most`` is how many there can be at most: an expression may make posts up without end.

    Raises:
        BadRecord: they lie too deep, are too many, or what the mapping finds is no list.
    """
    levels: list[tuple[Iterator[Any], Any]] = [(iter(posts), None)]
    count = 0
    while levels:
        siblings, above = levels[-1]
        if (post := next(siblings, _NOTHING)) is _NOTHING:
            levels.pop()
            continue
        count += 1
        if count > most or len(levels) > _DEEPEST:
            raise BadRecord("The mapping's children find posts without end in it.")
        yield post, above
        if below := found(chosen.post, "children", post):
            name = found(chosen.post, "id", post)
            if not isinstance(below, list):
                raise BadRecord(f"The mapping's children find no list in post “{str(name)[:80]}”.")
            levels.append((iter(below), name))
