"""One step for many threads: looked at before, carried out in batches, with its progress shown.

Nothing is remembered between the requests but what the page itself says: the choice of threads,
what to do, and how far it is. So it can be broken off and begun again at any time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from time import monotonic
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from corpus import access, queue
from corpus.admin.numbers import number
from corpus.admin.policy import own_sources_only
from corpus.admin.queue import Queue, narrowed
from corpus.curation import (
    ConfirmThread,
    DeleteThread,
    HoldThread,
    MoveThread,
    Operation,
    ReleaseThread,
    RenameSpeaker,
    ResegmentThread,
    RestoreThread,
    pseudonyms,
    together,
)
from corpus.errors import OperationRefused
from corpus.models import Collection, Thread

#: Threads of each kind, changed and left as they are, that a preview looks into.
_LISTED = 10
#: Seconds and threads of a batch: a request that answers in time.
_SECONDS, _BATCH = 2.0, 100


class NoFields(forms.Form):
    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class Above(NoFields):
    above = forms.FloatField(
        label=_("Confidence of at least"), min_value=0, max_value=1, initial=0.95
    )


class Names(NoFields):
    handle = forms.CharField(
        label=_("Speaker"), required=False, max_length=255, help_text=_("Empty: where unknown.")
    )
    to = forms.CharField(
        label=_("is"), required=False, max_length=255, help_text=_("Empty: is not known after all.")
    )

    def clean(self) -> dict[str, Any]:
        return (super().clean() or {}) | {"user": self.user}


class Goal(NoFields):
    goal = forms.ModelChoiceField(Collection.objects.none(), label=_("Collection"))

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["goal"].queryset = access.collections(user)  # type: ignore[attr-defined]


def _renamed(thread: Thread, handle: str, to: str, user: Any) -> Operation:
    """Return the step for the speakers that the user means by these names in the thread."""
    before, after = (pseudonyms.handle_of(thread, name.strip(), user) for name in (handle, to))
    return RenameSpeaker(thread, before, after)


@dataclass(frozen=True)
class Bulk:
    """What can be done to many threads at once: an operation for each.

    ``possible`` narrows threads to those that it would change, by query; to those that it may
    change if that is not ``known`` before.
    """

    name: str
    title: str | Promise
    operation: Callable[..., Operation]
    possible: Callable[..., QuerySet[Thread]]
    form: type[NoFields] = NoFields
    known: bool = True


BULK = {
    one.name: one
    for one in (
        Bulk(
            "confirm",
            _("Confirm what is sure enough"),
            ConfirmThread,
            ConfirmThread.possible,
            Above,
        ),
        Bulk(
            "speaker",
            _("Assign or rename a speaker"),
            _renamed,
            lambda threads, handle, to, user: RenameSpeaker.possible(threads, handle, to),
            Names,
        ),
        Bulk(
            "move",
            _("Move to another collection"),
            lambda thread, goal: MoveThread(thread, goal),
            lambda threads, goal: MoveThread.possible(threads, goal),
            Goal,
        ),
        Bulk("hold", _("Hold back from readers"), HoldThread, HoldThread.possible),
        Bulk("release", _("Release to readers"), ReleaseThread, ReleaseThread.possible),
        Bulk(
            "resegment",
            _("Recover the structure anew where nobody decided"),
            ResegmentThread,
            ResegmentThread.possible,
            known=False,
        ),
        Bulk("delete", _("Delete (can be restored)"), DeleteThread, DeleteThread.possible),
        Bulk("restore", _("Restore"), RestoreThread, RestoreThread.possible),
    )
}


Queue.bulk = BULK.values()


@dataclass
class Effect:
    """What became, or would become, of the threads looked at; a preview looks at some of each
    kind, and counts all: ``changing`` and ``left``."""

    done: list[tuple[Thread, str]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    last: int = 0
    changing: int = 0
    left: int = 0

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why threads are left as they are, and how many."""
        return self.refused.most_common()

    @property
    def looked_at(self) -> int:
        return len(self.done) + sum(self.refused.values())


@method_decorator(own_sources_only, name="page")
class BulkPages:
    """The pages in one admin site."""

    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def urls(self) -> list[URLPattern]:
        return [
            path("bulk/<slug:name>/", self.site.admin_view(self.page), name="corpus_thread_bulk")
        ]

    def page(self, request: HttpRequest, name: str) -> HttpResponse:
        """Ask and show the effect (GET); do the next batch and show the progress (POST)."""
        if not request.user.has_perm(access.CURATE_MANY):
            raise PermissionDenied
        bulk = BULK.get(name)
        if bulk is None:
            raise Http404("There is no such step.")
        threads = queue.threads(request.user, narrowed(request))
        asked = bool(request.GET.get("asked")) or not bulk.form.base_fields
        form = bulk.form(request.user, request.GET if asked else None)
        context: dict[str, Any] = {
            **self.site.each_context(request),
            "title": bulk.title,
            "opts": Thread._meta,
            "bulk": bulk,
            "form": form,
            "chosen": narrowed(request),
        }
        if request.method == "POST" and form.is_valid():
            context |= self._batch(request, bulk, form, threads)
        else:
            context["total"] = threads.count()
            if asked and form.is_valid():
                context["effect"] = _preview(bulk, form, threads, context["total"])
        return TemplateResponse(request, "admin/corpus/thread/bulk.html", context)

    def _batch(
        self, request: HttpRequest, bulk: Bulk, form: NoFields, threads: QuerySet[Thread]
    ) -> dict[str, Any]:
        before = {
            name: number(request.POST.get(name), otherwise=0)
            for name in ("after", "done", "refused", "total")
        }
        total = before["total"] or threads.count()
        rest = threads.order_by("pk").filter(pk__gt=before["after"])
        effect = _carried_out(bulk, form, rest, request.user)
        done = before["done"] + len(effect.done)
        refused = before["refused"] + sum(effect.refused.values())
        going = effect.looked_at > 0 and rest.filter(pk__gt=effect.last).exists()
        return {
            "running": going,
            "finished": not going,
            "after": effect.last,
            "done": done,
            "refused": refused,
            "total": total,
            "effect": effect,
            "percent": min(100, 100 * (done + refused) // total) if total else 100,
        }


def _preview(bulk: Bulk, form: NoFields, threads: QuerySet[Thread], total: int) -> Effect:
    """Tell what the step would do to all the threads, and to some in full, without doing it."""
    possible = bulk.possible(threads, **form.cleaned_data)
    changing = possible.count()
    effect = Effect(changing=changing, left=total - changing)
    others = threads.exclude(pk__in=possible.order_by().values("pk"))
    for thread in chain(possible[:_LISTED], others[:_LISTED]):
        try:
            operation = bulk.operation(thread, **form.cleaned_data)
            operation.check()
        except OperationRefused as refusal:
            effect.refused[str(refusal)] += 1
        else:
            effect.done.append((thread, operation.summary()))
    return effect


def _carried_out(bulk: Bulk, form: NoFields, threads: QuerySet[Thread], user: Any) -> Effect:
    """Do the step for as many threads as time allows."""
    effect, until = Effect(), monotonic() + _SECONDS
    with together():
        for thread in threads[:_BATCH]:
            try:
                event = bulk.operation(thread, **form.cleaned_data).execute(user)
                effect.done.append((thread, event.summary))
            except OperationRefused as refusal:
                effect.refused[str(refusal)] += 1
            effect.last = thread.pk
            if monotonic() > until:
                break
    return effect
