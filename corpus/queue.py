"""The curators' queue: which threads most need a look, and how far each collection is.

Filters are registered: whoever knows more about threads than the corpus does adds its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.conf import unsure_below
from corpus.models import REVIEWED, State, Thread, ThreadReview, Utterance
from corpus.models.utterances import CUE_WORDS

Choice = tuple[str, Any]


@dataclass(frozen=True)
class Filter:
    """One way to narrow the queue: ``name`` in the address, and what each choice leaves.

    ``choices`` is asked with the user, who must learn nothing of what is closed to them.
    """

    name: str
    title: str | Promise
    choices: Callable[[Any], Iterable[Choice]]
    narrow: Callable[[QuerySet[Thread], str], QuerySet[Thread]]


FILTERS: dict[str, Filter] = {}


def offer(one: Filter) -> None:
    """Let the queue be narrowed by this filter too."""
    FILTERS[one.name] = one


def threads(user: Any, chosen: Mapping[str, str]) -> QuerySet[Thread]:
    """Return the threads open to the user, narrowed, those first that most need a look.

    First what is flagged, then by the least sure boundary; where nothing is left to confirm, what
    nobody has seen. A choice that is not offered leaves nothing.
    """
    rows = access.open_to(user, Thread.objects.select_related("collection", "review"), "collection")
    rows = rows.filter(deleted=chosen.get("state") == "deleted")
    for name, one in FILTERS.items():
        if value := chosen.get(name):
            offered = value in {str(key) for key, _label in one.choices(user)}
            rows = one.narrow(rows, value) if offered else rows.none()
    if words := chosen.get("q", "").strip():
        rows = rows.filter(title__icontains=words)
    return rows.order_by(
        F("review__flags").desc(nulls_last=True),
        F("review__least").asc(nulls_last=True),
        F("review__seen").asc(nulls_first=True),
        "pk",
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a collection is."""

    collection: int
    name: str
    threads: int
    reviewed: int
    unsure: int

    @property
    def percent(self) -> int:
        return 100 * self.reviewed // self.threads if self.threads else 100


def progress(user: Any) -> list[Progress]:
    """Return how far the collections open to the user are, by name."""
    rows = ThreadReview.objects.filter(thread__deleted=False)
    rows = access.open_to(user, rows, "thread__collection")
    counted = rows.values("thread__collection", "thread__collection__name").annotate(
        threads=Count("pk"), done=Count("pk", filter=REVIEWED), unsure=Sum("unsure")
    )
    return [
        Progress(
            row["thread__collection"],
            row["thread__collection__name"],
            row["threads"],
            row["done"],
            row["unsure"],
        )
        for row in counted.order_by("thread__collection__name")
    ]


_STATES: dict[str, tuple[Any, Q]] = {
    "unseen": (_("never seen"), Q(review__seen=None)),
    "unsure": (_("with unsure boundaries"), Q(review__unsure__gt=0)),
    "flagged": (_("flagged for discussion"), Q(review__flags__gt=0)),
    "reviewed": (
        _("reviewed"),
        Q(review__seen__isnull=False, review__unsure=0, review__flags=0),
    ),
    "held": (_("held back from readers"), Q(held=True)),
    "deleted": (_("deleted"), Q(deleted=True)),
}


def _by_state(rows: QuerySet[Thread], value: str) -> QuerySet[Thread]:
    return rows.filter(_STATES[value][1])


def _by_cue(rows: QuerySet[Thread], value: str) -> QuerySet[Thread]:
    unsure = Utterance.objects.filter(
        document__thread=OuterRef("pk"),
        cue=value,
        state=State.AUTOMATIC,
        confidence__lt=unsure_below(),
    )
    # Only threads with anything unsure are looked into.
    return rows.filter(Exists(unsure), review__unsure__gt=0)


def _languages(user: Any) -> list[Choice]:
    rows = access.open_to(user, Thread.objects.all(), "collection")
    own = rows.exclude(language="").order_by().values_list("language", flat=True).distinct()
    main = access.collections(user).exclude(language="").order_by()
    found = {*own, *main.values_list("language", flat=True).distinct()}
    return [(language, language) for language in sorted(found)]


def _by_language(rows: QuerySet[Thread], value: str) -> QuerySet[Thread]:
    return rows.filter(Q(language=value) | Q(language="", collection__language=value))


offer(
    Filter(
        "collection",
        _("Collection"),
        lambda user: [(str(row.pk), row.name) for row in access.collections(user)],
        lambda rows, value: rows.filter(collection__in=[value]),
    )
)
offer(
    Filter(
        "state",
        _("State"),
        lambda user: [(key, title) for key, (title, _condition) in _STATES.items()],
        _by_state,
    )
)
offer(
    Filter(
        "cue",
        _("Unsure by"),
        lambda user: [(cue.value, title) for cue, title in CUE_WORDS.items()],
        _by_cue,
    )
)
offer(Filter("language", _("Language"), _languages, _by_language))
