from __future__ import annotations

from django.contrib import admin

from corpus.admin.annotation.pages import AnnotationPages
from corpus.models import Codebook


@admin.register(Codebook)
class CodebookAdmin(AnnotationPages):
    """Codebooks."""

    list_display = ["name"]
