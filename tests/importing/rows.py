"""All rows that an import writes, comparable between two imports of the same files."""

import re

from django.apps import apps

from corpus.models import Speaker, Utterance

#: What is imported and what shows it; who may read comes with the forum.
_APPS = ("corpus", "forumimport", "forum", "forum_conversation", "forum_permission")
#: Runs record every attempt, so two attempts leave two.
_RECORDS = ("ImportRun", "ImportProblem")
#: The times of writing, and the run a document came with.
_LEFT_OUT = {
    "Collection.created",
    "Thread.created",
    "ImportedDocument.run",
    "Forum.created",
    "Forum.updated",
    "PendingPost.since",
}
_ADDRESS = re.compile(r"/utterance/(\d+)/")
_WRITER = re.compile(r"corpus-(\d+)")


def counts():
    """How many rows every model of the site has."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def snapshot():
    """Every row as a dict, by model, in the order of writing.

    Keys differ between imports, so a row is known by its place, as is the one that it refers to.
    """
    models = [
        model
        for label in _APPS
        for model in apps.get_app_config(label).get_models()
        if model.__name__ not in _RECORDS
    ]
    places = {model: _places(model) for model in models}
    return {
        model._meta.label: [
            _columns(row, model, places) for row in model._base_manager.order_by("pk").values()
        ]
        for model in models
    }


def _places(model):
    keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
    return {key: place for place, key in enumerate(keys)}


def _columns(row, model, places):
    columns = {}
    for field in model._meta.concrete_fields:
        value = row[field.attname]
        if field.primary_key or f"{model.__name__}.{field.name}" in _LEFT_OUT:
            continue
        if field.is_relation and field.related_model in places and value is not None:
            value = places[field.related_model][value]
        if field.name == "_content_rendered":
            value = _ADDRESS.sub(
                lambda found: f"utterance {places[Utterance][int(found[1])]}", value
            )
        if field.name == "anonymous_key":
            value = _WRITER.sub(lambda found: f"speaker {places[Speaker][int(found[1])]}", value)
        if field.name == "post_id":  # Of the posts to index; no foreign key, but a key.
            value = places[apps.get_model("forum_conversation.Post")][value]
        if field.name == "forum_id":  # Of the forums to count, likewise.
            value = places[apps.get_model("forum.Forum")][value]
        columns[field.name] = value
    return columns
