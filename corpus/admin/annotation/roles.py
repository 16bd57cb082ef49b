from django.contrib import admin

from corpus.models import AnnotationRole


@admin.register(AnnotationRole)
class AnnotationRoleAdmin(admin.ModelAdmin):
    """Who may do what in one collection: given by those whom the site lets give it."""

    list_display = ["group", "role", "collection"]
    list_filter = ["role", "collection"]
    ordering = ["collection", "group", "role"]
