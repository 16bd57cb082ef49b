"""Annotations as files: the page over :mod:`corpus.exports.annotations`."""

from __future__ import annotations

import tempfile
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corpus.admin.annotation.analysis import watched_layers
from corpus.admin.annotation.pages import require
from corpus.annotation.permissions import annotators, collections_of
from corpus.errors import CorpusError
from corpus.exports.annotations import FORMATS, read, write
from corpus.exports.annotations.importing import Destination, Report, import_annotations
from corpus.models import Codebook, Layer, Role

#: Annotations that could not be anchored which a page lists.
_LISTED = 200


class AnnotationsForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, or W3C Web Annotation (.json, .jsonld)."),
    )
    annotator: Any = forms.ModelChoiceField(
        get_user_model()._default_manager.none(), label=gettext_lazy("Into the layers of")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coordinated = collections_of(user, Role.COORDINATE)
        self.fields["annotator"].queryset = annotators(coordinated)  # type: ignore[attr-defined]


def files_page(admin: Any, request: HttpRequest, codebook: Codebook) -> HttpResponse:
    """Offer the exports, and take annotations in with a report."""
    form = AnnotationsForm(request.POST or None, request.FILES or None, user=request.user)
    report = None
    if request.method == "POST":
        require(request, Role.COORDINATE)
        if form.is_valid():
            report = _imported(request, codebook, form)
    return admin.page(
        request,
        "files",
        {
            "title": _("Export and import"),
            "codebook": codebook,
            "formats": [(name, told[2]) for name, told in FORMATS.items()],
            "kinds": [("all", _("all layers")), *Layer.Kind.choices],
            "form": form,
            "report": report,
            "left": report.left[:_LISTED] if report else [],
        },
    )


def export_page(admin: Any, request: HttpRequest, codebook: Codebook, format: str) -> HttpResponse:
    """Send the annotations of the collections that the user coordinates or adjudicates."""
    if format not in FORMATS:
        raise Http404
    layers = watched_layers(request).filter(version__codebook=codebook)
    kind = request.GET.get("layers", "all")
    if kind in Layer.Kind.values:
        layers = layers.filter(kind=kind)
    ending, media_type, _name = FORMATS[format]
    # Large exports do not go through memory.
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response
    write(layers, format, stream)
    stream.seek(0)
    name = (
        f"{slugify(codebook.name) or 'annotations'}-{kind if kind in Layer.Kind.values else 'all'}"
    )
    return FileResponse(  # type: ignore[return-value]
        stream, as_attachment=True, filename=f"{name}.{ending}", content_type=media_type
    )


def _imported(request: HttpRequest, codebook: Codebook, form: AnnotationsForm) -> Report | None:
    file = form.cleaned_data["file"]
    into = Destination(codebook, form.cleaned_data["annotator"], request.user)
    try:
        with transaction.atomic():
            return import_annotations(read(file.name, file.read()), into)
    except CorpusError as refusal:
        messages.error(request, str(refusal))
        return None


PAGES = [
    ("files/", files_page, "files"),
    ("files/<str:format>/", export_page, "export"),
]
