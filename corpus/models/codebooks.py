"""Sets of codes with their guidelines, in versions: what annotators code with."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a code is said of."""

    SPAN = "span", _("a passage")
    POST = "post", _("a whole post")
    THREAD = "thread", _("a whole thread")


class Colour(models.TextChoices):
    """The eight colours of Okabe and Ito (2008), told apart by colour-blind readers too.

    Their shades for light and dark pages are in ``annotation.css``.
    """

    ORANGE = "orange", _("orange")
    SKY = "sky", _("sky blue")
    GREEN = "green", _("green")
    YELLOW = "yellow", _("yellow")
    BLUE = "blue", _("blue")
    VERMILLION = "vermillion", _("vermillion")
    PURPLE = "purple", _("purple")
    GREY = "grey", _("grey")


class Line(models.TextChoices):
    """How a coded passage is underlined: a second sign beside the colour."""

    SOLID = "solid", _("solid line")
    DASHED = "dashed", _("dashed line")
    DOTTED = "dotted", _("dotted line")
    WAVY = "wavy", _("wavy line")


class Codebook(models.Model):
    """A set of codes under one name; what it says stands in its versions.

    Its permissions hold for all collections; :class:`AnnotationRole` grants them for one.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("codebook")
        verbose_name_plural = _("codebooks")
        ordering = ["name"]
        permissions = [
            ("annotate_thread", "Can annotate threads assigned to them"),
            ("coordinate_annotation", "Can write codebooks, assign threads and see all layers"),
            ("adjudicate_annotation", "Can adjudicate annotations"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="corpus_codebook_named"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def latest(self) -> CodebookVersion:
        return self.versions.order_by("-number")[0]


class CodebookVersion(models.Model):
    """A codebook as it stood: once a thread is assigned with it, it changes no more."""

    codebook = models.ForeignKey(
        Codebook, on_delete=models.PROTECT, related_name="versions", verbose_name=_("codebook")
    )
    number = models.PositiveIntegerField(_("version"))
    guidelines = models.TextField(_("guidelines"), blank=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("who"),
    )

    class Meta:
        verbose_name = _("codebook version")
        verbose_name_plural = _("codebook versions")
        constraints = [
            models.UniqueConstraint(
                fields=["codebook", "number"], name="corpus_codebook_version_once"
            )
        ]

    def __str__(self) -> str:
        return _("%(codebook)s, version %(number)s") % {
            "codebook": self.codebook.name,
            "number": self.number,
        }

    @property
    def in_use(self) -> bool:
        return bool(self.layers.exists())

    def tree(self) -> Iterator[tuple[int, Code]]:
        """Yield every code after its parent, with how deep it stands; one query."""
        below: dict[int | None, list[Code]] = {}
        for code in self.codes.select_related("merged_into").order_by("order", "pk"):
            below.setdefault(code.parent_id, []).append(code)

        def branch(parent: int | None, depth: int) -> Iterator[tuple[int, Code]]:
            for code in below.get(parent, []):
                yield depth, code
                yield from branch(code.pk, depth + 1)

        yield from branch(None, 0)


class Code(models.Model):
    """A category in one version of a codebook.

    ``identity`` is the same in every version, whatever the code is called there. A code in use is
    never deleted: it is retired, and where it was merged says into which.
    """

    version = models.ForeignKey(
        CodebookVersion, on_delete=models.CASCADE, related_name="codes", verbose_name=_("version")
    )
    identity = models.UUIDField(_("identity"), default=uuid.uuid4, editable=False)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="children",
        verbose_name=_("below"),
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    name = models.CharField(_("name"), max_length=200)
    definition = models.TextField(_("definition"), blank=True)
    examples = models.TextField(_("examples"), blank=True)
    colour = models.CharField(
        _("colour"), max_length=16, choices=Colour.choices, default=Colour.ORANGE
    )
    line = models.CharField(_("line"), max_length=16, choices=Line.choices, default=Line.SOLID)
    key = models.CharField(_("key"), max_length=1, blank=True)
    scope = models.CharField(_("said of"), max_length=16, choices=Scope.choices, default=Scope.SPAN)
    retired = models.BooleanField(_("retired"), default=False)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        constraints = [
            models.UniqueConstraint(fields=["version", "identity"], name="corpus_code_once"),
            models.UniqueConstraint(
                fields=["version", "parent", "name"], name="corpus_code_name_once"
            ),
            models.UniqueConstraint(
                fields=["version", "name"],
                condition=Q(parent__isnull=True),
                name="corpus_code_root_name_once",
            ),
            models.UniqueConstraint(
                fields=["version", "key"],
                condition=~Q(key="") & Q(retired=False),
                name="corpus_code_key_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="corpus_code_named"),
            models.CheckConstraint(
                condition=Q(scope__in=Scope.values), name="corpus_code_scope_known"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | (Q(retired=True) & ~Q(merged_into=F("id"))),
                name="corpus_code_merged_is_retired",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """The name after those of the codes above it: ``Stance > Doubt``."""
        return f"{self.parent.path} > {self.name}" if self.parent else self.name
