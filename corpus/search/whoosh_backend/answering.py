"""Answers straight from the index: posting lists, columns and stored fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager
from functools import cached_property, partial
from html import unescape
from typing import Any

from django.utils.translation import gettext as _
from haystack.constants import DJANGO_ID
from whoosh import query as q

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
    SearchUnavailable,
    Size,
)
from corpus.search.language import Leaf, Node, leaves
from corpus.search.language.texts import Kindred
from corpus.search.language.tree import conditions
from corpus.search.whoosh_backend import facets, places, spelling
from corpus.search.whoosh_backend.matching import Matches, Scores, ranked
from corpus.search.whoosh_backend.occurring import Hits, Tally
from corpus.search.whoosh_backend.schema import COUNT, AnyNumber
from corpus.search.whoosh_backend.searchers import Searcher
from corpus.search.whoosh_backend.sorting import in_order
from corpus.search.whoosh_backend.stems import Beginnings, stem
from corpus.search.whoosh_backend.translation import AnyKey, translated

#: Sort keys of the orders; more relevant first where the order does not say.
_ORDERS = {
    Order.NEWEST: ["-created", "topic", "place"],
    Order.OLDEST: ["created", "topic", "place"],
    Order.THREAD: ["topic", "place"],
}


class WhooshAnswerer(Answerer):
    """Answers from one backend's index."""

    capabilities = frozenset(Capability)

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    @contextmanager
    def answer(self, question: Question) -> Iterator[WhooshAnswer]:
        with ExitStack() as opened:
            try:
                searcher = opened.enter_context(self._backend.searcher())
                answer = WhooshAnswer(self._backend, searcher, question)
            except Exception as error:
                # A damaged file raises whatever its reader stumbles over.
                self._backend.log.error(
                    "The index in %s cannot be read (%s: %s): give this process the right to read "
                    "it, or delete the folder and run rebuild_index.",
                    self._backend.folder,
                    type(error).__name__,
                    error,
                )
                raise SearchUnavailable(
                    _("The search index cannot be read just now. Please try again later.")
                ) from error
            yield answer


