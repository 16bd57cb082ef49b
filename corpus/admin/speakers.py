from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.admin.changelist import CorpusAdmin, OpenCollections
from corpus.models import Speaker, Utterance


@admin.register(Speaker)
class SpeakerAdmin(CorpusAdmin):
    collection = "collection"
    list_display = ["name", "collection", "posts"]
    list_select_related = ["collection"]
    list_filter = [("collection", OpenCollections)]
    search_fields = ["handle", "pseudonym"]
    readonly_fields = ["name", "posts"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Speaker]:
        rows = Utterance.objects.filter(speaker=OuterRef("pk")).order_by()
        count = rows.values("speaker").annotate(n=Count("pk")).values("n")
        speakers = super().get_queryset(request).annotate(post_count=Coalesce(Subquery(count), 0))
        # A step that was undone may leave a speaker of nothing behind.
        return speakers.filter(Exists(rows))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The handle behind a pseudonym is for those who may see it."""
        behind = ["handle"] if access.sees_handles(request.user) else []
        return ["name", *behind, "collection", "posts"]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return self.search_fields if access.sees_handles(request.user) else ["pseudonym"]

    @admin.display(description=_("name"), ordering="pseudonym")
    def name(self, speaker: Any) -> str:
        return str(speaker.name)

    @admin.display(description=_("posts"))
    def posts(self, speaker: Any) -> SafeString:
        return format_html(
            '<a href="{}?speaker__id__exact={}">{}</a>',
            reverse("admin:corpus_utterance_changelist"),
            speaker.pk,
            speaker.post_count,
        )
