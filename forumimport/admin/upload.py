"""The form of an import: files or pasted text, and where they go."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from corpus import access
from corpus.errors import CorpusError
from forumimport import conf, readers, stating
from forumimport.readers.mapping import ThreadMapping
from forumimport.readers.ordering import DEPTH_FIRST, SOURCE, TIME
from forumimport.runs import may_fill
from forumimport.stating import Misstated

#: Collections that are proposed while a name is typed.
_OFFERED = 200
#: Bytes of a mapping that are read: the shipped ones have some thousands at most.
_MAPPING = 256 * 1024


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, as Django's documentation makes it."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [super(FilesField, self).clean(file, initial) for file in data or [] if file]


class UploadForm(forms.Form):
    """After a successful validation, ``files_given`` and ``stated`` tell what is to be imported.

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

    separator = forms.CharField(
        label=_("Separator"),
        required=False,
        max_length=200,
        help_text=_("Thread text only: the line that stands between the threads of one file."),
    )
    field = forms.CharField(
        label=_("Names of fields or columns"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Tables, 4CAT results and JSON lines of documents: what they call a field, one a "
            "line, such as text=body. Ours are text, thread, title, id, author, date and "
            "reply_to; of documents text, title, url and language."
        ),
    )
    mapping = forms.ChoiceField(
        label=_("Mapping"),
        required=False,
        help_text=_("JSON of any form only: says where in it threads, posts and writers are."),
    )
    mapping_file = forms.FileField(
        label=_("Or a mapping of your own"),
        required=False,
        help_text=_("A TOML file; the shipped ones show how it is written."),
    )
    order = forms.ChoiceField(
        label=_("Order of posts"),
        required=False,
        choices=[
            ("", _("as is usual for the format")),
            (TIME, _("by time")),
            (DEPTH_FIRST, _("every reply below what it answers")),
            (SOURCE, _("as they stand in the file")),
        ],
        help_text=_("Formats whose posts lie scattered: mail, Reddit, ConvoKit, tables, JSON."),
    )
    limit = forms.IntegerField(
        label=_("At most so many threads"), required=False, min_value=1, max_value=2**31 - 1
    )
    since = forms.DateField(
        label=_("Only since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leaves out threads whose last post is older; those without a date are taken."),
    )
    include = forms.CharField(
        label=_("Include"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Archives only: files such as *.json or 2019/* and no others; one pattern a line."
        ),
    )
    exclude = forms.CharField(
        label=_("Exclude"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Archives only: patterns of files that are left out, one a line."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["collection"].initial = conf.default_collection()
        self._offer(
            "format",
            [
                (readers.AUTO, _("told from each file")),
                *((reader.id, reader.title) for reader in readers.READERS.values()),
            ],
        )
        self._offer("mapping", [("", _("none")), *((name, name) for name in stating.mappings())])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def usual(self) -> list[forms.BoundField]:
        """Return what is asked of everybody."""
        return [one for one in self if one.name not in _MORE]

    def more(self) -> list[forms.BoundField]:
        """Return what most uploads need nothing said about."""
        return [self[name] for name in _MORE]

    def more_stated(self) -> bool:
        """Whether something was said there, or went wrong."""
        return any(one.errors or one.data for one in self.more())

    def clean_collection(self) -> str:
        name: str = self.cleaned_data["collection"]
        if not may_fill(self.user, name):
            raise forms.ValidationError(_("You may not import into this collection."))
        return name

    def clean_encoding(self) -> str:
        name: str = self.cleaned_data["encoding"]
        try:
            if name:
                codecs.lookup(name)
        except (LookupError, ValueError):
            raise forms.ValidationError(
                _("There is no encoding of that name; utf-8 and cp1252 are some.")
            ) from None
        return name

    def clean_mapping_file(self) -> dict[str, Any] | None:
        file: UploadedFile | None = self.cleaned_data["mapping_file"]
        if file is None:
            return None
        if (file.size or 0) > _MAPPING:
            raise forms.ValidationError(_("That is too large for a mapping."))
        try:
            mapping = stating.mapping_in(file.read().decode("utf-8-sig"))
            ThreadMapping.of(mapping)
            json.dumps(mapping, allow_nan=False)  # As the run remembers it.
        except UnicodeDecodeError:
            raise forms.ValidationError(
                _("%(file)s is no TOML file: it is not text in UTF-8."),
                params={"file": file.name},
            ) from None
        except Misstated as error:
            raise forms.ValidationError(f"{file.name} {error.reason}") from None
        except CorpusError as error:
            raise forms.ValidationError(f"{file.name}: {error}") from None
        except (TypeError, ValueError):
            raise forms.ValidationError(
                _("%(file)s is no mapping: dates and numbers stand in none; put them in quotes."),
                params={"file": file.name},
            ) from None
        return mapping

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        files, pasted = data.get("documents") or [], data.get("pasted") or ""
        if not files and not pasted.strip() and "documents" not in self.errors:
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
        if not self.errors:
            self._clean_plan()
        return data

    def _clean_plan(self) -> None:
        """Say at the field what makes no plan."""
        try:
            stating.plan_of(self.stated())
        except Misstated as error:
            for one in (error, *error.others):
                self.add_error(one.option, one.reason)

    def stated(self) -> dict[str, Any]:
        """Return what is stated, as a run remembers it."""
        data = self.cleaned_data
        return stating.kept(
            {
                **{name: data[name] for name in _AS_STATED},
                **{name: lines(data[name]) for name in ("field", "include", "exclude")},
                "mapping": data["mapping_file"] or data["mapping"],
                "since": data["since"].isoformat() if data["since"] else None,
                "paths": [],
            }
        )

    def files_given(self) -> list[tuple[str, Iterable[bytes]]]:
        """Return names and bytes, in pieces."""
        given: list[tuple[str, Iterable[bytes]]] = [
            (file.name or "upload", file.chunks()) for file in self.cleaned_data["documents"]
        ]
        if self.cleaned_data["pasted"].strip():
            # Browsers send every line end of a form field as CR LF, whatever was pasted.
            text = self.cleaned_data["pasted"].replace("\r\n", "\n")
            given.append((str(_("pasted text")), [text.encode()]))
        return given

    def collections(self) -> list[str]:
        return list(access.collections(self.user).values_list("name", flat=True)[:_OFFERED])


_AS_STATED = ("collection", "format", "encoding", "hold", "separator", "order", "limit")
_MORE = (
    *("encoding", "separator", "field", "mapping", "mapping_file", "order"),
    *("limit", "since", "include", "exclude"),
)


def lines(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
