"""The machina adapter: forum objects in bulk, past the costs and traps of ``Post.save``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import URLPattern, URLResolver

from corpus.models import Visibility
from forumimport.engines import rows
from forumimport.engines.base import Discussion, Engine, PostContent
from forumimport.engines.machina import addresses, columns, counters, documents, grants, tables


class MachinaEngine(Engine):
    """Speaks to machina's models; what it knows of them stands in the modules beside it."""

    # Writing

    def create_forum(self, name: str, description: str) -> int:
        # One at a time: MPTT numbers a new tree after the last it sees.
        list(grants.reading().select_for_update())
        model = tables.forum()
        forum = model(name=columns.forum_name(name), type=model.FORUM_POST)
        forum.description = description
        forum.save()
        return int(forum.pk)

    def update_forum(self, forum: int, name: str, description: str) -> bool:
        row = tables.forum().objects.get(pk=forum)
        name, before = columns.forum_name(name), row.name
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
        grants.allow(forum, visibility, curators=curators, groups=groups)

    def create_topic(self, forum: int, subject: str, *, time: datetime, approved: bool) -> int:
        model = tables.topic()
        topic = model(
            forum_id=forum,
            **columns.titled(subject),
            type=model.TOPIC_POST,
            status=model.TOPIC_UNLOCKED,
            approved=approved,
        )
        topic._simple_save()
        model.objects.filter(pk=topic.pk).update(created=time, updated=time)
        return int(topic.pk)

    def update_topic(self, topic: int, *, forum: int, subject: str, time: datetime) -> bool:
        model = tables.topic()
        titled = columns.titled(subject)
        retitled = not model.objects.filter(pk=topic, **titled).exists()
        model.objects.filter(pk=topic).update(forum_id=forum, **titled, created=time)
        # Machina's mark of a topic that has gone elsewhere; this one is where it belongs.
        model.objects.filter(pk=topic, status=model.TOPIC_MOVED).update(status=model.TOPIC_UNLOCKED)
        return retitled

    def create_posts(
        self, topic: int, posts: Sequence[PostContent], *, approved: bool
    ) -> list[int]:
        written = [columns.of_post(post) for post in posts]
        # Those with our poster keys only: somebody may be replying in the topic meanwhile.
        ours = tables.post().objects.filter(
            topic_id=topic, anonymous_key__in={post["anonymous_key"] for post in written}
        )
        before = ours.order_by("-pk").values_list("pk", flat=True).first() or 0
        rows.insert(
            tables.post(), [{"topic_id": topic, "approved": approved, **post} for post in written]
        )
        created = ours.filter(pk__gt=before).order_by("created")
        return list(created.values_list("pk", flat=True))

    def create_discussions(
        self, forum: int, discussions: Sequence[Discussion]
    ) -> list[tuple[int, list[int]]]:
        topics = rows.reserve(tables.topic(), len(discussions))
        keys = iter(rows.reserve(tables.post(), sum(len(one.posts) for one in discussions)))
        made = [
            (topic, list(islice(keys, len(one.posts))))
            for topic, one in zip(topics, discussions, strict=True)
        ]
        pairs = list(zip(made, discussions, strict=True))
        rows.Table(tables.topic(), columns.TOPIC).insert(
            columns.topic_row(topic, forum, one, posts) for (topic, posts), one in pairs
        )
        rows.Table(tables.post(), columns.POST).insert(
            columns.post_row(key, topic, one, post)
            for (topic, posts), one in pairs
            for key, post in zip(posts, one.posts, strict=True)
        )
        return made

    def update_posts(self, posts: Iterable[tuple[int, PostContent]]) -> None:
        rows.update(tables.post(), [(pk, columns.of_post(post)) for pk, post in posts])

    def set_times(self, posts: Iterable[tuple[int, datetime]]) -> None:
        rows.update(tables.post(), [(pk, columns.of_time(time)) for pk, time in posts])

    def set_subject(self, posts: Iterable[int], subject: str) -> None:
        for keys in tables.chunks(posts):
            tables.post().objects.filter(pk__in=keys).update(subject=columns.subject(subject))

    def set_approved(self, topic: int, posts: Iterable[int], approved: bool) -> None:
        tables.topic().objects.filter(pk=topic).update(approved=approved)
        for keys in tables.chunks(posts):
            tables.post().objects.filter(pk__in=keys).update(approved=approved)

    def move_posts(self, posts: Iterable[int], topic: int, *, approved: bool) -> None:
        for keys in tables.chunks(posts):
            rows = tables.post().objects.filter(pk__in=keys)
            rows.update(topic_id=topic, approved=approved)

    def delete_posts(self, posts: Iterable[int]) -> None:
        for keys in tables.chunks(posts):
            tables.post().objects.filter(pk__in=keys).delete()

    def delete_topics(self, topics: Iterable[int]) -> None:
        for keys in tables.chunks(topics):
            tables.topic().objects.filter(pk__in=keys).delete()

    def delete_forum(self, forum: int) -> None:
        for row in tables.forum().objects.filter(pk=forum):
            row.delete()  # MPTT keeps its tree in delete(), not in the query's.

    def refresh_counters(self, topics: Iterable[int], forums: Iterable[int]) -> None:
        counters.refresh(topics, forums)

    def fitted(self, post: PostContent) -> PostContent:
        return columns.fitted(post)

    # Reading

    def contents(self, posts: Iterable[int]) -> dict[int, PostContent]:
        found = {}
        for keys in tables.chunks(posts):
            for row in tables.post().objects.filter(pk__in=keys).values_list(
                "pk", "subject", "content", "_content_rendered", "username", "anonymous_key",
                "created",
            ):  # fmt: skip
                pk, *shown = row
                found[pk] = PostContent(*shown)
        return found

    def times(self, topic: int) -> dict[int, datetime]:
        return dict(tables.post().objects.filter(topic=topic).values_list("pk", "created"))

    def documents(self) -> QuerySet[Any]:
        return documents.shown().select_related("topic__forum", "poster").order_by("pk")

    def visible(self, posts: Iterable[int] | None = None) -> set[int]:
        shown = documents.shown().order_by()
        if posts is None:
            return set(shown.values_list("pk", flat=True))
        keys = tables.chunks(posts)
        return {pk for some in keys for (pk,) in shown.filter(pk__in=some).values_list("pk")}

    def posts_of(self, topics: Iterable[int]) -> list[int]:
        return [
            pk
            for keys in tables.chunks(topics)
            for pk in tables.post().objects.filter(topic__in=keys).values_list("pk", flat=True)
        ]

    def topics_of(self, forum: int) -> list[int]:
        below = tables.forum().objects.get(pk=forum).get_descendants(include_self=True)
        return list(tables.topic().objects.filter(forum__in=below).values_list("pk", flat=True))

    def counters(self, forum: int) -> tuple[int, int]:
        return counters.shown(forum)

    def counted(self, forum: int) -> tuple[int, int]:
        return counters.counted(forum)

    def readable_forums(self, user: Any) -> set[int]:
        # Imported late: with machina's models.
        from forumimport.engines.machina import permissions

        return permissions.readable_forums(user)

    def forum_url(self, forum: int) -> str:
        return addresses.of_forum(forum)

    def topic_url(self, topic: int) -> str:
        return addresses.of_topic(topic)

    def post_url(self, post: int) -> str:
        found = addresses.of_posts([post])
        if post not in found:
            raise tables.post().DoesNotExist(f"There is no post {post}.")
        return found[post]

    def post_urls(self, posts: Iterable[int]) -> dict[int, str]:
        return addresses.of_posts(posts)

    def forum_of_topic(self, topic: int) -> int:
        return int(tables.topic().objects.values_list("forum", flat=True).get(pk=topic))

    # Pages and models

    def urlpatterns(self) -> list[URLPattern | URLResolver]:
        from forumimport.engines.machina import urls

        return list(urls.urlpatterns)

    def answered_addresses(self) -> list[str]:
        return addresses.answered()

    def register_admin(self) -> None:
        from forumimport.engines.machina import admin

        admin.register()

    def models(self) -> tuple[type[Model], type[Model], type[Model]]:
        return tables.forum(), tables.topic(), tables.post()

    def search_documents(self, posts: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        return documents.of_posts(posts)

    def words_of(self, posts: Sequence[int]) -> dict[int, str]:
        return documents.words(posts)

    def own_search_index(self) -> str:
        return "machina.apps.forum_search.search_indexes.PostIndex"
