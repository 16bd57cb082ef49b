"""Imports in the admin: upload, look at what was recovered, confirm; and what came of it."""

from forumimport.admin.brought import DuplicateAdmin, ImportedDocumentAdmin, ImportProblemAdmin
from forumimport.admin.runs import ImportRunAdmin
from forumimport.engines import engine

__all__ = ["DuplicateAdmin", "ImportProblemAdmin", "ImportRunAdmin", "ImportedDocumentAdmin"]

engine().register_admin()
