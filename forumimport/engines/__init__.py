"""The engine seam: the forum software behind an adapter. Only the packages in here import one."""

from __future__ import annotations

from functools import lru_cache

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from forumimport import conf
from forumimport.engines.base import Engine

__all__ = ["Engine", "engine"]


def engine() -> Engine:
    """Return the adapter that ``CORPUS_ENGINE`` names.

    Raises:
        ImproperlyConfigured: it names no engine adapter.
    """
    return _load(conf.engine_path())


@lru_cache(maxsize=1)
def _load(path: str) -> Engine:
    try:
        adapter = import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(
            f"{conf.ENGINE} is {path!r}, which cannot be imported ({error}); "
            "name an Engine subclass, such as 'forumimport.engines.machina.MachinaEngine'."
        ) from error
    if not (isinstance(adapter, type) and issubclass(adapter, Engine)):
        raise ImproperlyConfigured(f"{conf.ENGINE} is {path!r}, which is no Engine subclass.")
    return adapter()
