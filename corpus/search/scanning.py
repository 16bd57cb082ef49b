"""Answers without an index of words: posts are read one after another.

For engines that haystack speaks to and we do not, and for sites too small to need one. The engine
is asked for posts with the longest word of the query, or for all where no word must be there; what
it gives is read and judged here, so every engine answers the same queries in the same way, slowly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from haystack import connections
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

#: Posts that the engine is asked for: some of them nobody who asks may read.
_MOST_ASKED_FOR = 20_000

Document = Mapping[str, Any]


class Scanner(Answerer):
    """Answers through any haystack connection."""

    capabilities = frozenset[Capability]()

    def __init__(self, alias: str, model: Any) -> None:
        self._alias, self._model = alias, model

    @contextmanager
    def answer(self, question: Question) -> Iterator[Scanned]:
        candidates = self._candidates(question)
        documents = [
            document
            for document in islice(candidates, MOST + 1)
            if document["forum"] in question.forums
        ]
        yield Scanned(question, documents[:MOST], whole=len(documents) <= MOST)

    def _candidates(self, question: Question) -> Iterator[Document]:
        index = connections[self._alias].get_unified_index().get_index(self._model)
        rows = index.index_queryset(using=self._alias).order_by("pk")
        keys = self._keys(question)
        if keys is None:
            keys = list(rows.values_list("pk", flat=True))
        for at in range(0, len(keys), _BATCH):
            for document in index.documents(rows.filter(pk__in=keys[at : at + _BATCH])):
                if int(document["django_id"]) not in question.without:
                    yield document

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

    def __init__(self, question: Question, documents: Sequence[Document], *, whole: bool) -> None:
        self.question, self.whole = question, whole
        self._documents = documents
        self._words: dict[tuple[int, str], list[str]] = {}
        node = question.query.node
        self._found = [number for number in range(len(documents)) if self._matches(node, number)]
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
        return Found(int(document["django_id"]), document)

    def values(self, field: str) -> Sequence[Any]:
        return [document.get(field) for document in self._documents]

    def counts(self, field: str, label: str = "") -> list[Count]:
        counted: Counter[Any] = Counter()
        names = {}
        for number in self._found:
            document = self._documents[number]
            counted[document.get(field)] += 1
            names[document.get(field)] = str(document.get(label or field) or "")
        return sorted(
            (Count(value, names[value], count) for value, count in counted.items()),
            key=lambda counted: (-counted.posts, counted.label),
        )

    def size(self) -> Size:
        node = conditions(self.question.query.node)
        inside = [n for n in range(len(self._documents)) if self._matches(node, n)]
        fields = TEXTS[self.question.query.scope]
        return Size(len(inside), sum(len(self._text(n, name)) for n in inside for name in fields))

    def hits(self) -> Sequence[Hit]:
        node = self.question.query.node
        return [
            Hit(number, field, at)
            for number in self.numbers(Order.THREAD)
            for field in TEXTS[self.question.query.scope]
            for at in all_occurrences(node, self._text(number, field))
        ]

    def kindred(self, document: Mapping[str, Any]) -> Kindred:
        return as_written

    def suggestion(self, text: str) -> str | None:
        return None

    def _matches(self, node: Node, number: int) -> bool:
        def texts(scope: Scope) -> list[list[str]]:
            return [self._text(number, field) for field in TEXTS[scope]]

        return matches(node, Post(self._documents[number], texts), self.question.query.scope)

    def _text(self, number: int, field: str) -> list[str]:
        if (number, field) not in self._words:
            text = self._documents[number].get(field) or ""
            self._words[number, field] = analysis.words(text)
        return self._words[number, field]


def _necessary(node: Node) -> Iterator[str]:
    """Yield words without which nothing matches, as any engine has them: plain letters."""
    for part in node.parts if isinstance(node, And) else (node,):
        words = part.words if isinstance(part, Phrase) else ()
        if isinstance(part, Word):
            words = (part.text,)
        yield from (word for word in words if word.isascii() and word.isalpha())
