"""Dates in a line of text, in any of many languages; what is ambiguous stays so until asked.

Whether 03/04/2011 is in March or April no line can tell. ``order`` decides it for a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from itertools import pairwise

from corpus.segmentation.data import load

#: Lines longer than this are words of a post, whatever dates they hold.
LONGEST = 160
#: Longest line that says "an hour ago" without a digit.
LONGEST_AGO = 60
#: Years a post may be from; the first public message boards are of the seventies.
_FIRST_YEAR = 1970
YEARS = range(_FIRST_YEAR, 2100)


class Order(StrEnum):
    """Of the two small numbers in a date of numbers."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


@dataclass(frozen=True, slots=True)
class Date:
    """A date as found at ``[start, end)`` of its line; relative ones have no ``year``.

    In a date of numbers alone ``swappable`` is true: month and day may have changed places.
    """

    start: int
    end: int
    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    time: tuple[int, int, int | None] | None = None
    swappable: bool = False
    half_day: bool = False

    @property
    def precision(self) -> str:
        """How much of it is known: "" (relative), "month", "day", "minute" or "second"."""
        if self.year is None:
            return ""
        if self.day is None:
            return "month"
        if self.time is None:
            return "day"
        return "minute" if self.time[2] is None else "second"

    def at(self, order: Order) -> datetime | None:
        """The moment in UTC, whose zone the text does not tell; None if there is no such day."""
        if self.year is None or self.month is None:
            return None
        month, day = self.month, self.day or 1
        if self.swappable and order is Order.MONTH_FIRST:
            month, day = day, month
        hour, minute, second = self.time or (0, 0, 0)
        try:
            return datetime(self.year, month, day, hour, minute, second or 0, tzinfo=UTC)
        except ValueError:
            return None


