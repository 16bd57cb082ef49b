"""What people code: who codes which thread with which codebook, and what they found in it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from corpus.models.basis import Spanned
from corpus.models.codebooks import Code, CodebookVersion, Scope
from corpus.models.collections import Collection, Thread
from corpus.models.documents import SourceDocument
from corpus.models.utterances import Utterance


class Role(models.TextChoices):
    """What a person may do in annotation."""

    ANNOTATE = "annotate", _("annotate what is assigned to them")
    COORDINATE = "coordinate", _("coordinate: write codebooks, assign, see all layers")
    ADJUDICATE = "adjudicate", _("adjudicate")


class AnnotationRole(models.Model):
    """What the members of a group may do in one collection."""

    collection = models.ForeignKey(
        Collection,
        on_delete=models.CASCADE,
        related_name="annotation_roles",
        verbose_name=_("collection"),
    )
    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="annotation_roles", verbose_name=_("group")
    )
    role = models.CharField(_("may"), max_length=16, choices=Role.choices)

    class Meta:
        verbose_name = _("annotation role")
        verbose_name_plural = _("annotation roles")
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "group", "role"], name="corpus_annotation_role_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.get_role_display()} ({self.collection})"


class Layer(models.Model):
    """The annotations of one thread by one author with one version of a codebook.

    ``author_name`` outlives the account. A released layer may be read by the other annotators
    and is changed no more; so blindness ends where agreement is measured.
    """

    class Kind(models.TextChoices):
        ANNOTATOR = "annotator", _("by an annotator")
        GOLD = "gold", _("gold: adjudicated")

    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="layers", verbose_name=_("thread")
    )
    version = models.ForeignKey(
        CodebookVersion, on_delete=models.PROTECT, related_name="layers", verbose_name=_("codebook")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.ANNOTATOR)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="layers",
        verbose_name=_("author"),
    )
    author_name = models.CharField(_("author's name"), max_length=200)
    released = models.BooleanField(_("released"), default=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("layer")
        verbose_name_plural = _("layers")
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "version", "kind", "author"], name="corpus_layer_once"
            ),
            models.UniqueConstraint(
                fields=["thread", "version"],
                condition=Q(kind="gold"),
                name="corpus_layer_gold_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.thread}"


class Assignment(models.Model):
    """The task of one annotator to code one thread; their layer holds the result."""

    class State(models.TextChoices):
        OPEN = "open", _("not begun")
        BEGUN = "begun", _("begun")
        FINISHED = "finished", _("finished")

    layer = models.OneToOneField(
        Layer, on_delete=models.CASCADE, related_name="assignment", verbose_name=_("layer")
    )
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.OPEN)
    overlap = models.BooleanField(
        _("for agreement"),
        default=False,
        help_text=_("Others code the same thread, so that agreement can be measured."),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("assigned by"),
    )
    how = models.CharField(_("chosen how"), max_length=500, blank=True)
    created = models.DateTimeField(_("assigned"), auto_now_add=True)
    finished = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return str(self.layer)


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def in_order(self) -> AnnotationQuerySet:
        """Order as the thread reads."""
        return self.order_by("document__order", "start", "end", "pk")

    def cut(self) -> AnnotationQuerySet:
        """Those of whole posts whose span is no longer exactly one post."""
        posts = Utterance.objects.filter(
            document=OuterRef("document"), start=OuterRef("start"), end=OuterRef("end")
        )
        return self.filter(~Exists(posts), scope=Scope.POST)


class Annotation(Spanned):
    """A span of a source document with a code; no curation touches it.

    One of a whole post has the span that the post had when it was coded. One of a thread has the
    span of the thread's first document. ``guid`` is chosen by whoever makes it, so that a request
    sent twice makes one; ``revision`` grows with every change.
    """

    guid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    layer = models.ForeignKey(
        Layer, on_delete=models.CASCADE, related_name="annotations", verbose_name=_("layer")
    )
    document = models.ForeignKey(
        SourceDocument,
        on_delete=models.CASCADE,
        related_name="annotations",
        verbose_name=_("source document"),
    )
    code = models.ForeignKey(
        Code, on_delete=models.PROTECT, related_name="annotations", verbose_name=_("code")
    )
    scope = models.CharField(_("said of"), max_length=16, choices=Scope.choices, default=Scope.SPAN)
    note = models.TextField(_("note"), blank=True)
    unsure = models.BooleanField(_("unsure"), default=False)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    objects = AnnotationQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("annotation")
        verbose_name_plural = _("annotations")
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["layer", "document", "start", "end", "code"], name="corpus_annotation_once"
            ),
            models.CheckConstraint(
                condition=Q(scope__in=Scope.values), name="corpus_annotation_scope_known"
            ),
        ]
        indexes = [models.Index(fields=["document", "start"], name="corpus_annotation_by_place")]

    def __str__(self) -> str:
        return f"{self.code} {self.start}–{self.end}"


class Decision(models.Model):
    """What an adjudicator decided about a place, and on what they saw.

    ``seen`` are the annotators' annotations it was about, as they were: author, code, span.
    ``annotation`` is what stands in the gold layer for it; none where all were rejected.
    """

    class Kind(models.TextChoices):
        TAKEN = "taken", _("one was taken")
        MERGED = "merged", _("several were merged")
        ANEW = "anew", _("decided anew")
        REJECTED = "rejected", _("rejected")

    layer = models.ForeignKey(
        Layer, on_delete=models.CASCADE, related_name="decisions", verbose_name=_("gold layer")
    )
    annotation = models.ForeignKey(
        Annotation,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="decisions",
        verbose_name=_("annotation"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    seen = models.JSONField(_("what was decided on"), default=list)
    made = models.JSONField(_("what was decided"), default=dict)
    note = models.TextField(_("note"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("who"),
    )
    user_name = models.CharField(_("name of who decided"), max_length=200, blank=True)
    created = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.user_name})"
