"""Forms over :mod:`corpus.annotation.editing`: they ask, the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.utils.translation import gettext_lazy as _

from corpus.annotation.codebooks import FORMATS
from corpus.annotation.editing import CodeColumns
from corpus.models import Code, CodebookVersion, Colour, Line, Scope

_WIDE = AdminTextInputWidget(attrs={"size": 60})


class CodebookForm(forms.Form):
    """A new codebook, empty or from a file."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=_WIDE)
    guidelines = forms.CharField(
        label=_("Guidelines"),
        required=False,
        max_length=50_000,
        widget=AdminTextareaWidget,
        help_text=_("Markdown. Annotators read them beside the thread."),
    )
    file = forms.FileField(
        label=_("Or from a file"),
        required=False,
        help_text=_("JSON, CSV, or REFI-QDA (.qdc) as other programs for coding write it."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{e}" for e in FORMATS)}),
    )


class GuidelinesForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    guidelines = forms.CharField(
        label=_("Guidelines"), required=False, max_length=50_000, widget=AdminTextareaWidget
    )


class ImportForm(forms.Form):
    file = forms.FileField(label=_("File"), help_text=_("JSON, CSV or REFI-QDA (.qdc)."))


class CodeForm(forms.Form):
    """One code of the latest version; ``parent`` and ``into`` are other codes of it."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=200, widget=_WIDE)
    parent: Any = forms.ModelChoiceField(
        Code.objects.none(), label=_("Below"), required=False, empty_label=_("(top)")
    )
    definition = forms.CharField(
        label=_("Definition"), required=False, max_length=10_000, widget=AdminTextareaWidget
    )
    examples = forms.CharField(
        label=_("Examples"), required=False, max_length=10_000, widget=AdminTextareaWidget
    )
    scope = forms.ChoiceField(label=_("Said of"), choices=Scope.choices)
    key = forms.CharField(
        label=_("Key"),
        required=False,
        max_length=1,
        help_text=_("One letter, digit or sign that codes the chosen words."),
    )
    colour = forms.ChoiceField(
        label=_("Colour"), required=False, choices=[("", _("the next free")), *Colour.choices]
    )
    line = forms.ChoiceField(
        label=_("Line"), required=False, choices=[("", _("the next free")), *Line.choices]
    )
    into: Any = forms.ModelChoiceField(
        Code.objects.none(),
        label=_("Merge into"),
        required=False,
        help_text=_("All that is coded so counts as that code; the merger can be taken back."),
    )

    def __init__(self, *args: Any, version: CodebookVersion, code: Code | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        others = version.codes.exclude(pk=code.pk if code else 0).order_by("order")
        self.fields["parent"].queryset = others  # type: ignore[attr-defined]
        if code is None:
            del self.fields["into"]
        else:
            self.fields["into"].queryset = others.filter(  # type: ignore[attr-defined]
                scope=code.scope, retired=False
            )

    @property
    def columns(self) -> CodeColumns:
        names = ("name", "definition", "examples", "colour", "line", "key", "scope")
        return CodeColumns(**{name: self.cleaned_data[name] for name in names})
