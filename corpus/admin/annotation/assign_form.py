"""The form by which coordinators give threads to annotators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corpus.annotation.assigning import Plan
from corpus.annotation.choosing import Share, sample
from corpus.annotation.finding import threads_found_by
from corpus.annotation.permissions import annotators, collections_of
from corpus.models import Codebook, Collection, Role, Thread


class AssignForm(forms.Form):
    """``threads`` and ``plan`` are what was asked for, after a successful validation."""

    codebook = forms.ModelChoiceField(Codebook.objects.all(), label=gettext_lazy("Codebook"))
    collection = forms.ModelChoiceField(Collection.objects.none(), label=gettext_lazy("Collection"))
    query = forms.CharField(
        label=gettext_lazy("Only threads found by"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Words of their posts, as in the search; empty for all."),
    )
    keys = forms.CharField(
        label=gettext_lazy("Only threads numbered"),
        required=False,
        max_length=10_000,
        help_text=gettext_lazy("Their numbers in the admin, with spaces between; empty for all."),
    )
    size = forms.IntegerField(
        label=gettext_lazy("Random sample of"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("So many of these threads; empty for all of them."),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"),
        initial=1,
        min_value=0,
        max_value=2**31 - 1,
        help_text=gettext_lazy("The same seed draws the same sample and shares it out alike."),
    )
    people: Any = forms.ModelMultipleChoiceField(
        get_user_model()._default_manager.none(), label=gettext_lazy("Annotators")
    )
    each = forms.IntegerField(
        label=gettext_lazy("Annotators for each thread"), initial=1, min_value=1, max_value=50
    )
    overlap = forms.IntegerField(
        label=gettext_lazy("Share for agreement, in percent"),
        initial=0,
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("Of so many threads, at least two annotators code each."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.coordinated = collections_of(user, Role.COORDINATE)
        self.fields["collection"].queryset = self.coordinated  # type: ignore[attr-defined]
        self.fields["people"].queryset = annotators(self.coordinated)  # type: ignore[attr-defined]

    def clean_keys(self) -> list[int]:
        words = self.cleaned_data["keys"].replace(",", " ").split()
        if not all(word.isascii() and word.isdigit() and len(word) < 10 for word in words):
            raise forms.ValidationError(_("Write numbers with spaces between."))
        return [int(word) for word in words]

    @property
    def threads(self) -> QuerySet[Thread]:
        wanted = self.cleaned_data
        threads = Thread.objects.filter(collection=wanted["collection"])
        if wanted["keys"]:
            threads = threads.filter(pk__in=wanted["keys"])
        if wanted["query"]:
            threads = threads.filter(pk__in=threads_found_by(wanted["query"]))
        if wanted["size"]:
            keys = threads.values_list("pk", flat=True)
            threads = threads.filter(pk__in=sample(keys, wanted["size"], seed=wanted["seed"]))
        return threads.select_related("collection").order_by("pk")

    @property
    def plan(self) -> Plan:
        wanted = self.cleaned_data
        share = Share(wanted["each"], wanted["overlap"] / 100, max(2, wanted["each"]))
        chosen = [
            f"collection {wanted['collection']}",
            f"query “{wanted['query']}”" if wanted["query"] else "",
            f"threads {' '.join(map(str, wanted['keys']))}" if wanted["keys"] else "",
            f"sample of {wanted['size']}" if wanted["size"] else "",
            f"overlap {wanted['overlap']} %" if wanted["overlap"] else "",
            f"seed {wanted['seed']}",
        ]
        return Plan(
            wanted["codebook"].latest,
            list(wanted["people"]),
            share,
            wanted["seed"],
            "; ".join(filter(None, chosen)),
        )
