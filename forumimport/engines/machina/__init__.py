"""django-machina 1.3."""

from forumimport.engines.machina.adapter import MachinaEngine

__all__ = ["MachinaEngine"]