_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\.?\d)"
#: A year of two digits is one only before a time of day; so are day and month without a year.
_CLOCK_NEXT = r"(?=(?:[,·|]?\s{1,2}(?:[^\W\d_]{1,4}\s)?|T)\d{1,2}[:.]\d\d\b)"
_ANY_YEAR = rf"(?P<year>(?:19|20)\d\d(?!\.?\d)|['’]?\d\d{_CLOCK_NEXT}|['’]\d\d(?!\d))"
_WORD = r"(?P<word>[^\W\d_]{2,})"
_FORMS = [
    re.compile(
        rf"(?<![\d.])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?[.\s-]{{0,2}}(?:(?:de|of)\s)?"
        rf"{_WORD}\.?,?[\s-](?:de\s)?{_ANY_YEAR}",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_WORD}\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}", re.IGNORECASE),
    re.compile(
        r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?(?:[./-]|年)\s?(?P<month>\d{1,2})\s?(?:[./-]|月)\s?"
        r"(?P<day>\d{1,2})(?!\d)日?"
    ),
    re.compile(
        rf"(?<![\d.])(?P<day>\d{{1,2}})(?P<sep>[./-])\s?(?P<month>\d{{1,2}})(?P=sep)\s?"
        rf"(?P<year>(?:19|20)\d\d(?!\.?\d)|\d\d{_CLOCK_NEXT})"
    ),
    re.compile(rf"\b{_WORD}\.?,?\s{_YEAR}", re.IGNORECASE),
    # "Mon Jun 7 10:15:22 2010", as C's asctime and the first lines of mailboxes have it.
    re.compile(
        rf"\b{_WORD}\s+(?P<day>\d{{1,2}})\s(?P<clock>\d{{1,2}}:\d\d(?::\d\d)?)\s"
        rf"(?:[A-Z]{{2,5}}\s|[+-]\d{{4}}\s)?{_YEAR}"
    ),
]
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d")
_NUMBERS = 3  # The form whose day and month may have changed places.
_AT = "(?:at|um|kl|klo|à|às|a las|alle|ore|om|o|в|ob)"
_TIME = re.compile(
    rf"(?:T|(?:\s?[(（][^\W\d_]{{1,3}}\.?[)）])?[\s,·|-]{{0,3}}(?:\b{_AT}\b\.?\s?)?)"
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?(?:\.\d+)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?(?:\s?(?:Z|UTC|GMT|Uhr)\b|\s?[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_DAY_CLOCK = rf"[,·|]?\s{{1,2}}(?:{_AT}\.?\s)?\d{{1,2}}[:.]\d\d\b(?:\s?[ap]m\b)?"
_YEARLESS = re.compile(
    rf"(?<![\d.,:/])(?:\d{{1,2}}(?:st|nd|rd|th)?\.?\s(?P<word>[^\W\d_]{{3,}})\.?{_DAY_CLOCK}"
    rf"|\b(?P<other>[^\W\d_]{{3,}})\.?\s\d{{1,2}}(?:st|nd|rd|th)?{_DAY_CLOCK}"
    rf"|\b(?P<weekday>[^\W\d_]{{3,}}){_DAY_CLOCK})",
    re.IGNORECASE,
)
# "10:15 am, 3 May 2011"
_TIME_BEFORE = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?,?\s{1,2}(?:(?:on|am|le|den)\s)?$",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?<!\w)(?P<word>[^\W\d_]{2,})\.?,?\s+$")
_DIGIT = re.compile(r"\d")
#: What days without a year have, and what all others but "ago" have: told first, since most lines
#: have neither.
_CLOCK = re.compile(r"\d[:.h]\d\d")
_YEAR_OR_CLOCK = re.compile(r"(?:19|20)\d\d|['’]\d\d|\d[:.h]\d\d")


def find(line: str) -> Date | None:
    """The first date of a (short) line, with the weekday before and the time after it.

    A day without its year stays text, as "yesterday, 14:02" does.

    >>> find("Fen » Fri Aug 02, 2013 2:43 pm").text
    'Fri Aug 02, 2013 2:43 pm'
    >>> find("Fen, vor 3 Tagen").precision
    ''
    """
    if len(line) > LONGEST:
        return None
    if not _DIGIT.search(line):
        return _relative(line) if len(line) <= LONGEST_AGO else None
    if _YEAR_OR_CLOCK.search(line):
        found = [(match.start(), form, match) for form, match in _matches(line)]
        for _, form, match in sorted(found, key=lambda one: one[:2]):
            if date := _date(line, form, match):
                return date
    date = _relative(line)
    if date is None and _CLOCK.search(line):
        date = _day_word(line) or _yearless(line)
    return date


def stated(text: str) -> tuple[datetime, str] | None:
    """A date that a person typed, with its precision; None unless it can be read in one way only.

    >>> stated("March 2009")
    (datetime.datetime(2009, 3, 1, 0, 0, tzinfo=datetime.timezone.utc), 'month')
    >>> stated("03/04/2009") is None
    True
    """
    text = text.strip()
    if _YEAR_ALONE.fullmatch(text):
        return datetime(int(text), 1, 1, tzinfo=UTC), "year"
    date = find(text)
    if date is None or date.text.strip() != text:
        return None
    moments = {date.at(one) for one in (Order if date.swappable else [Order.DAY_FIRST])} - {None}
    if len(moments) != 1:
        return None
    return next(moment for moment in moments if moment), date.precision


def order(dates: Sequence[Date]) -> Order:
    """Day or month first, by what the document allows: real days, rising; else by its clock.

    >>> order([find("03/11/2015"), find("03/12/2015"), find("03/14/2015")])
    <Order.MONTH_FIRST: 'month-first'>
    """
    swappable = [date for date in dates if date.swappable]
    if not swappable:
        return Order.DAY_FIRST
    half_days = any(date.half_day for date in swappable)
    usual = Order.MONTH_FIRST if half_days else Order.DAY_FIRST
    return min(Order, key=lambda one: (*_oddness(swappable, one), one is not usual))


def _oddness(dates: Sequence[Date], one: Order) -> tuple[int, int, float]:
    """Impossible days, then steps back in time, then the days spanned."""
    moments = [moment for date in dates if (moment := date.at(one))]
    back = sum(later < earlier for earlier, later in pairwise(moments))
    length = (max(moments) - min(moments)).total_seconds() if moments else 0.0
    return len(dates) - len(moments), back, length


def _matches(line: str) -> Iterable[tuple[int, re.Match[str]]]:
    for form, pattern in enumerate(_FORMS):
        for match in pattern.finditer(line):
            yield form, match


def _date(line: str, form: int, match: re.Match[str]) -> Date | None:
    parts = match.groupdict()
    year = int(parts["year"].lstrip("'’"))
    if year < 100:
        year += 1900 if year >= _FIRST_YEAR % 100 else 2000
    month = months().get(parts["word"].casefold()) if parts.get("word") else int(parts["month"])
    day = int(parts["day"]) if parts.get("day") else None
    if month is None or year not in YEARS or (day is not None and not 1 <= day <= 31):
        return None
    swappable = form == _NUMBERS and parts["sep"] != "."
    if not 1 <= month <= (31 if swappable else 12):
        return None
    start = match.start()
    before = _BEFORE.search(line, 0, start)
    if before and before["word"].casefold() in weekdays():
        start = before.start()
    time = _TIME.match(line, match.start("clock") if parts.get("clock") else match.end())
    clock = _clock(time) if time and day is not None else None
    end = max(time.end(), match.end()) if time and clock else match.end()
    if clock is None and day is not None and (time := _TIME_BEFORE.search(line, 0, start)):
        clock = _clock(time)
        start = time.start() if clock else start
    half = bool(time and clock and time["half"])
    return Date(start, end, line[start:end], year, month, day, clock, swappable, half)


def _clock(time: re.Match[str]) -> tuple[int, int, int | None] | None:
    hour, minute = int(time["hour"]), int(time["minute"])
    second = int(time["second"]) if time["second"] else None
    if time["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if time["half"] in "pP" else 0)
    if hour > 23 or minute > 59 or (second or 0) > 59:
        return None
    return hour, minute, second


def _relative(line: str) -> Date | None:
    # Most lines have no such word, which is cheaper to tell.
    lowered = line.lower()
    found = _ago().search(line) if any(word in lowered for word in _ago_words()) else None
    return Date(found.start(), found.end(), found.group()) if found else None


def _yearless(line: str) -> Date | None:
    """A day and a time of day without the year: "3 May, 10:01", "Monday at 10:15 AM"."""
    for match in _YEARLESS.finditer(line):
        words = (match["word"] or match["other"] or match["weekday"]).casefold()
        known = months() if not match["weekday"] else weekdays()
        if words in known:
            return Date(match.start(), match.end(), match.group())
    return None


def _day_word(line: str) -> Date | None:
    found = _day().search(line)
    return Date(found.start(), found.end(), found.group()) if found else None


@cache
def months() -> dict[str, int]:
    """Number of the month by its name; names that mean two months are left out."""
    numbers: dict[str, set[int]] = {}
    for language in load("months")["languages"].values():
        for number, names in enumerate(language["months"], start=1):
            for name in names:
                numbers.setdefault(name, set()).add(number)
    english = load("months")["languages"]["en"]["months"]
    chosen = {name: found.pop() for name, found in numbers.items() if len(found) == 1}
    chosen |= {name: number for number, names in enumerate(english, start=1) for name in names}
    return chosen


@cache
def weekdays() -> frozenset[str]:
    languages = load("months")["languages"].values()
    return frozenset(name for language in languages for name in language["weekdays"])


@cache
def _ago_words() -> frozenset[str]:
    """What says "ago"."""
    return frozenset([*load("labels")["ago"]["words"], *load("labels")["ago"]["before"]])


@cache
def _ago() -> re.Pattern[str]:
    words = load("labels")["ago"]
    ago, units = (
        "|".join(map(re.escape, sorted(words[key], key=len, reverse=True)))
        for key in ("words", "units")
    )
    number = r"(?:\d+|an?|eine[mr]?|einum?|un[ae]?|um|één|en|et|jeden)"
    unspaced, before = ("|".join(load("labels")["ago"][key]) for key in ("unspaced", "before"))
    return re.compile(
        rf"\b(?:(?:about\s)?{number}\s?(?:{units})\.?\s(?:{ago})|(?:{ago})\s{number}\s(?:{units}))\b"
        rf"|\d+\s?(?:{unspaced})\s?(?:{before})",
        re.IGNORECASE,
    )


@cache
def _day() -> re.Pattern[str]:
    days = "|".join(map(re.escape, load("labels")["ago"]["days"]))
    clock = r"\d{1,2}[:.]\d\d(?:\s?[ap]m)?"
    return re.compile(rf"\b(?:{days})\b,?\s(?:(?:at|um|à|kl\.?|в)\s)?{clock}", re.IGNORECASE)
