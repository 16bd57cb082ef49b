"""Machina's reading pages, made honest: imported posts show the corpus's dates and speakers.

The engine must give every post a time to order it by; where the date is unknown that time means
nothing and must not be shown. The forum's own templates (or the site's) stay in use for lists:
only the values they print are replaced.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import unescape
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from machina.core.db.models import get_model
from machina.core.loading import get_class

from corpus.search import passages
from forumimport.models import ProjectedPost, ProjectedTopic

IndexView = get_class("forum.views", "IndexView")
ForumView = get_class("forum.views", "ForumView")
TopicView = get_class("forum_conversation.views", "TopicView")
FacetedSearchView = get_class("forum_search.views", "FacetedSearchView")
SearchForm = get_class("forum_search.forms", "SearchForm")
Post = get_model("forum_conversation", "Post")


class DiscussionView(TopicView):  # type: ignore[misc,valid-type]
    """A topic; one that shows a thread reads as a discussion, with what is known about it."""

    discussion_template = "forumimport/discussion.html"

    def get_template_names(self) -> list[str]:
        if self.thread is None:
            return list(super().get_template_names())
        return [self.discussion_template]

    def get_topic(self) -> Any:
        topic = super().get_topic()
        # Machina would show the title of a topic whose posts all wait for approval.
        if not topic.approved and not self._curates(topic.forum):
            raise Http404("No such topic.")
        return topic

    def get_queryset(self) -> Any:
        posts = super().get_queryset()
        topic = self.get_topic()
        if not topic.approved:  # Curators look at what they will release.
            posts = topic.posts.select_related("poster", "updated_by").prefetch_related(
                "attachments", "poster__forum_profile"
            )
        return posts.select_related(
            "corpus_projection__utterance__speaker",
            "corpus_projection__utterance__reply_to__projected",
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for post in context["posts"]:
            post.utterance = _utterance_of(post)
            post.reply_position = _reply_position(post.utterance)
        return context | {"thread": self.thread}

    @cached_property
    def thread(self) -> Any:
        projected = ProjectedTopic.objects.filter(topic=self.get_topic().pk)
        row = projected.select_related("thread__collection").first()
        return row.thread if row else None

    def _curates(self, forum: Any) -> bool:
        handler = self.request.forum_permission_handler
        return self.request.user.has_perm("corpus.curate_thread") or handler.can_approve_posts(
            forum, self.request.user
        )


class UndatedForumView(ForumView):  # type: ignore[misc,valid-type]
    """A forum's topics, with the dates of imported ones as the corpus knows them."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        topics = [*context["topics"], *context["announces"]]
        dates = _dates(key for topic in topics for key in (topic.first_post_id, topic.last_post_id))
        for topic in topics:
            if topic.first_post_id in dates:
                topic.created = dates[topic.first_post_id]
            if topic.last_post_id in dates:
                topic.last_post.created = dates[topic.last_post_id]
        _show_dates(context["sub_forums"])
        return context


class UndatedIndexView(IndexView):  # type: ignore[misc,valid-type]
    """The list of forums, likewise."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        _show_dates(context["forums"])
        return context


class PostSearchView(FacetedSearchView):  # type: ignore[misc,valid-type]
    """Machina's search, leading to the very post and quoting it safely."""

    template = "forumimport/search.html"

    def build_page(self) -> Any:
        paginator, page = super().build_page()
        results = [result for result in page.object_list if result is not None]
        dates = _dates(int(result.pk) for result in results)
        for result in results:
            result.date_words = dates.get(int(result.pk), result.created)
            result.passage = passages.marked(unescape(result.text), self.query)
        page.object_list = results
        return paginator, page


def search(request: HttpRequest) -> HttpResponse:
    """Answer with a view of its own for each request: haystack's keep their state in themselves."""
    response: HttpResponse = PostSearchView(form_class=SearchForm, load_all=False)(request)
    return response


def _dates(posts: Iterable[int | None]) -> dict[int, str]:
    """Return the dates in words of those posts that show an utterance."""
    keys = {post for post in posts if post is not None}
    rows = ProjectedPost.objects.filter(post__in=keys).select_related("utterance")
    return {row.post_id: row.utterance.date_words for row in rows if row.utterance}


def _show_dates(tree: Any) -> None:
    # All first: a node's newest post is the newest of its children's, by real time.
    newest = [post for node in tree.nodes if (post := node.last_post) is not None]
    dates = _dates(post.pk for post in newest)
    for post in newest:
        if post.pk in dates:
            post.created = dates[post.pk]


def _utterance_of(post: Any) -> Any:
    projected = getattr(post, "corpus_projection", None)
    return projected.utterance if projected else None


def _reply_position(utterance: Any) -> int | None:
    if utterance is None or utterance.reply_to is None:
        return None
    projected = getattr(utterance.reply_to, "projected", None)
    return projected.position if projected else None
