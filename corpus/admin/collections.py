from __future__ import annotations

from itertools import chain
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from corpus import access
from corpus.admin.bulk import BulkPages
from corpus.admin.changelist import CuratedAdmin, OpenCollections, VersionedForm, admin_link
from corpus.admin.execution import execute_all
from corpus.admin.history import HistoryPages
from corpus.admin.queue import Queue
from corpus.admin.suggestions import CollectionSuggestions, Suggestions
from corpus.admin.workbench.views import Workbench
from corpus.conf import unsure_below
from corpus.curation import (
    DeleteThread,
    HoldThread,
    MergeThreads,
    ReleaseThread,
    RestoreThread,
    RetitleThread,
    pseudonyms,
)
from corpus.errors import OperationRefused
from corpus.models import (
    Annotation,
    Assignment,
    Collection,
    CollectionGroup,
    CurationEvent,
    Decision,
    Flag,
    Layer,
    Quotation,
    Redaction,
    SourceDocument,
    Thread,
    Utterance,
)

#: The pages about threads beside the admin's own.
_PAGES: tuple[Any, ...] = (BulkPages, HistoryPages, Queue, Suggestions, Workbench)


#: What people made or decided about a thread and what goes with it, and the way to the thread.
_GOING: tuple[tuple[str, type[Model]], ...] = (
    ("thread", SourceDocument),
    ("document__thread", Utterance),
    ("utterance__document__thread", Quotation),
    ("document__thread", Redaction),
    ("document__thread", Flag),
    ("thread", CurationEvent),
    ("thread", Layer),
    ("layer__thread", Assignment),
    ("document__thread", Annotation),
    ("layer__thread", Decision),
)


class CollectionGroupInline(admin.TabularInline):
    """Who may curate the collection; given by those who may manage users."""

    model = CollectionGroup
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("auth.change_group"))

    has_change_permission = has_delete_permission = has_add_permission

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class DeletedFilter(admin.SimpleListFilter):
    """Leaves deleted threads out unless they are asked for."""

    title = _("deleted")
    parameter_name = "deleted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("deleted ones only"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(deleted=self.value() == "yes")


