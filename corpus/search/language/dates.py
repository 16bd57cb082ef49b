"""Dates as far as they are known: a year, a month, a day."""

from __future__ import annotations

import re
from datetime import date

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def beginning(text: str) -> date | None:
    """Return the first day of what ``text`` names; None if it names no time.

    >>> beginning("2004"), beginning("2004-5"), beginning("2004-05-17"), beginning("May")
    (datetime.date(2004, 1, 1), datetime.date(2004, 5, 1), datetime.date(2004, 5, 17), None)
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
