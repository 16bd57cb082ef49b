"""Permanent addresses of collections, threads and utterances.

Forum objects may be made anew (after an undo, say) and change their numbers; these addresses stay.
They tell nothing to those who may not read what they lead to: they answer as if it did not exist.
"""

from __future__ import annotations

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from corpus import access
from corpus.models import Collection, Thread, Utterance
from forumimport.engines import engine
from forumimport.models import ProjectedForum, ProjectedPost, ProjectedTopic

_NAMES: dict[type[Model], str] = {
    Collection: "forumimport:collection",
    Thread: "forumimport:thread",
    Utterance: "forumimport:utterance",
}


def address(row: Model) -> str:
    """Return the permanent address of a corpus row, empty if it has none of its own."""
    name = _NAMES.get(type(row))
    return reverse(name, args=[row.pk]) if name else ""


def collection(request: HttpRequest, pk: int) -> HttpResponse:
    projected = get_object_or_404(ProjectedForum, collection=pk)
    _check(request, projected.forum_id)
    return redirect(engine().forum_url(projected.forum_id))


def thread(request: HttpRequest, pk: int) -> HttpResponse:
    projected = get_object_or_404(ProjectedTopic.objects.select_related("thread"), thread=pk)
    _check(request, engine().forum_of_topic(projected.topic_id), projected.thread)
    return redirect(engine().topic_url(projected.topic_id))


def utterance(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the post that shows an utterance, wherever it is now."""
    rows = ProjectedPost.objects.select_related("topic__thread")
    projected = get_object_or_404(rows, utterance=pk)
    topic = projected.topic
    _check(request, engine().forum_of_topic(topic.topic_id), topic.thread)
    return redirect(engine().post_url(projected.post_id))


def _check(request: HttpRequest, forum: int, thread: Thread | None = None) -> None:
    if forum not in engine().readable_forums(request.user) or (
        thread is not None
        and thread.withheld
        and not access.may(request.user, access.CURATE, thread)
    ):
        raise Http404("There is nothing at this address.")
