from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from corpus.admin.annotation import coding, endpoints
from corpus.admin.annotation.assign_form import AssignForm
from corpus.admin.annotation.pages import AnnotationPages, require, told
from corpus.admin.changelist import admin_link
from corpus.annotation.assigning import adopt, assign, release, withdraw
from corpus.annotation.coding import finish
from corpus.annotation.permissions import assignments_of, collections_of, may
from corpus.models import Annotation, Assignment, Layer, Role, Scope, Utterance


@admin.register(Assignment)
class AssignmentAdmin(AnnotationPages):
    """Coordinators see all assignments of their collections; annotators their own worklist."""

    roles = (Role.COORDINATE, Role.ANNOTATE)
    list_display = [
        "in_thread",
        "annotator",
        "codebook",
        "state",
        "progress",
        "overlap",
        "released",
        "open_layer",
    ]
    list_display_links = None
    list_filter = ["state", "overlap", "layer__released", "layer__version__codebook"]
    search_fields = ["layer__thread__title", "=layer__author_name"]
    actions = ["release", "adopt_latest", "withdraw"]
    change_list_template = "admin/corpus/annotation/assignments.html"

    def has_coordinate_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Role.COORDINATE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        coordinated = collections_of(request.user, Role.COORDINATE)
        rows = super().get_queryset(request).filter(layer__thread__collection__in=coordinated)
        return with_progress(rows)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        rows = "layer/<int:layer>/annotations/"
        return [
            self.page_url("worklist/", self.worklist_view, "worklist"),
            self.page_url("assign/", self.assign_view, "assign"),
            self.page_url("layer/<int:layer>/", self.coding_view, "coding"),
            self.page_url("layer/<int:layer>/finish/", self.finish_view, "finish"),
            path(rows, wrap(endpoints.layer_rows), name="corpus_annotation_rows"),
            path(f"{rows}<uuid:guid>/", wrap(endpoints.layer_row), name="corpus_annotation_row"),
            path(
                f"{rows}<uuid:guid>/suggestions/",
                wrap(endpoints.suggested),
                name="corpus_annotation_suggestions",
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not may(request.user, Role.COORDINATE) and may(request.user, Role.ANNOTATE):
            return HttpResponseRedirect(reverse("admin:corpus_annotation_worklist"))
        return super().changelist_view(request, extra_context)

    def worklist_view(self, request: HttpRequest) -> HttpResponse:
        """Show an annotator what is theirs, the unfinished first."""
        require(request, Role.ANNOTATE)
        rows = with_progress(assignments_of(request.user))
        finished = Q(state=Assignment.State.FINISHED)
        return self.page(
            request,
            "worklist",
            {
                "title": _("My threads"),
                "assignments": rows.order_by(Case(When(finished, then=1), default=0), "pk")[:500],
                "totals": assignments_of(request.user).aggregate(
                    all=Count("pk"), finished=Count("pk", filter=finished)
                ),
            },
        )

    def assign_view(self, request: HttpRequest) -> HttpResponse:
        """Give threads to annotators, after showing how many."""
        require(request, Role.COORDINATE)
        form = AssignForm(request.POST or None, user=request.user)
        if request.method == "POST" and form.is_valid():
            with told(request):
                made = assign(form.threads, form.plan, user=request.user)
                self.message_user(
                    request,
                    ngettext("%s assignment made.", "%s assignments made.", len(made)) % len(made),
                )
                return HttpResponseRedirect(reverse("admin:corpus_assignment_changelist"))
        return self.page(request, "assign", {"title": _("Assign threads"), "form": form})

    def coding_view(self, request: HttpRequest, layer: int) -> HttpResponse:
        shown = coding.shown_layer(request, layer)
        return self.page(request, "coding", coding.context(request, shown))

    def finish_view(self, request: HttpRequest, layer: int) -> HttpResponse:
        """Let an annotator state that a thread is done, or take that back."""
        found = assignments_of(request.user).filter(layer=layer).first()
        if found is None:
            raise Http404
        if request.method == "POST":
            with told(request):
                finish(found, finished="finished" in request.POST)
        if found.state == Assignment.State.FINISHED:
            return HttpResponseRedirect(reverse("admin:corpus_annotation_worklist"))
        return HttpResponseRedirect(reverse("admin:corpus_annotation_coding", args=[layer]))

    @admin.display(description=_("thread"), ordering="layer__thread")
    def in_thread(self, assignment: Any) -> SafeString | str:
        return admin_link(assignment.layer.thread)

    @admin.display(description=_("annotator"), ordering="layer__author_name")
    def annotator(self, assignment: Any) -> str:
        return str(assignment.layer.author_name)

    @admin.display(description=_("codebook"))
    def codebook(self, assignment: Any) -> str:
        return str(assignment.layer.version)

    @admin.display(description=_("progress"))
    def progress(self, assignment: Any) -> str:
        return f"{assignment.coded_count} / {assignment.post_count}"

    @admin.display(description=_("released"), boolean=True)
    def released(self, assignment: Any) -> bool:
        return bool(assignment.layer.released)

    @admin.display(description=_("annotations"))
    def open_layer(self, assignment: Any) -> SafeString:
        address = reverse("admin:corpus_annotation_coding", args=[assignment.layer_id])
        return format_html('<a href="{}">{}</a>', address, _("look"))

    @admin.action(description=_("Release to the other annotators"), permissions=["coordinate"])
    def release(self, request: HttpRequest, queryset: QuerySet[Assignment]) -> None:
        keys = self._layers(request, queryset)
        with told(request, _("Released; these annotations are changed no more.")):
            release(Layer.objects.filter(pk__in=keys))

    @admin.action(description=_("Go on with the latest codebook"), permissions=["coordinate"])
    def adopt_latest(self, request: HttpRequest, queryset: QuerySet[Assignment]) -> None:
        layers = Layer.objects.filter(pk__in=self._layers(request, queryset))
        with told(request, _("Every annotation keeps its code in the latest version.")):
            for layer in layers.select_related("version__codebook"):
                adopt(Layer.objects.filter(pk=layer.pk), layer.version.codebook.latest)

    @admin.action(description=_("Withdraw where nothing is coded"), permissions=["coordinate"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Assignment]) -> None:
        for assignment in queryset.select_related("layer__thread"):
            require(request, Role.COORDINATE, assignment.layer.thread.collection)
            with told(request):
                withdraw(assignment)

    def _layers(self, request: HttpRequest, queryset: QuerySet[Assignment]) -> list[int]:
        coordinated = collections_of(request.user, Role.COORDINATE)
        chosen = queryset.filter(layer__thread__collection__in=coordinated)
        return list(chosen.values_list("layer", flat=True))


def with_progress(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Add how many posts the threads have, and how many of them hold an annotation."""
    coded = Annotation.objects.filter(
        layer=OuterRef(OuterRef("layer")),
        document=OuterRef("document"),
        start__lt=OuterRef("end"),
        end__gt=OuterRef("start"),
    ).exclude(scope=Scope.THREAD)
    posts = Utterance.objects.filter(document__thread=OuterRef("layer__thread")).order_by()

    def count(utterances: QuerySet[Utterance]) -> Coalesce:
        counted = utterances.values("document__thread").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(counted), 0)

    return rows.select_related("layer__thread", "layer__version__codebook").annotate(
        post_count=count(posts), coded_count=count(posts.filter(Exists(coded)))
    )
