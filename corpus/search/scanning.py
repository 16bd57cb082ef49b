"""Answers without an index of words: posts are read one after another.

For engines that haystack speaks to and we do not, and for sites too small to need one. The engine
is asked for posts with the longest word of the query, or for all where no word must be there; what
it gives is read and judged here, so every engine answers the same queries in the same way, slowly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any

from haystack import connections
from haystack.constants import DJANGO_ID
from haystack.query import SearchQuerySet

from corpus.search import analysis
from corpus.search.answers import (
    TEXTS,
    Answer,
    Answerer,
    Capability,
    Count,
    Found,
    Hit,
    Order,
    Question,
    Size,
)
from corpus.search.language import And, Node, Phrase, Scope, Word
from corpus.search.language.texts import Kindred, Post, all_occurrences, as_written, matches
from corpus.search.language.tree import conditions

#: Posts read for one answer: some seconds.
MOST = 5000
#: Shorter words may be stop words of the engine, which finds nothing by them.
_SURELY_FOUND = 6
_BATCH = 500

#: Posts that the engine is asked for, of which who asks may not read all. Elasticsearch and
#: OpenSearch refuse to give more (``index.max_result_window``).
_MOST_ASKED_FOR = 10_000

Document = Mapping[str, Any]


class Scanner(Answerer):
    """Answers through any haystack connection."""

    capabilities = frozenset[Capability]()

    def __init__(self, alias: str, model: Any) -> None:
        self._alias, self._model = alias, model

    @contextmanager
    def answer(self, question: Question) -> Iterator[Scanned]:
        keys = self._keys(question)
        yield Scanned(
            question,
            self._readable(question, keys),
            partial(self._readable, question),
            whole=keys is None or len(keys) < _MOST_ASKED_FOR,
        )

    def _readable(self, question: Question, keys: list[int] | None = None) -> list[Document]:
        """Return the documents of these posts, or of all, that the asker may read; one too many
        where there are too many."""
        index = connections[self._alias].get_unified_index().get_index(self._model)
        rows = index.index_queryset(using=self._alias).order_by("pk")
        if keys is None:
            keys = list(rows.values_list("pk", flat=True))
        found = (
            document
            for at in range(0, len(keys), _BATCH)
            for document in index.documents(rows.filter(pk__in=keys[at : at + _BATCH]))
            if document["forum"] in question.forums
            and int(document[DJANGO_ID]) not in question.without
        )
        return list(islice(found, MOST + 1))

    def _keys(self, question: Question) -> list[int] | None:
        """Return the posts that the engine finds by the longest word; None for all."""
        word = max(_necessary(question.query.node), key=len, default="")
        if question.query.scope is not Scope.OWN or len(word) < _SURELY_FOUND:
            return None
        found = SearchQuerySet(using=self._alias).models(self._model).filter(content=word)
        found.query.set_limits(0, _MOST_ASKED_FOR)
        return sorted({int(result.pk) for result in found.query.get_results()})


class Scanned(Answer):
    """Judges documents one by one."""

    def __init__(
        self,
        question: Question,
        documents: Sequence[Document],
        everything: Callable[[], Sequence[Document]],
        *,
        whole: bool,
    ) -> None:
        self.question = question
        self.whole = whole and len(documents) <= MOST
        self._documents = documents[:MOST]
        self._everything = everything
        node = question.query.node
        self._found = [
            number for number in range(len(self._documents)) if self._is_found(node, number)
        ]
        self.total = len(self._found)

    def numbers(self, order: Order) -> Sequence[int]:
        if order in (Order.NEWEST, Order.OLDEST):
            newest = order is Order.NEWEST
            known = [n for n in self._found if self._documents[n].get("created")]
            known.sort(key=lambda n: self._documents[n]["created"], reverse=newest)
            return known + [n for n in self._found if not self._documents[n].get("created")]
        return sorted(
            self._found,
            key=lambda n: (self._documents[n]["topic"], self._documents[n].get("place") or 0),
        )

    def found(self, number: int) -> Found:
        document = self._documents[number]
        return Found(int(document[DJANGO_ID]), document)

    def values(self, field: str) -> Sequence[Any]:
        return [document.get(field) for document in self._documents]

    def counts(self, field: str, label: str = "") -> list[Count]:
        counted: Counter[Any] = Counter()
        names = {}
        for number in self._found:
            document = self._documents[number]
            value = document.get(field)
            for each in value or [None] if isinstance(value, list) else [value]:
                counted[each] += 1
                names[each] = str(document.get(label) if label else each or "")
        return sorted(
            (Count(value, names[value], count) for value, count in counted.items()),
            key=lambda counted: (-counted.posts, counted.label),
        )

    def size(self) -> Size:
        node, scope = conditions(self.question.query.node), self.question.query.scope
        posts = words = 0
        for document in self._everything()[:MOST]:
            texts = _texts(document, scope)
            if matches(node, Post(document, partial(_texts, document)), scope):
                posts, words = posts + 1, words + sum(map(len, texts))
        return Size(posts, words)

    def hits(self) -> Sequence[Hit]:
        node = self.question.query.node
        return [
            Hit(number, field, at)
            for number in self.numbers(Order.THREAD)
            for field in TEXTS[self.question.query.scope]
            for at in all_occurrences(
                node, analysis.words(self._documents[number].get(field) or "")
            )
        ]

    def kindred(self, document: Mapping[str, Any]) -> Kindred:
        return as_written

    def suggestion(self, text: str) -> str | None:
        return None

    def _is_found(self, node: Node, number: int) -> bool:
        document = self._documents[number]
        post = Post(document, partial(_texts, document))
        return matches(node, post, self.question.query.scope)


def _texts(document: Document, scope: Scope) -> list[list[str]]:
    return [analysis.words(document.get(field) or "") for field in TEXTS[scope]]


def _necessary(node: Node) -> Iterator[str]:
    """Yield words without which nothing matches, as any engine has them: plain letters."""
    for part in node.parts if isinstance(node, And) else (node,):
        words = part.words if isinstance(part, Phrase) else ()
        if isinstance(part, Word):
            words = (part.text,)
        yield from (word for word in words if word.isascii() and word.isalpha())
