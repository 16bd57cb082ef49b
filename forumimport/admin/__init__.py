"""Imports in the admin: upload, look at what was recovered, confirm; and what came of it."""

from forumimport.admin.problems import ImportProblemAdmin
from forumimport.admin.runs import ImportRunAdmin

__all__ = ["ImportProblemAdmin", "ImportRunAdmin"]
