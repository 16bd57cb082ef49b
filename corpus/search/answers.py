"""What pages ask of a search engine, and what an engine answers: the seam between the two.

An engine declares what it can (:class:`Capability`); pages show less where it can less. Texts,
counts and words come from an answer only, and an answer knows only posts in the forums that its
question names: who may read what is part of the question, never a filter on what was found.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from corpus.errors import CorpusError
from corpus.search.language import Query, Scope
from corpus.search.language.texts import Kindred, Occurrence

#: The fields of a document that hold words, by whose words are searched.
TEXTS = {
    Scope.OWN: ("text",),
    Scope.QUOTES: ("quoted",),
    Scope.ALL: ("text", "quoted"),
}


class Capability(StrEnum):
    """What an engine may or may not be able to do."""

    KINDRED = "kindred"
    RANKING = "ranking"
    SUGGESTIONS = "suggestions"
    WHOLE = "whole"


#: What a page says where the engine lacks it.
LACKING: dict[Capability, str | Promise] = {
    Capability.KINDRED: _("Words are found only as they are written, not in their other forms."),
    Capability.WHOLE: _("Not all posts that may match were looked at; at most %(count)s are."),
}


class Order(StrEnum):
    """How results are ordered."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and on whose behalf.

    ``forums`` are those that the asker may read. ``without`` are posts that the index does not
    hold as they are now: they are not shown before it does.
    """

    query: Query
    forums: frozenset[int]
    without: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Found:
    """One post: its key, and its document with plain texts."""

    key: int
    document: Mapping[str, Any]


class Hit(NamedTuple):
    """Where something asked for stands: the document's number in the answer, the field, the
    words."""

    number: int
    field: str
    at: Occurrence


class Count(NamedTuple):
    """How many posts have a value, and what the value is called."""

    value: Any
    label: str
    posts: int


class Size(NamedTuple):
    """How large a part of the corpus is: posts, and running words in them."""

    posts: int
    words: int


class SearchUnavailable(CorpusError):
    """The index cannot be read just now. The message is for visitors; the log says what is wrong
    with what."""


class Answer(ABC):
    """The answer to one question. Numbers of documents mean something within it only."""

    question: Question
    #: How many posts were found.
    total: int
    #: Whether all posts were considered.
    whole: bool = True
    #: Whether there is an index at all; a new site's is there with the first post.
    is_indexed: bool = True

    @abstractmethod
    def numbers(self, order: Order) -> Sequence[int]:
        """Return the documents found, in order."""

    def first(self, order: Order, count: int) -> Sequence[int]:
        """Return the first of the documents found; may be quicker than all."""
        return self.numbers(order)[:count]

    @abstractmethod
    def found(self, number: int) -> Found:
        """Return one of the posts."""

    @abstractmethod
    def values(self, field: str) -> Sequence[Any]:
        """Return the values of a field by the number of the document."""

    @abstractmethod
    def counts(self, field: str, label: str = "") -> list[Count]:
        """Return the values of a field among the posts found, most frequent first.

        ``label`` is the field that names them, where they do not name themselves.
        """

    @abstractmethod
    def size(self) -> Size:
        """Return the size of the part of the corpus that was looked in: what the asker may read,
        as far as all that is no word restricts it."""

    @abstractmethod
    def hits(self) -> Sequence[Hit]:
        """Return where each thing asked for stands, document by document."""

    def hit_counts(self) -> Mapping[int, int]:
        """Return how many of the :meth:`hits` each document has that has some."""
        return Counter(hit.number for hit in self.hits())

    @abstractmethod
    def kindred(self, document: Mapping[str, Any]) -> Kindred:
        """Return what tells whether a word of the document is a form of another."""

    @abstractmethod
    def suggestion(self, text: str) -> str | None:
        """Return the query ``text`` with unknown words replaced by words of readable posts."""


class Answerer(ABC):
    """Answers questions from one engine."""

    capabilities: ClassVar[frozenset[Capability]]

    @abstractmethod
    def answer(self, question: Question) -> AbstractContextManager[Answer]:
        """Answer; the answer holds until the end of the block.

        Raises:
            SearchUnavailable: the index cannot be read.
        """


def documents(answer: Answer, order: Order) -> Iterator[Found]:
    """Yield all posts found, in order, one at a time."""
    for number in answer.numbers(order):
        yield answer.found(number)
