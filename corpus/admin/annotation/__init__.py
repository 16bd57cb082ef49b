"""Annotation in the admin: pages and endpoints over :mod:`corpus.annotation`, without rules."""

from corpus.admin.annotation.annotations import AnnotationAdmin
from corpus.admin.annotation.assignments import AssignmentAdmin
from corpus.admin.annotation.codebooks import CodebookAdmin
from corpus.admin.annotation.roles import AnnotationRoleAdmin

__all__ = ["AnnotationAdmin", "AnnotationRoleAdmin", "AssignmentAdmin", "CodebookAdmin"]
