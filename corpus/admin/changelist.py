"""Change lists that stay fast over hundreds of thousands of rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import F, Model, QuerySet
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.addresses import address_of
from corpus.curation import Operation, together
from corpus.errors import OperationRefused
from corpus.models import Redaction, Thread
from corpus.rendering import Hidden, excerpt, reading_text
from corpus.spans import Span

#: Rows that a list counts and pages through: counting all, or skipping to row 500,000, reads them
#: all. Who looks for something beyond filters or searches.
COUNTED = 10_000


#: Characters fetched for an excerpt: it folds white space.
_HEAD = 200
#: Characters of a text that a page shows: a browser bears no more comfortably.
_SHOWN = 200_000


class BoundedPaginator(Paginator):
    """Counts and pages through the first :data:`COUNTED` rows only."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        # Keys only: what the columns compute for a page must not be computed for the count.
        return int(rows.order_by().values("pk")[:COUNTED].count())


class ExcerptList(ChangeList):
    """Gives each row of the page its ``head``: the text from where its span begins.

    Only those of the page: a column computed by the query would be computed for every row that
    is sorted.
    """

    #: The way from the row to its document's text.
    text = "document__text"

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        heads = dict(
            self.model._default_manager.filter(pk__in=[row.pk for row in self.result_list])
            .order_by()
            .values_list("pk", Substr(self.text, F("start") + 1, _HEAD))
        )
        for row in self.result_list:
            row.head = heads.get(row.pk, "")


class CorpusAdmin(admin.ModelAdmin):
    """Read-only unless a subclass says otherwise; no full count, stable order by key."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # Each would count every row.
    list_per_page = 50
    ordering = ["-pk"]
    #: The way from a row to its collection, if it has one: of those that are closed to a user
    #: the admin shows no trace.
    collection: str | None = None

    class Media:
        css = {"all": ["corpus/admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return access.open_to(request.user, rows, self.collection) if self.collection else rows

    # Django's log of recent actions would keep titles whose words are redacted since, and show
    # those of collections that are closed to the user since: it names rows by their keys.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return self._unnamed(super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return self._unnamed(super().log_change(request, obj, message))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        return [self._unnamed(entry) for entry in super().log_deletions(request, queryset)]

    def _unnamed(self, entry: LogEntry) -> LogEntry:
        entry.object_repr = f"{self.opts.verbose_name} {entry.object_id}"
        entry.save(update_fields=["object_repr"])
        return entry

    def view_on_site(self, obj: Any) -> str | None:
        return address_of(obj) or None

    @admin.display(description=_("forum"))
    def forum(self, obj: Any) -> SafeString | str:
        return forum_link(obj)


class OpenCollections(admin.RelatedFieldListFilter):
    """Offers the collections that are open to the user."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        open_ones = access.collections(request.user)
        return field.get_choices(
            include_blank=False, ordering=("name",), limit_choices_to={"pk__in": open_ones}
        )


class VersionedForm(forms.ModelForm):
    """A form that remembers on which version of its thread it was shown.

    Subclasses name the thread; what a person changed is told from what they saw, not from what
    others made of it meanwhile.
    """

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True
        if self.instance.pk is not None:
            self.fields["seen_version"].initial = self.thread.version

    @property
    @abstractmethod
    def thread(self) -> Thread:
        """The thread that the form's row belongs to."""


_REFUSED = "_corpus_operation_refused"


class CuratedAdmin(CorpusAdmin):
    """For rows that curators may change, by operations."""

    def carry_out(
        self, request: HttpRequest, operations: Iterable[Operation], version: int
    ) -> None:
        """Carry out what a form asked for, all or nothing.

        ``version`` is the thread's when the form was shown: on another, nothing is done. The
        first step that is refused is told with its reason.
        """
        try:
            with together():
                for operation in operations:
                    version = operation.execute(request.user, version=version).version
        except OperationRefused as refusal:
            messages.error(request, str(refusal))
            setattr(request, _REFUSED, True)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if getattr(request, _REFUSED, False):
            return HttpResponseRedirect(request.get_full_path())  # Not "was changed successfully".
        return super().response_change(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("corpus.curate_thread")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj) or super().has_view_permission(request, obj)


def forum_link(row: Model) -> SafeString | str:
    """Return a link to where readers see ``row``."""
    address = address_of(row)
    return format_html('<a href="{}">{}</a>', address, _("read")) if address else "–"


def admin_link(row: Model | None, words: Any = None) -> SafeString | str:
    """Return a link to the row's own admin page."""
    if row is None:
        return "–"
    meta = row._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, words or row)


def shown_text(text: str, span: Span, hidden: list[Hidden]) -> SafeString:
    """Return a text for reading in the admin; of a giant, the beginning."""
    shown = Span(span.start, min(span.end, span.start + _SHOWN))
    more = _("… and more: only the beginning is shown.") if shown != span else ""
    return format_html(
        '<div class="corpus-source" dir="auto" tabindex="0">{}</div>{}',
        reading_text(text, shown, hidden),
        more,
    )


def excerpt_of(
    part: str, start: int, end: int, redactions: Iterable[Redaction], *, length: int = 90
) -> str:
    """Return the beginning of the span ``[start, end)`` as readers may see it.

    ``part`` is the document's text from ``start`` on, as much of it as was fetched.
    """
    fetched = Span(start, min(end, start + len(part)))
    # Redactions that begin before the part still hide its first characters.
    hidden = [
        Hidden(Span(max(row.start, start) - start, row.end - start), row.get_kind_display())
        for row in redactions
        if row.span.overlaps(fetched)
    ]
    line = excerpt(part, Span(0, len(fetched)), hidden, length=length)
    return line if fetched.end == end or line.endswith("…") else f"{line}…"
