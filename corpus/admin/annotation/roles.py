from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from corpus import access
from corpus.admin.changelist import OpenCollections
from corpus.models import AnnotationRole


@admin.register(AnnotationRole)
class AnnotationRoleAdmin(admin.ModelAdmin):
    """Who may do what in one collection: given by those whom the site lets give it."""

    list_display = ["group", "role", "collection"]
    list_filter = ["role", ("collection", OpenCollections)]
    list_select_related = ["group", "collection"]
    ordering = ["collection", "group", "role"]
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[AnnotationRole]:
        return access.open_to(request.user, super().get_queryset(request), "collection")

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "collection":
            kwargs["queryset"] = access.collections(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
