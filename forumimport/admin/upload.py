"""The form of an import: files or pasted text, and where they go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from corpus.models import Collection
from forumimport import conf, readers
from forumimport.readers import Source


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, as Django's documentation makes it."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [super(FilesField, self).clean(file, initial) for file in data or [] if file]


class UploadForm(forms.Form):
    """``sources`` are what was given, after a successful validation."""

    documents = FilesField(
        label=_("Files"),
        required=False,
        allow_empty_file=True,  # Named in the preview, like every file that cannot be imported.
        help_text=_("One or more files of thread text."),
    )
    pasted = forms.CharField(
        label=_("Or pasted text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("A title line, then the posts."),
    )
    collection = forms.CharField(
        label=_("Collection"),
        max_length=100,
        help_text=_("An existing one, or the name of a new one."),
        widget=forms.TextInput(attrs={"list": "collections", "autocomplete": "off"}),
    )
    format = forms.ChoiceField(label=_("Format"))
    encoding = forms.CharField(
        label=_("Encoding"),
        required=False,
        max_length=40,
        help_text=_("Only if it is told wrongly: cp1252, for example."),
    )
    hold = forms.BooleanField(
        label=_("Hold"),
        required=False,
        help_text=_("Keep the posts from readers until they are released."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["collection"].initial = conf.default_collection()
        self.fields["format"].choices = [  # type: ignore[attr-defined]
            (readers.AUTO, _("told from each file")),
            *((reader.id, reader.title) for reader in readers.READERS.values()),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        files, pasted = data.get("documents") or [], data.get("pasted") or ""
        if not files and not pasted.strip():
            raise forms.ValidationError(_("Choose a file or paste a text."))
        size = sum(file.size or 0 for file in files) + len(pasted)
        if size > conf.max_upload_bytes():
            raise forms.ValidationError(
                _("That is %(size)s; at most %(limit)s can be uploaded at once. Import larger "
                  "files with manage.py import_threads.")
                % {
                    "size": filesizeformat(size),
                    "limit": filesizeformat(conf.max_upload_bytes()),
                }
            )  # fmt: skip
        return data

    @property
    def sources(self) -> list[Source]:
        sources = [
            Source(file.name or "upload", file.read()) for file in self.cleaned_data["documents"]
        ]
        if self.cleaned_data["pasted"].strip():
            # Browsers send every line end of a form field as CR LF, whatever was pasted.
            text = self.cleaned_data["pasted"].replace("\r\n", "\n")
            sources.append(Source(str(_("pasted text")), text.encode()))
        return sources

    @staticmethod
    def collections() -> list[str]:
        return list(Collection.objects.values_list("name", flat=True)[:200])
