from __future__ import annotations

import uuid
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from corpus.admin.annotation import adjudication, agreement, analysis, files
from corpus.admin.annotation.analysis import watched_layers
from corpus.admin.annotation.codebook_forms import (
    CodebookForm,
    CodeForm,
    GuidelinesForm,
    ImportForm,
)
from corpus.admin.annotation.pages import AnnotationPages, number, require, told
from corpus.annotation import editing, guidelines, storing
from corpus.annotation.codebooks import FORMATS
from corpus.annotation.permissions import may
from corpus.errors import CorpusError
from corpus.models import Annotation, Code, Codebook, CodebookVersion, Role


@admin.register(Codebook)
class CodebookAdmin(AnnotationPages):
    """Codebooks and their codes; each page also leads to what was made of them."""

    roles = (Role.COORDINATE, Role.ADJUDICATE)
    list_display = ["name", "version", "codes", "created"]
    search_fields = ["name"]
    ordering = ["name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Role.COORDINATE)

    def get_urls(self) -> list[URLPattern]:
        return [
            self.page_url("<int:pk>/code/", self.code_view, "code_add"),
            self.page_url("<int:pk>/code/<uuid:identity>/", self.code_view, "code"),
            self.page_url("<int:pk>/import/", self.import_view, "codebook_import"),
            self.page_url("<int:pk>/export/<str:ending>/", self.export_view, "codebook_export"),
            *(
                self.page_url(f"<int:pk>/{route}", self._bound(view), name)
                for part in (agreement, adjudication, analysis, files)
                for route, view, name in part.PAGES
            ),
            *super().get_urls(),
        ]

    def _bound(self, view: Any) -> Any:
        """Return a view of another module as one of this admin: it is given us, and the book."""

        def bound(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
            if not self.has_view_permission(request):
                raise Http404
            response: HttpResponse = view(
                self, request, get_object_or_404(Codebook, pk=pk), **kwargs
            )
            return response

        return bound

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        require(request, Role.COORDINATE)
        form = CodebookForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            wanted = form.cleaned_data
            with told(request):
                if wanted["file"]:
                    draft = storing.read(wanted["file"].name, wanted["file"].read())
                    codebook = storing.store(draft, name=wanted["name"], user=request.user).codebook
                else:
                    codebook = editing.create(
                        wanted["name"], wanted["guidelines"], user=request.user
                    )
                return _to_codebook(codebook)
        return self.page(request, "codebook_add", {"title": _("Add codebook"), "form": form})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a codebook with its codes and versions; coordinators write the guidelines."""
        if not self.has_view_permission(request):
            raise Http404
        codebook = get_object_or_404(Codebook, pk=number(object_id))
        version = _version(codebook, request)
        form = GuidelinesForm(
            request.POST or None,
            initial={"guidelines": version.guidelines, "seen": version.number},
        )
        if request.method == "POST":
            require(request, Role.COORDINATE)
            if form.is_valid():
                with (
                    told(request, _("The guidelines are saved.")),
                    editing.editing(
                        codebook, user=request.user, seen=form.cleaned_data["seen"]
                    ) as changed,
                ):
                    editing.set_guidelines(changed, form.cleaned_data["guidelines"])
                return _to_codebook(codebook)
        return self.page(
            request,
            "codebook",
            {
                "title": codebook.name,
                "codebook": codebook,
                "version": version,
                "latest": codebook.latest,
                "versions": codebook.versions.order_by("-number").select_related("user"),
                "codes": _with_counts(version, watched_layers(request)),
                "guidelines": guidelines.html(version.guidelines),
                "form": form,
                "import_form": ImportForm(),
                "formats": [(ending, told[0]) for ending, told in FORMATS.items()],
                "may_edit": may(request.user, Role.COORDINATE) and version == codebook.latest,
            },
        )

    def code_view(
        self, request: HttpRequest, pk: int, identity: uuid.UUID | None = None
    ) -> HttpResponse:
        """Add a code, or change, retire, restore, merge or delete one."""
        require(request, Role.COORDINATE)
        codebook = get_object_or_404(Codebook, pk=pk)
        version = codebook.latest
        code = get_object_or_404(version.codes, identity=identity) if identity else None
        form = CodeForm(
            request.POST or None,
            version=version,
            code=code,
            initial=_initial(request, version, code),
        )
        if request.method == "POST" and form.is_valid():
            try:
                self._edit(request, codebook, code, form)
            except CorpusError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The codebook is saved."))
                return _to_codebook(codebook)
        return self.page(
            request,
            "code",
            {
                "title": code.name if code else _("Add code"),
                "codebook": codebook,
                "code": code,
                "form": form,
                "in_use": version.in_use,
                "next": version.number + 1,
            },
        )

    def _edit(
        self, request: HttpRequest, codebook: Codebook, code: Code | None, form: CodeForm
    ) -> None:
        wanted = form.cleaned_data
        with editing.editing(codebook, user=request.user, seen=wanted["seen"]) as version:
            parent = editing.in_version(wanted["parent"], version) if wanted["parent"] else None
            if code is None:
                editing.add_code(version, form.columns, parent)
                return
            code = editing.in_version(code, version)
            if "delete" in request.POST:
                editing.delete_code(code)
            elif "retire" in request.POST:
                editing.retire(code)
            elif "restore" in request.POST:
                editing.restore(code)
            else:
                editing.change_code(code, form.columns, parent)
                if wanted["into"]:
                    editing.merge(code, editing.in_version(wanted["into"], version))

    def import_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Bring a codebook to the state of a file."""
        require(request, Role.COORDINATE)
        codebook = get_object_or_404(Codebook, pk=pk)
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            with told(request, _("The codebook is as the file says.")):
                storing.store(
                    storing.read(file.name, file.read()), into=codebook, user=request.user
                )
        return _to_codebook(codebook)

    def export_view(self, request: HttpRequest, pk: int, ending: str) -> HttpResponse:
        if not self.has_view_permission(request) or ending not in FORMATS:
            raise Http404
        version = _version(get_object_or_404(Codebook, pk=pk), request)
        _name, media_type, format = FORMATS[ending]
        response = HttpResponse(format.write(storing.draft_of(version)), media_type)
        name = f"{slugify(version.codebook.name) or 'codebook'}-{version.number}.{ending}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    @admin.display(description=_("version"))
    def version(self, codebook: Codebook) -> int:
        return codebook.latest.number

    @admin.display(description=_("codes"))
    def codes(self, codebook: Codebook) -> int:
        return codebook.latest.codes.filter(retired=False).count()


def _version(codebook: Codebook, request: HttpRequest) -> CodebookVersion:
    """Return the version that the address asks for, or the latest."""
    asked = number(request.GET.get("version", ""))
    return get_object_or_404(codebook.versions, number=asked) if asked else codebook.latest


def _with_counts(version: CodebookVersion, layers: Any) -> list[tuple[range, Code, int]]:
    """Return the codes with how deep they stand and how often layers of any version use them."""
    counted = (
        Annotation.objects.filter(code__version__codebook=version.codebook_id, layer__in=layers)
        .values_list("code__identity")
        .annotate(n=Count("pk"))
        .order_by()
    )
    counts = dict(counted)
    return [(range(depth), code, counts.get(code.identity, 0)) for depth, code in version.tree()]


def _initial(request: HttpRequest, version: CodebookVersion, code: Code | None) -> dict[str, Any]:
    if code is None:
        parent = version.codes.filter(pk=number(request.GET.get("below", "")) or 0)
        return {"seen": version.number, "parent": parent.first()}
    names = ("name", "definition", "examples", "colour", "line", "key", "scope", "parent")
    return {"seen": version.number, **{name: getattr(code, name) for name in names}}


def _to_codebook(codebook: Codebook) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:corpus_codebook_change", args=[codebook.pk]))