@admin.register(Collection)
class CollectionAdmin(CuratedAdmin):
    collection = "pk"
    list_display = ["name", "threads", "language", "licence", "visibility", "details", "forum"]
    list_filter = ["visibility", "language"]
    search_fields = ["name", "description", "origin"]
    ordering = ["name"]
    inlines = [CollectionGroupInline]
    actions = ["pseudonyms_on", "pseudonyms_off"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        threads = Thread.objects.filter(collection=OuterRef("pk")).order_by()
        count = threads.values("collection").annotate(n=Count("pk")).values("n")
        return super().get_queryset(request).annotate(thread_count=Coalesce(Subquery(count), 0))

    def get_urls(self) -> list[URLPattern]:
        return [*CollectionSuggestions(self.admin_site).urls(), *super().get_urls()]

    def get_list_display(self, request: HttpRequest) -> Any:
        may_redact = request.user.has_perm(access.REDACT)
        shown = super().get_list_display(request)
        return [name for name in shown if name != "details" or may_redact]

    def has_reverse_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(access.REVERSE))

    @admin.action(description=_("Show speakers by pseudonyms"), permissions=["reverse"])
    def pseudonyms_on(self, request: HttpRequest, queryset: QuerySet[Collection]) -> None:
        self._switch(request, queryset, on=True)

    @admin.action(description=_("Show speakers by their handles"), permissions=["reverse"])
    def pseudonyms_off(self, request: HttpRequest, queryset: QuerySet[Collection]) -> None:
        self._switch(request, queryset, on=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[Collection], on: bool) -> None:
        for collection in queryset:
            try:
                threads = sum(1 for _thread in pseudonyms.switch(collection, on, request.user))
            except OperationRefused as refusal:
                messages.error(request, str(refusal))
                continue
            self.log_change(request, collection, f"Pseudonyms {'on' if on else 'off'}")
            told = ngettext("%(n)s thread follows.", "%(n)s threads follow.", threads)
            messages.success(request, f"{collection}: {told % {'n': threads}}")
            if on and request.user.has_perm(access.REDACT):
                messages.info(request, _mentions(collection))

    @admin.display(description=_("personal details"))
    def details(self, collection: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', _suggestions(collection), _("look for them"))

    @admin.display(description=_("threads"))
    def threads(self, collection: Any) -> SafeString:
        return format_html(
            '<a href="{}?collection__id__exact={}">{}</a>',
            reverse("admin:corpus_thread_changelist"),
            collection.pk,
            collection.thread_count,
        )


class ThreadForm(VersionedForm):
    class Meta:
        model = Thread
        fields = ["title"]

    @property
    def thread(self) -> Thread:
        return self.instance


@admin.register(Thread)
class ThreadAdmin(CuratedAdmin):
    """A title is changed, and a thread held or released, by operation."""

    list_display = [
        "__str__",
        "collection",
        "posts",
        "unsure",
        "held",
        "created",
        "workbench",
        "forum",
    ]
    collection = "collection"
    list_select_related = ["collection"]
    list_filter = ["held", ("collection", OpenCollections), DeletedFilter, "created"]
    search_fields = ["title"]
    form = ThreadForm
    fields = [
        "title",
        "collection",
        "language",
        "held",
        "posts",
        "unsure",
        "workbench",
        "sources",
        "history",
        "seen_version",
    ]
    readonly_fields = [
        "collection",
        "language",
        "held",
        "posts",
        "unsure",
        "workbench",
        "sources",
        "history",
    ]
    actions = ["hold", "release", "merge", "delete_restorably", "restore"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Thread]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                post_count=_utterances(),
                unsure_count=_utterances(confidence__lt=unsure_below(), state="automatic"),
            )
        )

    def get_urls(self) -> list[URLPattern]:
        pages = [kind(self.admin_site).urls() for kind in _PAGES]
        return [*chain.from_iterable(pages), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if "title" in form.changed_data:
            operation = RetitleThread(Thread.objects.get(pk=obj.pk), obj.title)
            self.carry_out(request, [operation], form.cleaned_data["seen_version"])

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "title":
            kwargs["widget"] = AdminTextInputWidget(attrs={"size": 80})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Sum up what goes with the threads; a list of every utterance would help no one."""
        threads = list(objs)
        summary = [str(thread) for thread in threads]
        counts = {Thread._meta.verbose_name_plural: len(threads)}
        for path, model in _GOING:
            gone = model._default_manager.filter(**{f"{path}__in": threads}).count()
            if gone or model is Utterance:
                counts[model._meta.verbose_name_plural] = gone
        return summary, counts, set(), []

    @admin.display(description=_("posts"))
    def posts(self, thread: Any) -> SafeString:
        return _filtered(thread, thread.post_count)

    @admin.display(description=_("unsure"))
    def unsure(self, thread: Any) -> SafeString:
        return _filtered(thread, thread.unsure_count, "&unsure=yes")

    @admin.display(description=_("workbench"))
    def workbench(self, thread: Any) -> SafeString:
        address = reverse("admin:corpus_thread_workbench", args=[thread.pk])
        return format_html('<a href="{}">{}</a>', address, _("curate"))

    @admin.display(description=_("source documents"))
    def sources(self, thread: Any) -> SafeString | str:
        documents = SourceDocument.objects.filter(thread=thread).defer("text").order_by("order")
        return format_html(", ".join(["{}"] * len(documents)), *map(admin_link, documents))

    @admin.display(description=_("history"))
    def history(self, thread: Any) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:corpus_thread_history", args=[thread.pk]),
            _("version %(version)s") % {"version": thread.version},
        )

    @admin.action(description=_("Hold back from readers"), permissions=["change"])
    def hold(self, request: HttpRequest, queryset: QuerySet[Thread]) -> None:
        execute_all(request, [HoldThread(thread) for thread in queryset])

    def has_curate_many_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(access.CURATE_MANY))

    @admin.action(
        description=_("Merge into one: pages of the same thread"), permissions=["curate_many"]
    )
    def merge(self, request: HttpRequest, queryset: QuerySet[Thread]) -> None:
        """The one that was imported first keeps its title; the others follow in that order."""
        threads = list(queryset.order_by("pk"))
        if len(threads) < 2:
            messages.error(request, _("Choose two threads or more to be merged."))
            return
        first, *others = threads
        execute_all(request, [MergeThreads(first, other) for other in others])

    @admin.action(description=_("Delete (can be restored)"), permissions=["curate_many"])
    def delete_restorably(self, request: HttpRequest, queryset: QuerySet[Thread]) -> None:
        execute_all(request, [DeleteThread(thread) for thread in queryset])

    @admin.action(description=_("Restore"), permissions=["curate_many"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Thread]) -> None:
        execute_all(request, [RestoreThread(thread) for thread in queryset])

    @admin.action(description=_("Release to readers"), permissions=["change"])
    def release(self, request: HttpRequest, queryset: QuerySet[Thread]) -> None:
        execute_all(request, [ReleaseThread(thread) for thread in queryset])


def _suggestions(collection: Collection) -> str:
    return reverse("admin:corpus_collection_suggestions", args=[collection.pk])


def _mentions(collection: Collection) -> SafeString:
    """Lead to the handles inside texts, which pseudonyms do not reach."""
    return format_html(
        '{} <a href="{}">{}</a>',
        _("Handles that people mention inside their texts are still there."),
        _suggestions(collection),
        _("Hide them"),
    )


def _utterances(**conditions: Any) -> Coalesce:
    """Count a thread's utterances by a subquery: only for the rows of the page."""
    rows = Utterance.objects.filter(document__thread=OuterRef("pk"), **conditions).order_by()
    return Coalesce(
        Subquery(rows.values("document__thread").annotate(n=Count("pk")).values("n")), 0
    )


def _filtered(thread: Thread, words: Any, more: str = "") -> SafeString:
    return format_html(
        '<a href="{}?document__thread__id__exact={}{}">{}</a>',
        reverse("admin:corpus_utterance_changelist"),
        thread.pk,
        more,
        words,
    )
