"""Words with wildcards as regular expressions that no word can keep busy for long."""

from __future__ import annotations

import re


def expression(pattern: str) -> str:
    """Return what matches the same: ``*`` any characters, ``?`` one, within one line.

    What stands between two stars is taken where it first occurs, and never elsewhere: that finds
    as much, and without it every star multiplies the ways to try. It is to match a whole word.

    >>> expression("b*an*s")
    'b(?>.*?an).*s'
    """
    first, *rest = re.split(r"\*+", pattern)
    if not rest:
        return _plain(first)
    between = "".join(f"(?>.*?{_plain(part)})" for part in rest[:-1])
    return f"{_plain(first)}{between}.*{_plain(rest[-1])}"


def _plain(part: str) -> str:
    return "".join("." if sign == "?" else re.escape(sign) for sign in part)
