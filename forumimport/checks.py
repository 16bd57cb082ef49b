"""System checks: every misconfiguration that would break import, projection or search."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve, reverse

from corpus import conf as corpus_conf
from corpus.search.scanning import MOST
from corpus.segmentation import model
from forumimport import conf

#: How each value is read, which values work, and these in words.
_VALUES: dict[str, tuple[Callable[[], Any], Callable[[Any], bool], str]] = {
    "CORPUS_UNSURE_BELOW": (
        corpus_conf.unsure_below,
        lambda confidence: 0 <= confidence <= 1,
        "a number from 0 to 1",
    ),
    "CORPUS_SEGMENTER_WEIGHTS": (
        corpus_conf.segmenter_weights,
        lambda path: not path or model.usable(path),
        "a file that manage.py train_segmenter of this version has made",
    ),
    "CORPUS_DEFAULT_COLLECTION": (
        conf.default_collection,
        lambda name: name.strip() and len(name) <= 100,
        "a name of 1 to 100 characters",
    ),
    "CORPUS_MAX_DOCUMENT_BYTES": (
        conf.max_document_bytes,
        lambda size: size > 0,
        "a number of bytes, 1 or more",
    ),
    "CORPUS_MAX_ARCHIVE_BYTES": (
        conf.max_archive_bytes,
        lambda size: size > 0,
        "a number of bytes, 1 or more",
    ),
    "CORPUS_UPLOAD_FOLDER": (
        conf.upload_folder,
        os.path.isabs,
        "the absolute path of a folder that is not served",
    ),
    "CORPUS_MAX_UPLOAD_BYTES": (
        conf.max_upload_bytes,
        lambda size: size > 0,
        "a number of bytes, 1 or more",
    ),
}

#: Queues that do what is asked for in the very process, or not at all; none is the first of them.
_AT_ONCE = {
    "",
    "django_tasks.backends.immediate.ImmediateBackend",
    "django_tasks.backends.dummy.DummyBackend",
}

#: Haystack's stand-in for a search engine, which machina's documentation begins with.
_NO_INDEX = "haystack.backends.simple_backend.SimpleEngine"


@register()
def check_engine(**kwargs: Any) -> list[CheckMessage]:
    from forumimport.engines import engine

    try:
        models = engine().models()
    except ImproperlyConfigured as error:
        return [
            Error(
                str(error),
                hint=f"Correct {conf.ENGINE}, or remove it: the default is machina's.",
                id="forumimport.E001",
            )
        ]
    except LookupError as error:
        return [
            Error(
                f"The forum engine is not installed: {str(error).rstrip('.')}.",
                hint="Add the engine's apps to INSTALLED_APPS, before “forumimport”.",
                id="forumimport.E002",
            )
        ]
    named = {
        "CORPUS_FORUM_MODEL": conf.forum_model(),
        "CORPUS_TOPIC_MODEL": conf.topic_model(),
        "CORPUS_POST_MODEL": conf.post_model(),
    }
    return [
        Error(
            f"{setting} is {label!r}, but the forum engine writes {model._meta.label!r}.",
            hint=f'Set {setting} = "{model._meta.label}", or name another engine in {conf.ENGINE}.',
            id="forumimport.E009",
        )
        for (setting, label), model in zip(named.items(), models, strict=True)
        if label.lower() != model._meta.label_lower
    ]


@register()
def check_values(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{setting} is {getattr(settings, setting)!r}, which is not {allowed}.",
            hint=f"Set {setting} to {allowed}, or remove it for the default.",
            id="forumimport.E010",
        )
        for setting, (read, works, allowed) in _VALUES.items()
        if not _value_works(read, works)
    ]


def _value_works(read: Callable[[], Any], works: Callable[[Any], bool]) -> bool:
    try:
        return bool(works(read()))
    except (TypeError, ValueError):
        return False


@register(deploy=True)
def check_upload_folder(**kwargs: Any) -> list[CheckMessage]:
    """Tell, with ``--deploy``, where a worker need not see what the server keeps for it."""
    queue = getattr(settings, "TASKS", {}).get("default", {}).get("BACKEND", "")
    if queue in _AT_ONCE or hasattr(settings, "CORPUS_UPLOAD_FOLDER"):
        return []
    return [
        Warning(
            "Uploads are imported by a worker, but they wait for it among the temporary files, "
            "which a worker on another machine, in a container or a service of its own does not "
            "see.",
            hint="Set CORPUS_UPLOAD_FOLDER to a folder that the server and the worker both see.",
            id="forumimport.W013",
        )
    ]


@register()
def check_time_zones(**kwargs: Any) -> list[CheckMessage]:
    if settings.USE_TZ:
        return []
    return [
        Error(
            "USE_TZ is False, but the dates of posts are kept with their time zone.",
            hint="Set USE_TZ = True (Django's default).",
            id="forumimport.E003",
        )
    ]


@register()
def check_search_connection(**kwargs: Any) -> list[CheckMessage]:
    alias = corpus_conf.search_connection()
    connection = getattr(settings, "HAYSTACK_CONNECTIONS", {}).get(alias)
    if connection is None:
        return [
            Error(
                f"HAYSTACK_CONNECTIONS has no connection “{alias}”, so posts cannot be found.",
                hint="Define it as the README shows, or name another in CORPUS_SEARCH_CONNECTION.",
                id="forumimport.E004",
            )
        ]
    if connection.get("ENGINE") == _NO_INDEX:
        return [
            Warning(
                f"The haystack connection “{alias}” uses the simple backend, which keeps no index: "
                f"every search reads the posts themselves, {MOST} at most.",
                hint=f'Set HAYSTACK_CONNECTIONS["{alias}"] to Whoosh as the README shows.',
                id="forumimport.W011",
            )
        ]
    return [*_check_excluded(alias, connection)]


def _check_excluded(alias: str, connection: dict[str, Any]) -> Iterator[CheckMessage]:
    from forumimport.engines import engine

    try:
        index = engine().own_search_index()
    except ImproperlyConfigured:
        return  # Said by check_engine.
    if index and index not in connection.get("EXCLUDED_INDEXES", []):
        yield Error(
            f"The forum's own search index is active on the haystack connection “{alias}”; "
            "two indexes of the same posts cannot be.",
            hint=f'Add "EXCLUDED_INDEXES": ["{index}"] to HAYSTACK_CONNECTIONS["{alias}"].',
            id="forumimport.E005",
        )


@register(Tags.urls)
def check_urls(**kwargs: Any) -> list[CheckMessage]:
    if not getattr(settings, "ROOT_URLCONF", None) or check_engine():
        return []
    try:
        reverse("forumimport:utterance", args=[1])
    except NoReverseMatch:
        return [
            Error(
                "The pages of forumimport are not in the URL configuration.",
                hint='Add path("", include("forumimport.urls")) at the forum\'s prefix, before '
                "the forum's own include.",
                id="forumimport.E006",
            )
        ]
    return [*_check_precedence()]


def _check_precedence() -> Iterator[CheckMessage]:
    from forumimport.engines import engine

    try:
        addresses = engine().answered_addresses()
    except NoReverseMatch:
        yield Error(
            "The forum's own pages are not in the URL configuration.",
            hint="Include the forum's URLs after forumimport.urls, with the same prefix.",
            id="forumimport.E012",
        )
        return
    answering = {address: _answering(address) for address in addresses}
    others = {at: who for at, who in answering.items() if not who.startswith("forumimport.")}
    for address, who in list(others.items())[:1]:  # One mistake, one message.
        yield Error(
            f"{address} is not answered by forumimport but by {who or 'nothing'} (and so for "
            f"{len(others)} of {len(addresses)} pages), so pages would show invented dates for "
            "undated posts.",
            hint="Put the include of forumimport.urls before the forum's own, with the same "
            "prefix.",
            id="forumimport.E007",
        )


def _answering(address: str) -> str:
    """Return the module whose view answers at a reversed address ('' if none does)."""
    try:
        view = resolve(f"/{address.removeprefix(get_script_prefix())}").func
    except Resolver404:
        return ""
    return view.__module__


@register(Tags.database)
def check_projection_tables(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Tell when an engine setting was changed after the tables were made."""
    from forumimport.models import ProjectedForum, ProjectedPost, ProjectedTopic

    messages: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        with connection.cursor() as cursor:
            tables = set(connection.introspection.table_names(cursor))
            for model, name in (
                (ProjectedForum, "forum"),
                (ProjectedTopic, "topic"),
                (ProjectedPost, "post"),
            ):
                field: Any = model._meta.get_field(name)
                # A setting that names no model is told of by Django.
                if model._meta.db_table not in tables or isinstance(field.related_model, str):
                    continue
                relations = connection.introspection.get_relations(cursor, model._meta.db_table)
                found = relations[field.column][1] if field.column in relations else ""
                expected = field.related_model._meta.db_table
                if found and found != expected:
                    messages.append(
                        Error(
                            f"{model._meta.db_table}.{name} points at {found}, but the settings "
                            f"name {expected}: CORPUS_{name.upper()}_MODEL was changed after "
                            "migrating.",
                            hint="Set it back. Or build the forum anew from the corpus, losing "
                            "only the records of import runs: migrate --skip-checks forumimport "
                            "zero; migrate; corpus_check --repair.",
                            id="forumimport.E008",
                        )
                    )
    return messages
