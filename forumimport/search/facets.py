"""What results are divided by: the values among them, with counts, to choose and to give up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from corpus.models import State
from corpus.search.answers import Answer, Count

#: Values of a facet on the page, and those of them that are seen at once.
MOST, AT_ONCE = 40, 5
#: Digits of a number that surely fits into 64 bits.
_LONGEST = 18


def _language_name(tag: str) -> str:
    try:
        return str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag


def _state_name(value: str) -> str:
    return str(State(value).label) if value in State.values else value


def whole(text: str) -> int:
    """Return the number that a parameter names, if a column of numbers can hold it.

    Python reads no number of more than some thousand digits, and databases and indexes none
    of more than 64 bits.

    Raises:
        ValueError: it names none.
    """
    if not text.isdecimal() or len(text) > _LONGEST:
        raise ValueError(text[:_LONGEST])
    return int(text)


@dataclass(frozen=True, slots=True)
class Facet:
    """One division: its parameter in addresses, the index field, and what values are called.

    ``label`` is the field that names the values, where they do not name themselves; ``none`` is
    said of posts without a value.
    """

    name: str
    field: str
    title: str | Promise
    none: str | Promise
    label: str = ""
    number: bool = False
    called: Callable[[str], str] = str

    def value(self, text: str) -> Any:
        """Return the value that a parameter names.

        Raises:
            ValueError: it names none.
        """
        if text == "":
            return None
        return whole(text) if self.number else text

    def words(self, value: Any, label: str = "") -> str:
        return str(self.none) if value is None else self.called(label or str(value))


#: In the order of the page. A package that adds a field to the index adds its facet here.
FACETS: list[Facet] = [
    Facet("forum", "forum", _("Collection or forum"), _("none"), "forum_name", number=True),
    Facet("speaker", "speaker", _("Speaker"), _("unknown speaker")),
    Facet("year", "year", _("Year"), _("date unknown"), number=True),
    Facet("thread", "topic", _("Thread"), _("none"), "topic_subject", number=True),
    Facet("language", "language", _("Language"), _("unknown language"), called=_language_name),
    Facet("state", "state", _("State"), _("written in the forum"), called=_state_name),
    Facet("code", "codes", _("Code"), _("not coded")),
]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value among the results: its words, how many posts have it, where choosing it leads."""

    words: str
    posts: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Division:
    """A facet with its values among the results; ``more`` is how many values are not shown."""

    title: str | Promise
    first: list[Choice]
    rest: list[Choice]
    more: int
    open: bool


def values(answer: Answer, asked: Any, facet: Facet) -> list[Count]:
    """Return the values among the results; where some are chosen, all that could be chosen."""
    if facet.field not in asked.chosen:
        return answer.counts(facet.field, facet.label)
    with asked.answerer.answer(asked.question_without(facet.field)) as wider:
        counts: list[Count] = wider.counts(facet.field, facet.label)
        return counts


def divisions(answer: Answer, asked: Any) -> Iterator[Division]:
    """Yield the facets by which the results can be narrowed, or are."""
    for facet in FACETS:
        counts = values(answer, asked, facet)
        chosen = asked.chosen.get(facet.field, ())
        if not counts:
            continue
        if not chosen and (len(counts) < 2 or all(count.value is None for count in counts)):
            continue
        if facet.name == "year":
            counts = sorted(counts, key=lambda c: (c.value is None, c.value or 0))
        choices = [
            Choice(
                facet.words(count.value, count.label),
                count.posts,
                asked.toggled(facet.name, count.value),
                count.value in chosen,
            )
            for count in counts[:MOST]
        ]
        yield Division(
            facet.title,
            choices[:AT_ONCE],
            choices[AT_ONCE:],
            max(0, len(counts) - MOST),
            any(choice.chosen for choice in choices[AT_ONCE:]),
        )
