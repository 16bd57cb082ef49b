"""The form of an import: files or pasted text, and where they go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from corpus import access
from forumimport import conf, readers
from forumimport.readers import Source
from forumimport.readers.mapped import MappedReader
from forumimport.runs import may_fill

#: Collections that are proposed while a name is typed.
_OFFERED = 200


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, as Django's documentation makes it."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [super(FilesField, self).clean(file, initial) for file in data or [] if file]


class UploadForm(forms.Form):
    """``sources`` are what was given, after a successful validation.

    Only collections that are open to the ``user`` are offered and accepted.
    """

    documents = FilesField(
        label=_("Files"),
        required=False,
        allow_empty_file=True,  # Named in the preview, like every file that cannot be imported.
        help_text=_(
            "One or more files in any of the formats below, compressed or not, and zip and tar "
            "archives of them."
        ),
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

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["collection"].initial = conf.default_collection()
        self.fields["format"].choices = [  # type: ignore[attr-defined]
            (readers.AUTO, _("told from each file")),
            *(
                (reader.id, reader.title)
                for reader in readers.READERS.values()
                if reader.id != MappedReader.id  # The form has no place to name a mapping.
            ),
        ]

    def clean_collection(self) -> str:
        name: str = self.cleaned_data["collection"]
        if not may_fill(self.user, name):
            raise forms.ValidationError(_("You may not import into this collection."))
        return name

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

    def collections(self) -> list[str]:
        return list(access.collections(self.user).values_list("name", flat=True)[:_OFFERED])
