"""What the project needs of a forum engine; every adapter passes ``tests/engines/contract.py``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import URLPattern, URLResolver

from corpus.models import Visibility


@dataclass(frozen=True, slots=True)
class PostContent:
    """What one post shows.

    ``time`` orders the posts of a topic and must be kept exactly; ``words`` is the reading text,
    ``html`` the same as safe markup; ``poster_key`` tells apart writers who share a name.
    """

    subject: str
    words: str
    html: str
    poster: str
    poster_key: str
    time: datetime


@dataclass(frozen=True, slots=True)
class Discussion:
    """A topic that is not there yet, with its posts; their times are strictly increasing."""

    subject: str
    time: datetime
    approved: bool
    posts: Sequence[PostContent]


class Engine(ABC):
    """Reads and writes the forum's own objects, in bulk, by primary key.

    Writers are not accounts: posts are anonymous and carry a name. Nothing here opens a
    transaction; counters are refreshed only when asked for.
    """

    # Writing

    @abstractmethod
    def create_forum(self, name: str, description: str) -> int:
        """Create a forum at the top level and return its key."""

    @abstractmethod
    def update_forum(self, forum: int, name: str, description: str) -> bool:
        """Give the forum this name and description, and tell whether the name is new."""

    @abstractmethod
    def set_readers(
        self,
        forum: int,
        visibility: Visibility,
        *,
        curators: Collection[int],
        groups: Collection[int],
    ) -> None:
        """Let exactly these visitors see and read the forum.

        The users ``curators`` and the members of ``groups`` may whatever the visibility, as
        superusers may. What the engine allowed others for this forum, or for all, ends.
        """

    @abstractmethod
    def create_topic(self, forum: int, subject: str, *, time: datetime, approved: bool) -> int:
        """Create a topic without posts and return its key."""

    @abstractmethod
    def update_topic(self, topic: int, *, forum: int, subject: str, time: datetime) -> bool:
        """Bring a topic in line, and tell whether its subject is new; its posts keep theirs."""

    @abstractmethod
    def create_posts(
        self, topic: int, posts: Sequence[PostContent], *, approved: bool
    ) -> list[int]:
        """Create posts with their real times and return their keys in the order given.

        Their times must be strictly increasing.
        """

    def create_discussions(
        self, forum: int, discussions: Sequence[Discussion]
    ) -> list[tuple[int, list[int]]]:
        """Create topics with their posts, topic counters included; return the keys of each.

        The forum's own counters are left to :meth:`refresh_counters`. An engine that can write
        many at once does so.
        """
        made = []
        for one in discussions:
            topic = self.create_topic(forum, one.subject, time=one.time, approved=one.approved)
            made.append((topic, self.create_posts(topic, one.posts, approved=one.approved)))
        self.refresh_counters([topic for topic, _posts in made], [])
        return made

    @abstractmethod
    def update_posts(self, posts: Iterable[tuple[int, PostContent]]) -> None:
        """Make existing posts show this content, their times included."""

    def set_times(self, posts: Iterable[tuple[int, datetime]]) -> None:
        """Give posts other times, and leave what they show; worth doing in one statement."""
        times = dict(posts)
        shown = self.contents(times)
        self.update_posts((post, replace(shown[post], time=time)) for post, time in times.items())

    @abstractmethod
    def set_subject(self, posts: Iterable[int], subject: str) -> None:
        """Give posts another subject, and leave all else of them."""

    @abstractmethod
    def set_approved(self, topic: int, posts: Iterable[int], approved: bool) -> None:
        """Publish a topic and these posts of it, or hold them back."""

    @abstractmethod
    def move_posts(self, posts: Iterable[int], topic: int, *, approved: bool) -> None:
        """Put posts into another topic, as they are, for all readers or for none."""

    @abstractmethod
    def delete_posts(self, posts: Iterable[int]) -> None: ...

    @abstractmethod
    def delete_topics(self, topics: Iterable[int]) -> None: ...

    @abstractmethod
    def delete_forum(self, forum: int) -> None:
        """Delete a forum with all that is in it."""

    @abstractmethod
    def refresh_counters(self, topics: Iterable[int], forums: Iterable[int]) -> None:
        """Recompute the engine's own counters and first/last links of these objects."""

    @abstractmethod
    def fitted(self, post: PostContent) -> PostContent:
        """Return the post as the engine can keep it: what is too long for a column, cut visibly.

        What was written and :meth:`contents` gives back equals this.
        """

    # Reading

    @abstractmethod
    def contents(self, posts: Iterable[int]) -> dict[int, PostContent]:
        """Return what the posts show now, as far as they exist."""

    def times(self, topic: int) -> dict[int, datetime]:
        """Return the times of all posts of a topic; worth doing in one query."""
        return {post: shown.time for post, shown in self.contents(self.posts_of([topic])).items()}

    @abstractmethod
    def documents(self) -> QuerySet[Any]:
        """Return all posts that readers may be shown, with what a search document needs."""

    @abstractmethod
    def visible(self, posts: Iterable[int] | None = None) -> set[int]:
        """Return the keys of the posts (of these, or of all) that readers may be shown."""

    @abstractmethod
    def posts_of(self, topics: Iterable[int]) -> list[int]:
        """Return all posts of these topics, those that people wrote in the forum included."""

    @abstractmethod
    def topics_of(self, forum: int) -> list[int]:
        """Return all topics in a forum and the forums below it."""

    @abstractmethod
    def counters(self, forum: int) -> tuple[int, int]:
        """Return how many topics and posts the forum's page says it has."""

    @abstractmethod
    def counted(self, forum: int) -> tuple[int, int]:
        """Return how many topics and posts the forum has for its readers."""

    @abstractmethod
    def readable_forums(self, user: Any) -> set[int]:
        """Return the keys of the forums whose posts the user may read."""

    @abstractmethod
    def forum_url(self, forum: int) -> str: ...

    @abstractmethod
    def topic_url(self, topic: int) -> str: ...

    @abstractmethod
    def post_url(self, post: int) -> str:
        """Return the address that opens the topic at the post, whatever page it is on."""

    def post_urls(self, posts: Iterable[int]) -> dict[int, str]:
        """Return the addresses of those of the posts that exist; worth doing in one query."""
        return {post: self.post_url(post) for post in self.contents(posts)}

    @abstractmethod
    def forum_of_topic(self, topic: int) -> int: ...

    # Pages and models

    @abstractmethod
    def urlpatterns(self) -> list[URLPattern | URLResolver]:
        """Return the pages that stand before the engine's own at the same addresses."""

    @abstractmethod
    def answered_addresses(self) -> list[str]:
        """Return an address of each of those pages, to check that they do come first."""

    def register_admin(self) -> None:  # noqa: B027 - most engines need nothing here
        """Put lists that bear many posts in the place of the engine's own in the admin, if need
        be. Called when the admin is set up."""

    @abstractmethod
    def models(self) -> tuple[type[Model], type[Model], type[Model]]:
        """Return the engine's forum, topic and post models."""

    @abstractmethod
    def search_documents(self, posts: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield of each post that readers may be shown what the engine's own search page expects
        of its document, but its text. In order of the keys; few queries for all."""

    @abstractmethod
    def words_of(self, posts: Sequence[int]) -> dict[int, str]:
        """Return what is read in these posts, without markup."""

    @abstractmethod
    def own_search_index(self) -> str:
        """Return the dotted path of the engine's search index, which ours replaces ('' if none)."""
