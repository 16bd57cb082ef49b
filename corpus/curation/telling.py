"""What a step changed, in words: row, column, before and after; never a word that is redacted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Field, Model
from django.utils.translation import gettext as _

from corpus import access
from corpus.curation.changes import Change
from corpus.curation.redact import whole_words
from corpus.hiding import hidden_from_curators, redacted
from corpus.models import Collection, CurationEvent, Speaker, Thread, Utterance
from corpus.rendering import excerpt
from corpus.spans import Span

#: Columns that say nothing to a person beside the others.
_UNTOLD = {"version", "characters", "sha256", "text_sha256", "text"}


#: Characters of a span that are told.
_WORDS = 40

#: The rows that have names, and the way from each to its collection.
_HOMES: dict[type[Model], str] = {
    Collection: "pk",
    Speaker: "collection",
    Thread: "collection",
    Utterance: "document__thread__collection",
}

#: A row; and its document, start and end.
Place = tuple[type[Model], Any]
Where = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One changed column; ``before`` or ``after`` is empty where the row was not there."""

    row: str
    column: str
    before: str
    after: str


class Telling:
    """Tells a user the changes of a thread's steps, with few queries for all.

    What belongs to collections that are closed to the user is told by its key.
    """

    def __init__(self, thread: Thread, user: Any) -> None:
        self.user = user
        self.mask = _mask(thread)
        self.documents = {
            document.pk: (
                document.text,
                hidden_from_curators(document),
            )
            for document in thread.documents.prefetch_related("redactions", "boilerplate")
        }

    def summary(self, event: CurationEvent) -> str:
        return self.masked(event.summary)

    def masked(self, words: str) -> str:
        """Return ``words`` with those replaced that are redacted in the thread."""
        return self.mask.sub("█", words)

    def of(self, changes: Iterable[Change]) -> Iterator[Told]:
        """Yield each column that was changed; of rows made or gone, the row itself."""
        changes = list(changes)
        names, places = _names(changes, self.user), _places(changes)
        for change in changes:
            model = apps.get_model(change["model"])
            row = self._row(model, change, places)
            before, after = change["before"], change["after"]
            if before is None or after is None:
                there = str(_("there"))
                yield Told(row, "", there if before else "", there if after else "")
                continue
            for field in model._meta.concrete_fields:
                if field.attname in before and field.attname not in _UNTOLD:
                    old, new = (
                        self.masked(_value(field, columns[field.attname], names))
                        for columns in (before, after)
                    )
                    if old != new:
                        yield Told(row, str(field.verbose_name), old, new)

    def _row(self, model: type[Model], change: Change, places: dict[Place, Where]) -> str:
        """Name a row by its kind, and of a span where it stood and how it began."""
        name = f"{model._meta.verbose_name} {change['pk']}"
        known = places.get((model, change["pk"]))
        columns = {**(change["after"] or {}), **(change["before"] or {})}
        document = columns.get("document_id", known and known[0])
        start = columns.get("start", known and known[1])
        end = columns.get("end", known and known[2])
        if document not in self.documents or start is None or end is None or start >= end:
            return name
        text, hidden = self.documents[document]
        words = excerpt(text, Span(start, min(end, len(text))), hidden, length=_WORDS)
        return f"{name} ({start}–{end}) “{words}”"


def _places(changes: Iterable[Change]) -> dict[Place, Where]:
    """Return the document, start and end of the changed rows that are spans and still there."""
    wanted: dict[type[Model], set[Any]] = {}
    for change in changes:
        wanted.setdefault(apps.get_model(change["model"]), set()).add(change["pk"])
    places: dict[Place, Where] = {}
    for model, pks in wanted.items():
        names = {field.name for field in model._meta.concrete_fields}
        if {"start", "end"} <= names:
            document = "document" if "document" in names else "utterance__document"
            rows = model._default_manager.filter(pk__in=pks)
            for pk, *where in rows.values_list("pk", document, "start", "end"):
                places[model, pk] = tuple(where)
    return places


def _mask(thread: Thread) -> re.Pattern[str]:
    """Match any words that are redacted in the thread, or in one that was parted from it."""
    words = {said for _row, said in redacted(thread.pk)}
    return re.compile(whole_words(words), re.IGNORECASE)


def _names(changes: Iterable[Change], user: Any) -> dict[tuple[type[Model], Any], str]:
    """Return what to call the rows that changed columns point at, as far as the user may know."""
    wanted: dict[type[Model], set[Any]] = {}
    for change in changes:
        for field in apps.get_model(change["model"])._meta.concrete_fields:
            if field.is_relation:
                keys = {(change[side] or {}).get(field.attname) for side in ("before", "after")}
                wanted.setdefault(field.related_model, set()).update(keys - {None})
    names: dict[tuple[type[Model], Any], str] = {}
    for model in wanted.keys() & _HOMES.keys():
        rows = access.open_to(user, model._default_manager.all(), _HOMES[model])
        for pk, row in rows.in_bulk(wanted[model]).items():
            is_post = model is Utterance
            names[model, pk] = _("post %(span)s") % {"span": row} if is_post else str(row)
    return names


def _value(field: Field[Any, Any], value: Any, names: dict[tuple[type[Model], Any], str]) -> str:
    if value is None or value == "":
        return "–"
    if field.is_relation:
        found = names.get((field.related_model, value))  # type: ignore[arg-type]
        return found or f"{field.related_model._meta.verbose_name} {value}"  # type: ignore[union-attr]
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(dict(field.flatchoices).get(value, value))
