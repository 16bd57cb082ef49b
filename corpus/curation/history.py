"""The steps of a thread in order: which stand, and which build on which.

A step is an event that is no undoing. It stands until it is undone, and again when the undoing is
itself undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import Q

from corpus.curation.changes import Change
from corpus.models import CurationEvent, Thread

#: A row and one of its columns; ``*`` for the row itself, made or gone.
Place = tuple[str, Any, str]


class History:
    """All steps of a thread, with one query for what stands and one for what builds on what."""

    def __init__(self, thread: Thread) -> None:
        self.thread = thread

    @cached_property
    def events(self) -> dict[int, CurationEvent]:
        """Every event that concerns the thread, the first first; without the rows changed."""
        found = CurationEvent.objects.filter(Q(thread=self.thread) | Q(touched=self.thread))
        rows = found.distinct().select_related("user", "thread").defer("changes").order_by("pk")
        return {event.pk: event for event in rows}

    @cached_property
    def latest(self) -> dict[int, CurationEvent]:
        """The last event about each step: itself, or what undid or redid it last."""
        roots: dict[int, int] = {}
        latest: dict[int, CurationEvent] = {}
        for event in self.events.values():
            roots[event.pk] = roots.get(event.undoes_id or 0, event.pk)
            latest[roots[event.pk]] = event
        return latest

    @cached_property
    def standing(self) -> set[int]:
        """The keys of the steps that stand."""
        undone: dict[int, bool] = {}
        for event in self.events.values():
            undone[event.pk] = not undone[event.undoes_id] if event.undoes_id in undone else False
        return {step for step, event in self.latest.items() if not undone[event.pk]}

    def steps(self) -> list[CurationEvent]:
        """Return the steps, the first first."""
        return [self.events[step] for step in self.latest]

    def to_undo(self, user: Any) -> CurationEvent | None:
        """Return the user's last step that stands."""
        mine = (step for step in reversed(self.steps()) if step.user_id == user.pk)
        return next((step for step in mine if step.pk in self.standing), None)

    def to_redo(self, user: Any) -> CurationEvent | None:
        """Return the step that the user undid last, if it is still undone."""
        undone = [
            (event.pk, step)
            for step, event in self.latest.items()
            if step not in self.standing and event.user_id == user.pk
        ]
        return self.events[max(undone)[1]] if undone else None

    @cached_property
    def changes(self) -> dict[int, list[Change]]:
        """The rows that each standing step changed."""
        rows = CurationEvent.objects.filter(pk__in=self.standing)
        return dict(rows.values_list("pk", "changes"))

    def dependents(self, step: CurationEvent) -> list[CurationEvent]:
        """Return the later steps that stand and build on the rows as this one left them."""
        written = set(_written(step.changes))
        rows = {place[:2] for place in written}
        whole = {place[:2] for place in written if place[2] == "*"}

        def builds_on(changes: Iterable[Change]) -> bool:
            for place in _written(changes):
                row = place[:2]
                if place in written or row in whole or (place[2] == "*" and row in rows):
                    return True
            return any(row in whole for row in _referred_to(changes))

        later = sorted(pk for pk in self.changes if pk > step.pk)
        return [self.events[pk] for pk in later if builds_on(self.changes[pk])]


def _written(changes: Iterable[Change]) -> Iterator[Place]:
    for change in changes:
        columns = change["before"] and change["after"]
        for name in columns or ["*"]:
            yield change["model"], change["pk"], name


def _referred_to(changes: Iterable[Change]) -> Iterator[tuple[str, Any]]:
    """Yield the rows that the changed rows point at since."""
    for change in changes:
        for field in apps.get_model(change["model"])._meta.concrete_fields:
            value = (change["after"] or {}).get(field.attname)
            if field.is_relation and value is not None:
                yield field.related_model._meta.label_lower, value
