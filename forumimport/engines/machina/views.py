"""Machina's reading pages, made honest: imported posts show the corpus's dates and speakers.

The engine must give every post a time to order it by; where the date is unknown that time means
nothing and must not be shown. The forum's own templates (or the site's) stay in use for lists:
only the values they print are replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404
from django.utils.functional import cached_property
from machina.core.loading import get_class

from corpus import access
from forumimport.engines.machina import trees
from forumimport.engines.machina.permissions import ManyForums
from forumimport.models import ProjectedPost, ProjectedTopic

IndexView = get_class("forum.views", "IndexView")
ForumView = get_class("forum.views", "ForumView")
TopicView = get_class("forum_conversation.views", "TopicView")
PostCreateView = get_class("forum_conversation.views", "PostCreateView")
LastTopicsFeed = get_class("forum_feeds.feeds", "LastTopicsFeed")
TopicSubscriptionListView = get_class("forum_member.views", "TopicSubscriptionListView")
ModerationQueueListView = get_class("forum_moderation.views", "ModerationQueueListView")
ModerationQueueDetailView = get_class("forum_moderation.views", "ModerationQueueDetailView")
UnreadTopicsView = get_class("forum_tracking.views", "UnreadTopicsView")


_FEED_LENGTH = 50


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
        if not topic.approved and not self._may_curate(topic):
            raise Http404("No such topic.")
        return topic

    def _may_curate(self, topic: Any) -> bool:
        user = self.request.user
        shown = ProjectedTopic.objects.filter(topic=topic.pk).select_related("thread").first()
        if shown is None:
            return bool(user.has_perm(access.CURATE))
        return access.may(user, access.CURATE, shown.thread)

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


class KnownDates:
    """Mixed into a view of machina's: its page shows the corpus's dates, whatever template it has.

    Goes by the names that machina's views give to what they list.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        posts = [*context.get("posts", ()), *context.get("previous_posts", ())]
        posts += filter(None, [context.get("post")])
        topics = [*context.get("topics", ()), *context.get("announces", ())]
        for tree in filter(None, (context.get("forums"), context.get("sub_forums"))):
            trees.at_hand(tree)
            posts += _newest(tree)
        _show_dates(posts, topics)
        return context


class IndexPage(KnownDates, ManyForums, IndexView):  # type: ignore[misc,valid-type]
    pass


class ForumPage(KnownDates, ManyForums, ForumView):  # type: ignore[misc,valid-type]
    pass


class ReplyPage(KnownDates, PostCreateView):  # type: ignore[misc,valid-type]
    pass


class QueuePage(KnownDates, ModerationQueueListView):  # type: ignore[misc,valid-type]
    pass


class QueuedPostPage(KnownDates, ModerationQueueDetailView):  # type: ignore[misc,valid-type]
    pass


class UnreadPage(KnownDates, UnreadTopicsView):  # type: ignore[misc,valid-type]
    pass


class SubscriptionsPage(KnownDates, TopicSubscriptionListView):  # type: ignore[misc,valid-type]
    pass


class TopicsFeed(LastTopicsFeed):  # type: ignore[misc,valid-type]
    """The latest topics, those of undated threads without a date of publication."""

    def items(self) -> list[Any]:
        # Machina's feed has no end, and asks four times for each topic.
        rows = super().items().select_related("forum", "poster", "first_post", "last_post")
        topics = list(rows[:_FEED_LENGTH])
        shown = ProjectedPost.objects.filter(post__in=[topic.first_post_id for topic in topics])
        known = dict(shown.values_list("post", "utterance__date"))
        for topic in topics:
            topic.published = known.get(topic.first_post_id, topic.created)
        _show_dates([], topics)
        return topics

    def item_pubdate(self, item: Any) -> Any:
        return item.published


def _shown(posts: Iterable[int | None]) -> dict[int, ProjectedPost]:
    """Return which of the posts show an utterance, with it."""
    keys = {post for post in posts if post is not None}
    rows = ProjectedPost.objects.filter(post__in=keys, utterance__isnull=False)
    return {row.post_id: row for row in rows.select_related("utterance")}


def _dates(posts: Iterable[int | None]) -> dict[int, str]:
    """Return the dates in words of those posts that show an utterance."""
    return {post: row.utterance.date_words for post, row in _shown(posts).items() if row.utterance}


def _newest(tree: Any) -> list[Any]:
    """Return the newest post of every forum in a tree.

    All at once, before any date is replaced: a forum's newest post is the newest of its own and its
    children's, by the engine's time.
    """
    return [post for node in tree.nodes if (post := node.last_post) is not None]


def _show_dates(posts: Sequence[Any], topics: Sequence[Any]) -> None:
    """Let these instances tell the corpus's dates in words instead of the engine's times."""
    ends = [key for topic in topics for key in (topic.first_post_id, topic.last_post_id)]
    dates = _dates([*(post.pk for post in posts), *ends])
    for post in posts:
        post.created = dates.get(post.pk, post.created)
    for topic in topics:
        topic.created = dates.get(topic.first_post_id, topic.created)
        if topic.last_post_id in dates:
            topic.last_post.created = dates[topic.last_post_id]


def _utterance_of(post: Any) -> Any:
    projected = getattr(post, "corpus_projection", None)
    return projected.utterance if projected else None


def _reply_position(utterance: Any) -> int | None:
    if utterance is None or utterance.reply_to is None:
        return None
    projected = getattr(utterance.reply_to, "projected", None)
    return projected.position if projected else None