class WhooshAnswer(Answer):
    """Holds a searcher of one state of the index."""

    def __init__(self, backend: Any, searcher: Searcher | None, question: Question) -> None:
        self.question = question
        self._backend, self._searcher = backend, searcher
        self._escaped = frozenset(backend.shown)
        self._known_stems: dict[str, tuple[set[str], Beginnings]] = {}
        self.is_indexed = searcher is not None
        self.total = len(self._scores)

    def numbers(self, order: Order) -> Sequence[int]:
        searcher = self._searcher
        if searcher is None:
            return []

        def ordered() -> list[int]:
            if order is Order.RELEVANCE:
                return ranked(self._scores, len(self._scores))
            if order is Order.THREAD:
                return sorted(self._scores, key=self._in_thread(searcher).__getitem__)
            return in_order(searcher, self._scores, _ORDERS[order], len(self._scores))

        key = (self._key, order)
        numbers: list[int] = searcher.snapshot.orders.of(key, ordered)
        return numbers

    def first(self, order: Order, count: int) -> Sequence[int]:
        if self._searcher is None or order is not Order.RELEVANCE:
            return self.numbers(order)[:count]
        return ranked(self._scores, count)

    def found(self, number: int) -> Found:
        assert self._searcher is not None
        stored = self._searcher.stored(number)
        document = {
            name: unescape(value) if name in self._escaped else value
            for name, value in stored.items()
        }
        return Found(int(stored[DJANGO_ID]), document)

    def values(self, field: str) -> Sequence[Any]:
        return self._searcher.values(field) if self._searcher else []

    def counts(self, field: str, label: str = "") -> list[Count]:
        if self._searcher is None:
            return []
        counted = facets.of_field(self._searcher, self._scores, field)
        if label:
            names, values = self._searcher.values(label), self._searcher.values(field)
            # Of the posts found only: others may bear a name that was taken back.
            some = dict(zip(map(values.__getitem__, self._scores), self._scores, strict=True))
            return [Count(value, names[some[value]] or "", count) for value, count in counted]
        return [Count(v, "" if v is None else str(v), count) for v, count in counted]

    def size(self) -> Size:
        searcher = self._searcher
        if searcher is None:
            return Size(0, 0)

        def found() -> Size:
            inside = Matches(searcher).scores(self._conditions, self._within)
            names = [name + COUNT for name in TEXTS[self.question.query.scope]]
            columns = [searcher.values(name) for name in names]
            words = sum(column[number] or 0 for column in columns for number in inside)
            return Size(len(inside), words)

        key = (self._conditions, self._filter, self.question.query.scope)
        size: Size = searcher.snapshot.sizes.of(key, found)
        return size

    def hits(self) -> Sequence[Hit]:
        searcher = self._searcher
        if searcher is None:
            return []
        kept = searcher.snapshot.hits.of(self._key, lambda: self._kept_of_hits(searcher))
        if isinstance(kept, Tally):
            return Hits(kept, partial(self._hits, searcher))
        found: list[Hit] = kept
        return found

    def hit_counts(self) -> Mapping[int, int]:
        hits = self.hits()
        return hits.tally.counts() if isinstance(hits, Hits) else super().hit_counts()

    def _kept_of_hits(self, searcher: Searcher) -> Tally | list[Hit]:
        """Return what to keep of the hits: how many each document has, if that can be told."""
        query = self.question.query
        asked = set(leaves(query.node))
        if len(asked) == 1:
            (leaf,) = asked
            counted = [
                places.counts(searcher, leaf, field, **self._tongues(searcher))
                for field in TEXTS[query.scope]
            ]
            if all(each is not None for each in counted):
                counts = sum(filter(None, counted[1:]), counted[0] or Counter())
                return Tally.of(self.numbers(Order.THREAD), counts)
        return self._hits(searcher, self._scores.keys())

    def _hits(self, searcher: Searcher, among: Collection[int]) -> list[Hit]:
        """Return where each thing asked for stands in these documents, thread by thread."""
        query = self.question.query
        wanted = among if isinstance(among, Set) else frozenset(among)
        by_document: dict[int, list[Hit]] = {}
        for field in TEXTS[query.scope]:
            for leaf in set(leaves(query.node)):
                for hit in places.hits(searcher, leaf, field, wanted, **self._tongues(searcher)):
                    by_document.setdefault(hit.number, []).append(hit)
        found: list[Hit] = []
        for number in sorted(by_document, key=self._in_thread(searcher).__getitem__):
            hits = by_document[number]
            found += hits if len(hits) == 1 else sorted(set(hits), key=_as_read)
        return found

    def _tongues(self, searcher: Searcher) -> dict[str, Any]:
        """Return by what languages forms of words are told."""
        backend = self._backend
        return {
            "languages": backend.query_strings.languages(searcher),
            "language": backend.language,
            "fold": backend.fold,
        }

    def _in_thread(self, searcher: Searcher) -> list[int]:
        """Return the place of each document when all are read thread by thread."""

        def found() -> list[int]:
            order = in_order(searcher, searcher.live, _ORDERS[Order.THREAD], searcher.size)
            rank = [0] * searcher.size
            for at, number in enumerate(order):
                rank[number] = at
            return rank

        rank: list[int] = searcher.snapshot.values.of("rank in threads", found)
        return rank

    def kindred(self, document: Mapping[str, Any]) -> Kindred:
        backend = self._backend
        tag = document.get("language")
        own = analysis.primary(tag) if tag else backend.language

        def forms(asked: str, words: Set[str]) -> Set[str]:
            if asked[0] in "#@":
                return words & {asked}
            stems, beginnings = self._stems(asked)
            admitted = filter(beginnings.of(own), words)
            return {word for word in admitted if stem(word, own, fold=backend.fold) in stems}

        return forms

    def _stems(self, asked: str) -> tuple[set[str], Beginnings]:
        """Return what a word asked for has in common with its forms, in any language."""
        if asked not in self._known_stems:
            languages = self._backend.query_strings.languages(self._searcher)
            stems = {stem(asked, among, fold=self._backend.fold) for among in languages}
            self._known_stems[asked] = (stems, Beginnings(stems))
        return self._known_stems[asked]

    def suggestion(self, text: str) -> str | None:
        if self._searcher is None:
            return None
        return spelling.corrected(self._searcher, self.question, text, self._within, self._is_found)

    # What was asked

    @cached_property
    def _query(self) -> Any:
        return self._resolved(self.question.query.node)

    def _resolved(self, node: Node) -> Any:
        texts = TEXTS[self.question.query.scope]
        query = translated(node, texts, self._backend.schema)
        return self._backend.query_strings.resolved(query, self._searcher)

    def _is_found(self, leaf: Leaf) -> bool:
        assert self._searcher is not None
        return bool(Matches(self._searcher).scores(self._resolved(leaf), self._within))

    @cached_property
    def _conditions(self) -> Any:
        node = conditions(self.question.query.node)
        return translated(node, (), self._backend.schema)

    @cached_property
    def _filter(self) -> Any:
        allowed = AnyNumber("forum", self.question.forums)
        if not self.question.without:
            return allowed
        keys = frozenset(map(str, self.question.without))
        return q.And([allowed, q.Not(AnyKey(DJANGO_ID, keys))])

    @cached_property
    def _within(self) -> frozenset[int]:
        assert self._searcher is not None
        return Matches(self._searcher).kept(self._filter)

    @property
    def _key(self) -> Any:
        return (self._query, self._filter)

    @cached_property
    def _scores(self) -> Scores:
        searcher = self._searcher
        if searcher is None:
            return {}
        scores: Scores = searcher.snapshot.answers.of(
            self._key, lambda: Matches(searcher).scores(self._query, self._within)
        )
        return scores


def _as_read(hit: Hit) -> tuple[bool, Any]:
    """Return what sorts the places in one post: its own words before those it quotes."""
    return (hit.field != "text", hit.at)
