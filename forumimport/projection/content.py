"""What a post shows of its utterance, and the time that orders it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from corpus import rendering
from corpus.rendering import Hidden, Linked, Quoted
from corpus.spans import Span
from forumimport.engines.base import PostContent

#: The time of the first post of a thread without any date. Never shown: pages say "date unknown".
UNDATED_FROM = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST = timedelta(microseconds=1)


class Placed(NamedTuple):
    """Where an utterance stands: its date if known, its document's order, its start there."""

    date: datetime | None
    order: int
    start: int


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of a text as it is shown: with its quotations, without what is hidden."""

    text: str
    span: Span
    quotations: Sequence[Quoted] = ()
    hidden: Iterable[Hidden] = ()
    links: Sequence[Linked] = ()


def content(
    subject: str, words: Words, poster: str, speaker: int | None, time: datetime
) -> PostContent:
    """Return the post that shows these words of this speaker."""
    read, html = rendering.words_and_html(
        words.text, words.span, words.quotations, words.hidden, words.links
    )
    return PostContent(
        subject=subject,
        words=read,
        html=html,
        poster=poster,
        poster_key=f"corpus-{speaker or 'unknown'}",
        time=time,
    )


def attribution(speaker: str | None, number: int) -> str:
    """Return the line under a quotation: whose words of which post."""
    if speaker is None:
        return _("from post %(number)s") % {"number": number}
    return _("%(speaker)s in post %(number)s") % {"speaker": speaker, "number": number}


def address_of(utterance: int) -> str:
    """Return the permanent address of an utterance."""
    before, after = _address_around()
    return f"{before}{utterance}{after}"


@lru_cache(maxsize=1)
def _address_around() -> tuple[str, str]:
    # Asked once: for every quotation anew it would cost as much as all else about it.
    before, _placeholder, after = reverse("forumimport:utterance", args=[0]).rpartition("0")
    return before, after


def times(placed: Iterable[Placed]) -> Iterator[datetime]:
    """Yield a time for each utterance: its date where known, in any case strictly increasing.

    The engine orders posts by nothing but their time. An undated post stands as many milliseconds
    behind the last dated one (or before the first) as characters lie between their beginnings, so
    that splitting or merging posts moves no other post in time.
    """
    places = list(placed)
    anchor = next((place for place in places if place.date), None)
    previous = None
    for place in places:
        if place.date:
            anchor = place
        time = place.date or _undated(place, anchor)
        if previous is not None and time <= previous:
            time = previous + _LEAST
        yield time
        previous = time


def _undated(place: Placed, anchor: Placed | None) -> datetime:
    if anchor is None or anchor.date is None:
        return UNDATED_FROM + _distance(place)
    return anchor.date + _distance(place) - _distance(anchor)


def _distance(place: Placed) -> timedelta:
    """Return the utterance's place in its thread as a time; a document has at most a day."""
    return timedelta(days=place.order, milliseconds=place.start)
