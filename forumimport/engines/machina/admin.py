"""Machina's lists in the admin, made fit for hundreds of thousands of posts.

They keep their columns, forms and permissions; what changes is how rows are fetched and counted.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib import admin

from corpus.admin.changelist import BoundedPaginator

#: What the rows of each list show of other tables.
_RELATED = {"Post": ("topic__first_post", "poster"), "Topic": ("forum", "first_post", "last_post")}


def register() -> None:
    """Put our lists in the place of machina's, whichever of the two is loaded first."""
    config = apps.get_app_config("forum_conversation")
    import_module(f"{config.name}.admin")
    for name, related in _RELATED.items():
        model = config.get_model(name)
        theirs = type(admin.site._registry[model]) if admin.site.is_registered(model) else None
        if theirs is not None:
            admin.site.unregister(model)
            admin.site.register(model, _quick(theirs, related))


def _quick(theirs: type[Any], related: tuple[str, ...]) -> type[Any]:
    """Return the admin class with lists that read what they show and no more."""
    quick = {
        "list_select_related": related,
        "paginator": BoundedPaginator,
        "show_full_result_count": False,
        "list_per_page": 50,
        # Newest first, by the key: the posts' times have no index.
        "ordering": ("-pk",),
        "__module__": __name__,
    }
    return type(theirs.__name__, (theirs,), quick)
