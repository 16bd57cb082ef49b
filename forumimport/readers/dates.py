"""Dates as sources write them: counted seconds, ISO 8601, mail headers, or words in any language.

What was written is always kept; a moment is stated only where it is one. Times without a zone
count as UTC, as in thread text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any

from corpus.segmentation import datelines
from corpus.segmentation.datelines import YEARS, Date, Order
from forumimport.readers.base import BadRecord
from forumimport.readers.values import words

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS = re.compile(r"-?[1-9]\d{8,10}(?:\.\d+)?")
#: The least digits of parts of a second, and how many there are in one: 12 are not yet 2002.
_PARTS_OF_A_SECOND = ((16, 1_000_000), (12, 1_000))
_PARTS = re.compile(r"[1-9]\d{11,16}")
#: A calendar date without signs between, as 20040517 or 200405171030; as counted seconds they
#: would be of the first half of the seventies, before there were forums.
_COMPACT = re.compile(r"(?P<year>\d{4})\d{4}(?:\d{4}(?:\d\d)?)?")
_COMPACT_FORMS = {
    8: ("%Y%m%d", "day"),
    12: ("%Y%m%d%H%M", "minute"),
    14: ("%Y%m%d%H%M%S", "second"),
}
_ISO = re.compile(
    r"\d{4}-\d\d-\d\d(?P<time>[T ]\d\d:\d\d(?P<seconds>:\d\d(?:[.,]\d+)?)?)?"
    r"\s?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?"
)
_MAIL = re.compile(r"(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{2,4}\s+\d{1,2}:\d\d.*")
#: Longest date that is kept as written.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Moment:
    """A date: as written, when that is (aware, UTC; None if unknown), and how precisely."""

    text: str = ""
    date: datetime | None = None
    precision: str = ""


def moment(value: Any) -> Moment:
    """Return one date on its own; 03/04/2011 is none, since nothing tells its month.

    >>> moment("2011-04-03 10:00").date.isoformat(), moment("31 February 2011").date
    ('2011-04-03T10:00:00+00:00', None)
    """
    return moments([value])[0]


def moments(values: Iterable[Any]) -> list[Moment]:
    """Return the dates of one thread, which tell together which number is the month."""
    texts = [_text(value) for value in values]
    certain = [_certain(text) for text in texts]
    found = [
        None if known or not text else datelines.find(text)
        for text, known in zip(texts, certain, strict=True)
    ]
    order = _order([date for date in found if date and date.swappable])
    return [
        known or _worded(text, date, order)
        for text, known, date in zip(texts, certain, found, strict=True)
    ]


def _text(value: Any) -> str:
    try:
        return " ".join(words(value, "date").split())[:LONGEST]
    except BadRecord:
        return ""  # Neither a date nor readable as one.


def _certain(text: str) -> Moment | None:
    """A date in a notation that can be read in one way only."""
    if (match := _COMPACT.fullmatch(text)) and int(match["year"]) in YEARS:
        return _compact(text)
    if _SECONDS.fullmatch(text):
        return _counted(text, float(text))
    if _PARTS.fullmatch(text):
        parts = next(parts for digits, parts in _PARTS_OF_A_SECOND if len(text) >= digits)
        return _counted(text, int(text) / parts)
    if match := _ISO.fullmatch(text):
        return _iso(text, match)
    if _MAIL.fullmatch(text):
        return _mail(text)
    return None


def _compact(text: str) -> Moment:
    form, precision = _COMPACT_FORMS[len(text)]
    try:
        return Moment(text, datetime.strptime(text, form).replace(tzinfo=UTC), precision)
    except ValueError:
        return Moment(text)  # There is no such day.


def _counted(text: str, seconds: float) -> Moment:
    try:
        return _stated(text, _EPOCH + timedelta(seconds=seconds), "second")
    except OverflowError:
        return Moment(text)


def _iso(text: str, match: re.Match[str]) -> Moment:
    zone = match["zone"] or ""
    written = text[: match.start("zone")].rstrip() if zone else text
    offset = zone if zone.startswith(("+", "-")) else "+00:00"
    if not match["time"]:
        written, offset, precision = written + "T00:00", "+00:00", "day"
    else:
        precision = "second" if match["seconds"] else "minute"
    try:
        return _stated(text, datetime.fromisoformat(written.replace(",", ".") + offset), precision)
    except ValueError:
        return Moment(text)  # There is no such day.


def _mail(text: str) -> Moment:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return Moment(text)
    return _stated(text, date if date.tzinfo else date.replace(tzinfo=UTC), "second")


def _stated(text: str, date: datetime, precision: str) -> Moment:
    try:
        utc = date.astimezone(UTC)
    except OverflowError:
        return Moment(text)
    return Moment(text, utc, precision) if utc.year in YEARS else Moment(text)


def _worded(text: str, date: Date | None, order: Order | None) -> Moment:
    if date is None or not date.precision:
        return Moment(text)
    if date.swappable and order is None:
        readings = {date.at(one) for one in Order} - {None}
        if len(readings) != 1:
            return Moment(text)
        return Moment(text, readings.pop(), date.precision)
    known = date.at(order or Order.DAY_FIRST)
    return Moment(text, known, date.precision if known else "")


def _order(dates: Sequence[Date]) -> Order | None:
    """Day or month first, if every date is a day in one of the two only, and they agree."""
    possible = [one for one in Order if all(date.at(one) for date in dates)]
    if len(possible) == 1:
        return possible[0]
    rising = [one for one in possible if _rises([date.at(one) for date in dates])]
    return rising[0] if len(rising) == 1 and len(dates) > 2 else None


def _rises(moments: Sequence[datetime | None]) -> bool:
    known = [moment for moment in moments if moment]
    return all(earlier <= later for earlier, later in pairwise(known))
