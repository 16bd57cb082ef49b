"""Subcorpora that people saved on the search page: to rename, to share or not, to delete."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from corpus.errors import CorpusError
from corpus.models import Subcorpus
from corpus.search import subcorpora


class SubcorpusForm(forms.ModelForm):
    """The name; whatever else a subcorpus is was said on the search page."""

    class Meta:
        model = Subcorpus
        fields = ("name",)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name != self.instance.name:
            try:
                subcorpora.rename(Subcorpus.objects.get(pk=self.instance.pk), name)
            except CorpusError as error:
                raise forms.ValidationError(str(error)) from error
        return name


@admin.register(Subcorpus)
class SubcorpusAdmin(admin.ModelAdmin):
    form = SubcorpusForm
    list_display = ["name", "owner", "query", "shared", "created"]
    list_filter = ["shared"]
    list_select_related = ["owner"]
    search_fields = ["name", "query", "owner__username"]
    fields = ["name", "owner", "query", "chosen", "shared", "created"]
    readonly_fields = ["owner", "query", "chosen", "shared", "created"]
    actions = ["share", "share_no_longer"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_share_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    @admin.action(description=gettext_lazy("Share with everybody"), permissions=["share"])
    def share(self, request: HttpRequest, chosen: QuerySet[Subcorpus]) -> None:
        self._share(request, chosen, shared=True)

    @admin.action(description=gettext_lazy("Share no longer"), permissions=["share"])
    def share_no_longer(self, request: HttpRequest, chosen: QuerySet[Subcorpus]) -> None:
        self._share(request, chosen, shared=False)

    def _share(self, request: HttpRequest, chosen: QuerySet[Subcorpus], *, shared: bool) -> None:
        changed: list[Any] = []
        try:
            for subcorpus in chosen.exclude(shared=shared):
                subcorpora.share(subcorpus, shared, by=request.user)
                changed.append(subcorpus)
        except CorpusError as error:
            messages.error(request, str(error))
            return
        count = len(changed)
        said = ngettext("%(count)s subcorpus changed.", "%(count)s subcorpora changed.", count)
        messages.success(request, said % {"count": count} if count else _("Nothing to change."))
