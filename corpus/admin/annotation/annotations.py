from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from corpus.admin.annotation.pages import AnnotationPages
from corpus.admin.changelist import ExcerptList, excerpt_of
from corpus.annotation.permissions import layers_seen_by
from corpus.models import Annotation, Role


@admin.register(Annotation)
class AnnotationAdmin(AnnotationPages):
    """All annotations of the collections that a person coordinates or adjudicates, to be read."""

    roles = (Role.COORDINATE, Role.ADJUDICATE)
    list_display = ["words", "code", "author", "kind", "unsure", "note", "in_thread", "changed"]
    list_display_links = None
    list_filter = ["scope", "unsure", "layer__kind", "layer__version__codebook", "code__name"]
    search_fields = ["layer__thread__title", "=code__name", "=layer__author_name", "note"]
    search_help_text = _("Title of the thread, a code, an annotator, or words of a note.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Annotation]:
        rows = super().get_queryset(request).filter(layer__in=layers_seen_by(request.user))
        rows = rows.select_related("layer__thread", "code", "document").defer("document__text")
        return rows.prefetch_related("document__redactions")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ExcerptList]:
        return ExcerptList

    @admin.display(description=_("passage"))
    def words(self, annotation: Any) -> str:
        redactions = annotation.document.redactions.all()
        return excerpt_of(annotation.head, annotation.start, annotation.end, redactions)

    @admin.display(description=_("by"), ordering="layer__author_name")
    def author(self, annotation: Any) -> str:
        return str(annotation.layer.author_name)

    @admin.display(description=_("layer"), ordering="layer__kind")
    def kind(self, annotation: Any) -> str:
        return str(annotation.layer.get_kind_display())

    @admin.display(description=_("thread"), ordering="layer__thread")
    def in_thread(self, annotation: Any) -> SafeString:
        address = reverse("admin:corpus_annotation_coding", args=[annotation.layer_id])
        return format_html(
            '<a href="{}#annotation-{}"><bdi>{}</bdi></a>',
            address,
            annotation.guid,
            annotation.layer.thread,
        )
