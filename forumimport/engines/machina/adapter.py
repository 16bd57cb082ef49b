"""The machina adapter: forum objects in bulk, past the costs and traps of ``Post.save``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from html import unescape
from itertools import islice
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Count, F, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import URLPattern, URLResolver, reverse
from django.utils.html import strip_tags
from django.utils.text import slugify

from corpus.models import Visibility
from corpus.rendering import lines_folded
from forumimport.engines import rows
from forumimport.engines.base import Discussion, Engine, PostContent

#: Lengths of machina's columns.
_SUBJECT, _POSTER, _KEY, _FORUM = 255, 155, 100, 100
#: Keys in one SQL condition: SQLite takes some thousands of parameters, older builds 999.
_CHUNK = 500
_READING = ("can_see_forum", "can_read_forum")
#: The columns of new topics and posts, in the order in which they are written.
_TOPIC = (
    *("id", "forum_id", "subject", "slug", "type", "status", "approved", "posts_count"),
    *("last_post_on", "first_post_id", "last_post_id", "created", "updated"),
)
_POST = (
    *("id", "topic_id", "approved", "subject", "content", "_content_rendered"),
    *("username", "anonymous_key", "created", "updated"),
)
#: What the search page prints, by where it stands.
_DOCUMENT = {
    "poster_id": "poster",
    "topic__forum_id": "forum",
    "topic__forum__slug": "forum_slug",
    "topic__forum__name": "forum_name",
    "topic_id": "topic",
    "topic__slug": "topic_slug",
    "topic__subject": "topic_subject",
    "created": "created",
    "updated": "updated",
}


class MachinaEngine(Engine):
    """Speaks to machina's models, by its own loader so that overridden apps are respected."""

    # Writing

    def create_forum(self, name: str, description: str) -> int:
        # One at a time: MPTT numbers a new tree after the last it sees.
        list(self._permission.objects.select_for_update().filter(codename__in=_READING))
        forum = self._forum(name=_cut(name, _FORUM), type=self._forum.FORUM_POST)
        forum.description = description
        forum.save()
        return int(forum.pk)

    def update_forum(self, forum: int, name: str, description: str) -> bool:
        row = self._forum.objects.get(pk=forum)
        name, before = _cut(name, _FORUM), row.name
        if (before, row.description and row.description.raw) != (name, description):
            row.name, row.description = name, description
            row.save()
        return before != name

    def set_readers(
        self,
        forum: int,
        visibility: Visibility,
        *,
        curators: Collection[int],
        groups: Collection[int],
    ) -> None:
        for permission in self._permission.objects.filter(codename__in=_READING).order_by("pk"):
            allowed = {"forum_id": forum, "permission": permission, "has_perm": True}
            own = {"forum_id": forum, "permission": permission}
            self._user_permission.objects.filter(**own).delete()
            self._group_permission.objects.filter(**own).delete()
            members = visibility in (Visibility.PUBLIC, Visibility.MEMBERS)
            everybody = visibility == Visibility.PUBLIC
            self._user_permission.objects.bulk_create(
                [
                    self._user_permission(**allowed | {"has_perm": everybody}, anonymous_user=True),
                    self._user_permission(
                        **allowed | {"has_perm": members}, authenticated_user=True
                    ),
                    *(self._user_permission(**allowed, user_id=user) for user in curators),
                ]
            )
            # A group that may read every forum would read this one too, were it not refused.
            reading_all = self._group_permission.objects.filter(
                forum=None, permission=permission, has_perm=True
            )
            refused = set(reading_all.values_list("group_id", flat=True)) - set(groups)
            self._group_permission.objects.bulk_create(
                [
                    *(self._group_permission(**allowed, group_id=group) for group in groups),
                    *(
                        self._group_permission(**allowed | {"has_perm": False}, group_id=group)
                        for group in ([] if members else refused)
                    ),
                ]
            )

    def create_topic(self, forum: int, subject: str, *, time: datetime, approved: bool) -> int:
        topic = self._topic(
            forum_id=forum,
            subject=_cut(subject, _SUBJECT),
            slug=_slug(subject),
            type=self._topic.TOPIC_POST,
            status=self._topic.TOPIC_UNLOCKED,
            approved=approved,
        )
        topic._simple_save()
        self._topic.objects.filter(pk=topic.pk).update(created=time, updated=time)
        return int(topic.pk)

    def update_topic(self, topic: int, *, forum: int, subject: str, time: datetime) -> None:
        self._topic.objects.filter(pk=topic).update(
            forum_id=forum,
            subject=_cut(subject, _SUBJECT),
            slug=_slug(subject),
            created=time,
        )
        # Machina's mark of a topic that has gone elsewhere; this one is where it belongs.
        self._topic.objects.filter(pk=topic, status=self._topic.TOPIC_MOVED).update(
            status=self._topic.TOPIC_UNLOCKED
        )

    def create_posts(
        self, topic: int, posts: Sequence[PostContent], *, approved: bool
    ) -> list[int]:
        # Those with our poster keys only: somebody may be replying in the topic meanwhile.
        ours = self._post.objects.filter(
            topic_id=topic, anonymous_key__in={self.fitted(post).poster_key for post in posts}
        )
        before = ours.order_by("-pk").values_list("pk", flat=True).first() or 0
        rows.insert(
            self._post,
            [
                {"topic_id": topic, "approved": approved, **_columns(self.fitted(post))}
                for post in posts
            ],
        )
        created = ours.filter(pk__gt=before).order_by("created")
        return list(created.values_list("pk", flat=True))

    def create_discussions(
        self, forum: int, discussions: Sequence[Discussion]
    ) -> list[tuple[int, list[int]]]:
        topics = rows.reserve(self._topic, len(discussions))
        keys = iter(rows.reserve(self._post, sum(len(one.posts) for one in discussions)))
        made = [
            (topic, list(islice(keys, len(one.posts))))
            for topic, one in zip(topics, discussions, strict=True)
        ]
        pairs = list(zip(made, discussions, strict=True))
        rows.Table(self._topic, _TOPIC).insert(
            (topic, forum, *self._topic_row(one, posts)) for (topic, posts), one in pairs
        )
        rows.Table(self._post, _POST).insert(
            (key, topic, one.approved, p.subject, p.words, p.html, p.poster, p.poster_key,
             p.time, p.time)
            for (topic, posts), one in pairs
            for key, p in zip(posts, map(self.fitted, one.posts), strict=True)
        )  # fmt: skip
        return made

    def _topic_row(self, one: Discussion, posts: Sequence[int]) -> rows.Row:
        """What :meth:`refresh_counters` would find, and the rest of a new topic's columns."""
        last = posts[-1] if posts and one.approved else None
        return (
            _cut(one.subject, _SUBJECT),
            _slug(one.subject),
            self._topic.TOPIC_POST,
            self._topic.TOPIC_UNLOCKED,
            one.approved,
            len(posts) if one.approved else 0,
            one.posts[-1].time if last else None,
            posts[0] if posts else None,
            last,
            one.time,
            one.time,
        )

    def update_posts(self, posts: Iterable[tuple[int, PostContent]]) -> None:
        rows.update(self._post, [(pk, _columns(self.fitted(post))) for pk, post in posts])

    def set_approved(self, topic: int, posts: Iterable[int], approved: bool) -> None:
        self._topic.objects.filter(pk=topic).update(approved=approved)
        for keys in _chunks(posts):
            self._post.objects.filter(pk__in=keys).update(approved=approved)

    def delete_posts(self, posts: Iterable[int]) -> None:
        for keys in _chunks(posts):
            self._post.objects.filter(pk__in=keys).delete()

    def delete_topics(self, topics: Iterable[int]) -> None:
        for keys in _chunks(topics):
            self._topic.objects.filter(pk__in=keys).delete()

    def delete_forum(self, forum: int) -> None:
        for row in self._forum.objects.filter(pk=forum):
            row.delete()  # MPTT keeps its tree in delete(), not in the query's.

    def refresh_counters(self, topics: Iterable[int], forums: Iterable[int]) -> None:
        """Do what machina's ``update_trackers`` does, once per topic and forum.

        Of posts that are equally new in a forum, the one with the highest key is its last; machina
        names any of them until the forum is counted here again.
        """
        posts = self._post.objects.filter(topic=OuterRef("pk")).order_by("created")
        latest = posts.filter(approved=True).reverse()
        count = posts.filter(approved=True).order_by().values("topic").annotate(n=Count("pk"))
        for keys in _chunks(topics):
            self._topic.objects.filter(pk__in=keys).update(
                posts_count=Coalesce(Subquery(count.values("n")), 0),
                first_post=Subquery(posts.values("pk")[:1]),
                last_post=Subquery(latest.values("pk")[:1]),
                last_post_on=Subquery(latest.values("created")[:1]),
            )
        # Locked, so that of two imports at once the second counts what the first has added.
        locked = self._forum.objects.select_for_update().filter(pk__in=list(forums))
        newest = self._topic.objects.filter(forum=OuterRef("pk"), approved=True).order_by(
            F("last_post_on").desc(nulls_last=True), F("last_post").desc(nulls_last=True)
        )
        for forum in locked.order_by("pk"):
            forum.update_trackers()
            self._forum.objects.filter(pk=forum.pk).update(
                last_post=Subquery(newest.values("last_post")[:1]),
                last_post_on=Subquery(newest.values("last_post_on")[:1]),
            )

    def fitted(self, post: PostContent) -> PostContent:
        if (
            len(post.subject) <= _SUBJECT
            and len(post.poster) <= _POSTER
            and len(post.poster_key) <= _KEY
        ):
            return post
        return replace(
            post,
            subject=_cut(post.subject, _SUBJECT),
            poster=_cut(post.poster, _POSTER),
            poster_key=_cut(post.poster_key, _KEY),
        )

    # Reading

    def contents(self, posts: Iterable[int]) -> dict[int, PostContent]:
        found = {}
        for keys in _chunks(posts):
            for row in self._post.objects.filter(pk__in=keys).values_list(
                "pk", "subject", "content", "_content_rendered", "username", "anonymous_key",
                "created",
            ):  # fmt: skip
                pk, *shown = row
                found[pk] = PostContent(*shown)
        return found

    def times(self, topic: int) -> dict[int, datetime]:
        return dict(self._post.objects.filter(topic=topic).values_list("pk", "created"))

    def documents(self) -> QuerySet[Any]:
        posts: QuerySet[Any] = self._post.objects.filter(approved=True, topic__approved=True)
        return posts.select_related("topic__forum", "poster").order_by("pk")

    def visible(self, posts: Iterable[int] | None = None) -> set[int]:
        shown = self._post.objects.filter(approved=True, topic__approved=True).order_by()
        if posts is None:
            return set(shown.values_list("pk", flat=True))
        keys = _chunks(posts)
        return {pk for some in keys for (pk,) in shown.filter(pk__in=some).values_list("pk")}

    def posts_of(self, topics: Iterable[int]) -> list[int]:
        return [
            pk
            for keys in _chunks(topics)
            for pk in self._post.objects.filter(topic__in=keys).values_list("pk", flat=True)
        ]

    def topics_of(self, forum: int) -> list[int]:
        below = self._forum.objects.get(pk=forum).get_descendants(include_self=True)
        return list(self._topic.objects.filter(forum__in=below).values_list("pk", flat=True))

    def counters(self, forum: int) -> tuple[int, int]:
        return self._forum.objects.values_list("direct_topics_count", "direct_posts_count").get(
            pk=forum
        )

    def counted(self, forum: int) -> tuple[int, int]:
        topics = self._topic.objects.filter(forum=forum, approved=True)
        posts = self._post.objects.filter(topic__in=topics, approved=True)
        return topics.count(), posts.count()

    def readable_forums(self, user: Any) -> set[int]:
        # Imported late: with machina's models.
        from forumimport.engines.machina.permissions import ForumsOfMany

        forums = ForumsOfMany().get_readable_forums(self._forum.objects.all(), user)
        return {forum.pk for forum in forums}

    def forum_url(self, forum: int) -> str:
        slug = self._forum.objects.values_list("slug", flat=True).get(pk=forum)
        return reverse("forum:forum", kwargs={"slug": slug, "pk": forum})

    def topic_url(self, topic: int) -> str:
        slug, forum, forum_slug = self._topic.objects.values_list(
            "slug", "forum", "forum__slug"
        ).get(pk=topic)
        return _topic_address(forum_slug, forum, slug, topic)

    def post_url(self, post: int) -> str:
        addresses = self.post_urls([post])
        if post not in addresses:
            raise self._post.DoesNotExist(f"There is no post {post}.")
        return addresses[post]

    def post_urls(self, posts: Iterable[int]) -> dict[int, str]:
        return {
            post: f"{_topic_address(*topic)}?post={post}#{post}"
            for keys in _chunks(posts)
            for post, *topic in self._post.objects.filter(pk__in=keys).values_list(
                "pk", "topic__forum__slug", "topic__forum", "topic__slug", "topic"
            )
        }

    def forum_of_topic(self, topic: int) -> int:
        return int(self._topic.objects.values_list("forum", flat=True).get(pk=topic))

    # Pages and models

    def urlpatterns(self) -> list[URLPattern | URLResolver]:
        from forumimport.engines.machina import urls

        return list(urls.urlpatterns)

    def answered_addresses(self) -> list[str]:
        return [
            reverse("forum:index"),
            reverse("forum:forum", args=["any", 1]),
            _topic_address("any", 1, "any", 1),
            reverse("forum_conversation:post_create", args=["any", 1, "any", 1]),
            reverse("forum_search:search"),
            reverse("forum_feeds:latest_topics"),
            reverse("forum_feeds:forum_latest_topics", args=["any", 1]),
            reverse("forum_feeds:forum_latest_topics_with_descendants", args=["any", 1]),
            reverse("forum_member:user_subscriptions"),
            reverse("forum_moderation:queue"),
            reverse("forum_moderation:queued_post", args=[1]),
            reverse("forum_tracking:unread_topics"),
        ]

    def register_admin(self) -> None:
        from forumimport.engines.machina import admin

        admin.register()

    def models(self) -> tuple[type[Model], type[Model], type[Model]]:
        return self._forum, self._topic, self._post

    def search_documents(self, posts: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        for keys in _chunks(posts):
            rows = self.documents().select_related(None).filter(pk__in=keys)
            found = list(rows.values_list("pk", "username", *_DOCUMENT))
            names = self._member_names({poster for _, _, poster, *_ in found if poster})
            for pk, username, *values in found:
                document = dict(zip(_DOCUMENT.values(), values, strict=True))
                document["poster_name"] = names.get(document["poster"], username or "")
                yield pk, document

    def _member_names(self, members: set[int]) -> dict[int, str]:
        from machina.core.loading import get_class

        name_of = get_class("forum_member.shortcuts", "get_forum_member_display_name")
        if not members:
            return {}
        return {pk: name_of(user) for pk, user in get_user_model().objects.in_bulk(members).items()}

    def words_of(self, posts: Sequence[int]) -> dict[int, str]:
        return {
            pk: lines_folded(unescape(strip_tags(rendered or "")))
            for keys in _chunks(posts)
            for pk, rendered in self._post.objects.filter(pk__in=keys).values_list(
                "pk", "_content_rendered"
            )
        }

    def own_search_index(self) -> str:
        return "machina.apps.forum_search.search_indexes.PostIndex"

    @property
    def _forum(self) -> Any:
        return apps.get_model("forum", "Forum")

    @property
    def _topic(self) -> Any:
        return apps.get_model("forum_conversation", "Topic")

    @property
    def _post(self) -> Any:
        return apps.get_model("forum_conversation", "Post")

    @property
    def _permission(self) -> Any:
        return apps.get_model("forum_permission", "ForumPermission")

    @property
    def _group_permission(self) -> Any:
        return apps.get_model("forum_permission", "GroupForumPermission")

    @property
    def _user_permission(self) -> Any:
        return apps.get_model("forum_permission", "UserForumPermission")


def _columns(post: PostContent) -> dict[str, Any]:
    return {
        "subject": post.subject,
        "content": post.words,
        "_content_rendered": post.html,
        "username": post.poster,
        "anonymous_key": post.poster_key,
        "created": post.time,
        "updated": post.time,
    }


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _slug(subject: str) -> str:
    return slugify(subject, allow_unicode=True)[:_SUBJECT] or "topic"


def _topic_address(forum_slug: str, forum: int, slug: str, topic: int) -> str:
    return reverse(
        "forum_conversation:topic",
        kwargs={"forum_slug": forum_slug, "forum_pk": forum, "slug": slug, "pk": topic},
    )


def _chunks(keys: Iterable[int]) -> Iterable[list[int]]:
    keys = list(keys)
    return (keys[at : at + _CHUNK] for at in range(0, len(keys), _CHUNK))
