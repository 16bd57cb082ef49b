"""How hits spread over threads, speakers and years: the numbers behind small plots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corpus.search.answers import Answer

#: Bars of a plot; years beyond are drawn by stretches of years.
_BARS, _YEARS = 8, 60
#: Height of the columns, and their distance, in units of the drawing.
_HEIGHT, _STEP = 60, 12


@dataclass(frozen=True, slots=True)
class Bar:
    """``share`` is that of the longest bar in per cent, ``x`` where a column stands."""

    words: str
    hits: int
    share: float
    x: int = 0

    @property
    def height(self) -> float:
        return round(self.share * _HEIGHT / 100, 1)

    @property
    def y(self) -> float:
        return round(_HEIGHT - self.height, 1)


@dataclass(frozen=True, slots=True)
class Spread:
    """``kind`` is ``bars`` or ``columns``; ``more`` says how many values have no bar."""

    title: str | Promise
    kind: str
    bars: list[Bar]
    more: str = ""

    @property
    def width(self) -> int:
        return len(self.bars) * _STEP

    @property
    def ends(self) -> tuple[str, str]:
        return self.bars[0].words, self.bars[-1].words


@dataclass(frozen=True, slots=True)
class Shared:
    """What documents share by their ``field``: shown by ``label``, or as ``none`` without one."""

    title: str | Promise
    field: str
    label: str
    none: str
    several: str


def spreads(answer: Answer) -> list[Spread]:
    """Return how the hits of an answer spread."""
    numbers = answer.hit_counts()
    if not numbers:
        return []
    found = [
        _bars(answer, numbers, shared)
        for shared in (
            Shared(gettext_lazy("Threads"), "topic", "topic_subject", "", _("threads")),
            Shared(
                gettext_lazy("Speakers"), "speaker", "speaker", _("unknown speaker"), _("speakers")
            ),
        )
    ]
    years = _years(answer, numbers)
    return [*found, years] if years else found


def _bars(answer: Answer, numbers: Mapping[int, int], shared: Shared) -> Spread:
    values, names = answer.values(shared.field), answer.values(shared.label)
    counted = _summed(values, numbers)
    some = dict(zip(map(values.__getitem__, numbers), numbers, strict=True))
    first = counted.most_common(_BARS)
    longest = first[0][1]
    bars = [
        Bar(str(names[some[value]] or shared.none), hits, round(100 * hits / longest, 1))
        for value, hits in first
    ]
    others = len(counted) - len(first)
    more = (
        _("and %(count)s more %(what)s") % {"count": others, "what": shared.several}
        if others
        else ""
    )
    return Spread(shared.title, "bars", bars, more)


def _summed(values: Sequence[Any], numbers: Mapping[int, int]) -> Counter[Any]:
    """Return how many hits are in documents with each value."""
    counted: Counter[Any] = Counter()
    for number, hits in numbers.items():
        counted[values[number]] += hits
    return counted


def _years(answer: Answer, numbers: Mapping[int, int]) -> Spread | None:
    years = _summed(answer.values("year"), numbers)
    undated = years.pop(None, 0)
    if not years:
        return None
    first, last = min(years), max(years)
    step = -(-(last - first + 1) // _YEARS)
    counted = [
        (year, sum(years.get(y, 0) for y in range(year, year + step)))
        for year in range(first, last + 1, step)
    ]
    longest = max(hits for _year, hits in counted)
    bars = [
        Bar(
            str(year) if step == 1 else f"{year}–{year + step - 1}",
            hits,
            round(100 * hits / longest, 1),
            at * _STEP,
        )
        for at, (year, hits) in enumerate(counted)
    ]
    more = _("%(count)s without a known date") % {"count": undated} if undated else ""
    return Spread(gettext_lazy("Years"), "columns", bars, more)
