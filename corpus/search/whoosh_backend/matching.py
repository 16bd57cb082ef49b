"""Which documents answer a query, and how well: posting lists read whole, rarest first.

Whoosh walks all its posting lists together, one document and several Python calls at a time. Here
each list becomes a set or a dictionary of scores by what Python does in C: blocks that cannot
matter are not read, and positions only for documents that have all words of a phrase. Documents,
scores and order are Whoosh's own (BM25F); what is not known here is left to Whoosh.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from heapq import nlargest
from itertools import chain
from math import log
from typing import Any

from whoosh import query as q
from whoosh.fields import NUMERIC
from whoosh.query.qcore import _NullQuery
from whoosh.searching import Searcher as WhooshSearcher

from corpus.search.language import fields
from corpus.search.language.texts import windows
from corpus.search.whoosh_backend import columns, lexicon, places
from corpus.search.whoosh_backend.postings import Rows, blocks, shifted
from corpus.search.whoosh_backend.schema import AnyNumber, Text
from corpus.search.whoosh_backend.searchers import Searcher
from corpus.search.whoosh_backend.translation import (
    AnyForm,
    AnyKey,
    ColumnAccepts,
    ColumnIsOneOf,
    Near,
)

Scores = dict[int, float]


def ranked(scores: Scores, count: int) -> list[int]:
    """Return the ``count`` best documents; equal ones as they stand in the index."""
    if count >= len(scores):
        return sorted(scores, key=lambda number: (-scores[number], number))
    best = nlargest(count, ((score, -number) for number, score in scores.items()))
    return [-number for _score, number in best]


class Matches:
    """Answers queries on one searcher."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._schema = searcher.schema

    # Queries

    def scores(self, query: Any, within: Collection[int] | None = None) -> Scores:
        """Return the score of each document that matches; of those ``within`` only, if given.

        ``within`` are documents that :meth:`kept` or this returned.
        """
        if within is not None and len(within) == len(self._searcher.live):
            within = None
        scores = self._scores(query, within)
        if deleted := self._searcher.deleted:
            for number in [number for number in scores if number in deleted]:
                del scores[number]
        return scores

    def kept(self, query: Any) -> frozenset[int]:
        """Return the documents that match, remembered as long as the index stands."""
        found: frozenset[int] = self._searcher.snapshot.filters.of(
            query, lambda: frozenset(self.scores(query))
        )
        return found

    def _scores(self, query: Any, within: Collection[int] | None) -> Scores:
        answer = self._answers.get(type(query))
        if answer is not None:
            return answer(self, query, within)
        if isinstance(query, q.MultiTerm):
            return self._multiterm(query, within)
        return _only(self._by_whoosh(query), within)

    def _term(self, query: Any, within: Collection[int] | None) -> Scores:
        if query.fieldname not in self._schema:
            return {}
        field = self._schema[query.fieldname]
        try:
            term = field.to_bytes(query.text)
        except ValueError:
            return {}
        if not field.scorable:
            return self._unscored(query.fieldname, term, query.boost, within)
        return self._scored(query.fieldname, term, query.boost, within)

    def _or(self, query: Any, within: Collection[int] | None) -> Scores:
        parts = [self._scores(part, within) for part in query]
        if not parts:
            return {}
        scores = max(parts, key=len)
        for part in parts:
            if part is not scores:
                for number, score in part.items():
                    scores[number] = scores.get(number, 0.0) + score
        return _boosted(scores, query.boost)

    def _and(self, query: Any, within: Collection[int] | None) -> Scores:
        asked = [part for part in query if not isinstance(part, q.Not)]
        refused = [part.query for part in query if isinstance(part, q.Not)]
        filters = [part for part in asked if self._is_filter(part)]
        ranking = sorted((part for part in asked if part not in filters), key=self._estimated_size)
        for part in filters:
            kept = self.kept(part)
            if within is None:
                within = kept if len(kept) < len(self._searcher.live) else None
            else:
                within = kept.intersection(within)
        if not ranking:
            scores = dict.fromkeys(self._searcher.live if within is None else within, 1.0)
        else:
            scores = self._scores(ranking[0], within)
        for part in ranking[1:]:
            if not scores:
                break
            more = self._scores(part, scores.keys())
            scores = {number: scores[number] + score for number, score in more.items()}
        for part in refused:
            for number in self._scores(part, scores.keys()):
                del scores[number]
        return _boosted(scores, query.boost)

    def _not(self, query: Any, within: Collection[int] | None) -> Scores:
        whole = self._searcher.live if within is None else self._searcher.live.intersection(within)
        return dict.fromkeys(whole.difference(self._scores(query.query, within)), query.boost)

    def _and_not(self, query: Any, within: Collection[int] | None) -> Scores:
        return self._and(q.And([query.a, q.Not(query.b)]), within)

    def _and_maybe(self, query: Any, within: Collection[int] | None) -> Scores:
        scores = self._scores(query.a, within)
        for number, score in self._scores(query.b, scores.keys()).items():
            scores[number] += score
        return scores

    def _phrase(self, query: Any, within: Collection[int] | None) -> Scores:
        """Rank by the words, as Whoosh does, where they stand together."""
        words = [q.Term(query.fieldname, word) for word in query.words]
        if query.fieldname not in self._schema or not words:
            return {}
        if len(words) == 1:
            return _boosted(self._term(words[0], within), query.boost)
        scores = self._and(q.And(words), within)
        found = self._places(query.fieldname, query.words, scores)
        return {
            number: scores[number] * query.boost
            for number, each in found
            if places.in_order(each, query.slop)
        }

    def _near(self, query: Any, within: Collection[int] | None) -> Scores:
        name, words, apart = query.told
        scores = self._and(q.And([q.Term(name, word) for word in words]), within)
        found = self._places(name, words, scores)
        return {
            number: scores[number]
            for number, each in found
            if next(windows(each, apart), None) is not None
        }

    def _places(
        self, name: str, words: Sequence[str], among: Collection[int]
    ) -> Iterator[tuple[int, list[list[int]]]]:
        """Yield of each document where each of the words stands in it."""
        found = {
            word: places.of_word(self._searcher, name, word, among) for word in dict.fromkeys(words)
        }
        for number in sorted(among):
            yield number, [found[word][number] for word in words]

    def _every(self, query: Any, within: Collection[int] | None) -> Scores:
        field = query.fieldname
        if field is None or field not in self._schema or isinstance(self._schema[field], Text):
            whole: Collection[int] = self._searcher.live
        else:
            values = self._searcher.values(field)
            whole = [number for number, value in enumerate(values) if value is not None]
        return _only(whole, within, query.boost)

    def _range(self, query: Any, within: Collection[int] | None) -> Scores:
        field = self._schema[query.fieldname]
        if not isinstance(field, NUMERIC):
            return self._multiterm(query, within)
        found = [
            number
            for leaf, offset in self._searcher.leaves
            for number in columns.in_range(leaf, field, query, offset)
        ]
        return _only(found, within, query.boost)

    def _any_number(self, query: Any, within: Collection[int] | None) -> Scores:
        field = self._schema[query.fieldname]
        found = (
            self._unscored(query.fieldname, field.to_bytes(number), 1.0, None)
            for number in query.numbers
        )
        return _only(chain.from_iterable(found), within)

    def _any_form(self, query: Any, within: Collection[int] | None) -> Scores:
        name, asked = query.told
        found: set[int] = set()
        for leaf, offset in self._searcher.leaves:
            for form in lexicon.forms(self._searcher, leaf, name, asked, ("",), fold=False):
                for ids, _weights, _values in blocks(leaf, name, form.encode()):
                    found.update(ids if not offset else (number + offset for number in ids))
        return _only(found, within)

    def _any_key(self, query: Any, within: Collection[int] | None) -> Scores:
        name, keys = query.told
        found = (
            number + offset
            for leaf, offset in self._searcher.leaves
            for key in keys
            for ids, _weights, _values in blocks(leaf, name, key.encode())
            for number in ids
        )
        return _only(found, within)

    def _column_accepts(self, query: Any, within: Collection[int] | None) -> Scores:
        name, wanted = query.told
        field = fields[name]
        if field.index not in self._schema:
            return {}
        values = self._searcher.values(field.index)
        accepted = {v for v in columns.distinct(values) if field.accepts(v, wanted)}
        return _only(columns.having(values, accepted), within)

    def _column_is_one_of(self, query: Any, within: Collection[int] | None) -> Scores:
        name, wanted = query.told
        values = self._searcher.values(name)
        return _only(columns.having(values, wanted), within)

    def _multiterm(self, query: Any, within: Collection[int] | None) -> Scores:
        found: set[int] = set()
        for leaf, offset in self._searcher.leaves:
            terms = [leaf.schema[query.fieldname].to_bytes(t) for t in query._btexts(leaf)]
            for term in terms:
                for ids, _weights, _values in blocks(leaf, query.fieldname, term):
                    found.update(ids if not offset else (number + offset for number in ids))
        return _only(found, within, query.boost)

    def _nothing(self, query: Any, within: Collection[int] | None) -> Scores:
        return {}

    def _constant(self, query: Any, within: Collection[int] | None) -> Scores:
        return dict.fromkeys(self._scores(query.child, within), query.score)

    def _by_whoosh(self, query: Any) -> set[int]:
        searcher = WhooshSearcher(self._searcher.reader, closereader=False)
        return set(searcher.docs_for_query(query))

    _answers: dict[type, Callable[[Matches, Any, Collection[int] | None], Scores]] = {
        q.Term: _term,
        q.Or: _or,
        q.And: _and,
        q.Not: _not,
        q.AndNot: _and_not,
        q.AndMaybe: _and_maybe,
        q.Phrase: _phrase,
        q.Every: _every,
        q.NumericRange: _range,
        q.ConstantScoreQuery: _constant,
        AnyNumber: _any_number,
        AnyForm: _any_form,
        AnyKey: _any_key,
        Near: _near,
        ColumnAccepts: _column_accepts,
        ColumnIsOneOf: _column_is_one_of,
        _NullQuery: _nothing,
    }

    # Posting lists

    def _scored(
        self, name: str, term: bytes, boost: float, within: Collection[int] | None
    ) -> Scores:
        scores: Scores = {}
        if (total := self._frequency(name, term)) == 0:
            return scores
        reader = self._searcher.reader
        idf = (log(reader.doc_count_all() / (total + 1)) + 1) * boost
        average = reader.field_length(name) / (reader.doc_count_all() or 1) or 1
        rows = Rows(idf, average)
        for leaf, offset in self._searcher.leaves:
            lengths = None
            for ids, weights, _values in blocks(leaf, name, term, shifted(within, offset, total)):
                if lengths is None:
                    lengths = self._searcher.lengths(leaf, name)
                if isinstance(weights, float):
                    row = rows[weights]
                    found = [row[lengths[number]] for number in ids]
                else:
                    found = [
                        rows[weight][lengths[number]]
                        for number, weight in zip(ids, weights, strict=True)
                    ]
                numbers = [number + offset for number in ids] if offset else ids
                scores.update(zip(numbers, found, strict=True))
        if within is None:
            return scores
        return {number: score for number, score in scores.items() if number in within}

    def _unscored(
        self, name: str, term: bytes, boost: float, within: Collection[int] | None
    ) -> Scores:
        found = (
            [number + offset for number in ids] if offset else ids
            for leaf, offset in self._searcher.leaves
            for ids, _weights, _values in blocks(leaf, name, term)
        )
        return _only(chain.from_iterable(found), within, boost)

    def _frequency(self, name: str, term: bytes) -> int:
        return sum(
            leaf._terms.doc_frequency(name, term)
            for leaf, _offset in self._searcher.leaves
            if (name, term) in leaf._terms
        )

    def _estimated_size(self, query: Any) -> int:
        if isinstance(query, q.Term) and query.fieldname in self._schema:
            return self._frequency(
                query.fieldname, self._schema[query.fieldname].to_bytes(query.text)
            )
        if isinstance(query, q.Phrase):
            # Its words are looked up anyway, and it matches less than its rarest word.
            terms = (q.Term(query.fieldname, word) for word in query.words)
            return min((self._estimated_size(term) for term in terms), default=0)
        if isinstance(query, q.Or):
            return sum(self._estimated_size(part) for part in query.subqueries)
        size: int = self._searcher.size
        return size

    def _is_filter(self, query: Any) -> bool:
        """Whether a query only chooses, by numbers, dates and keys: worth keeping."""
        if isinstance(query, ColumnAccepts | ColumnIsOneOf):
            return True
        if query.is_leaf():
            name = getattr(query, "fieldname", None)
            field = self._schema[name] if name and name in self._schema else None
            return field is not None and not field.scorable
        return isinstance(query, q.Or | q.And) and all(map(self._is_filter, query))


def _only(numbers: Any, within: Collection[int] | None, score: float = 1.0) -> Scores:
    if within is not None:
        numbers = set(numbers).intersection(within)
    return dict.fromkeys(numbers, score)


def _boosted(scores: Scores, boost: float) -> Scores:
    return scores if boost == 1.0 else {number: s * boost for number, s in scores.items()}
