"""Imports in the admin: upload, look at what was recovered, confirm; and what came of it."""

from forumimport.admin.problems import ImportProblemAdmin
from forumimport.admin.runs import ImportRunAdmin
from forumimport.engines import engine

__all__ = ["ImportProblemAdmin", "ImportRunAdmin"]

engine().register_admin()
