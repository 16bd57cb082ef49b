"""What the address of a page asks, and on whose behalf."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from corpus import conf
from corpus.search import subcorpora
from corpus.search.answers import Answerer, Order, Question
from corpus.search.connection import answerer
from corpus.search.language import Query, Scope, parse
from corpus.search.language.tree import all_of
from forumimport.engines import engine
from forumimport.models import PendingPost
from forumimport.search.facets import FACETS, Facet, whole

#: Values of one facet that one address may choose.
_MOST_CHOSEN = 50
ORDERS: dict[Order, str | Promise] = {
    Order.RELEVANCE: _("most relevant first"),
    Order.NEWEST: _("newest first"),
    Order.OLDEST: _("oldest first"),
    Order.THREAD: _("by thread"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen value, and the address without it."""

    title: str | Promise
    words: str
    address: str


class Asked:
    """What a request asks. Nothing is read from the index before :meth:`question`."""

    def __init__(self, request: HttpRequest) -> None:
        self.user = request.user
        self.parameters = _without_machinas(request.GET)
        self.text = self.parameters.get("q", "").replace("\0", "").strip()
        self.chosen: dict[str, tuple[Any, ...]] = {
            facet.field: values for facet in FACETS if (values := self._values(facet))
        }
        self.quotations = self.parameters.get("quotations") == "on"
        named = self.parameters.get("order", "")
        self.order = Order(named) if named in list(Order) else Order.RELEVANCE

    def number(self, name: str, otherwise: int, *, least: int = 1, most: int = 10**9) -> int:
        """Return a parameter that is a number, within bounds."""
        try:
            return min(max(whole(self.parameters.get(name, "")), least), most)
        except ValueError:
            return otherwise

    def __bool__(self) -> bool:
        """Whether anything is asked."""
        return bool(self.text or self.chosen)

    @cached_property
    def query(self) -> Query:
        """What is asked as a tree, with the values chosen.

        Raises:
            QueryError: the query cannot be read.
        """
        return self._with(self.chosen)

    @cached_property
    def _typed(self) -> Query:
        return subcorpora.expanded(parse(self.text), self.user, self.text)

    def _with(self, chosen: Mapping[str, tuple[Any, ...]]) -> Query:
        scope = self._typed.scope
        if scope is Scope.OWN and self.quotations:
            scope = Scope.ALL
        return Query(all_of([self._typed.node, *subcorpora.choices(chosen)]), scope)

    @cached_property
    def question(self) -> Question:
        """The question, of which this visitor's rights are a part."""
        return Question(
            self.query,
            forums=frozenset(engine().readable_forums(self.user)),
            without=frozenset(PendingPost.objects.values_list("post_id", flat=True)),
        )

    def question_without(self, field: str) -> Question:
        """Return the question as it would be if nothing of this field were chosen."""
        kept = {name: values for name, values in self.chosen.items() if name != field}
        return replace(self.question, query=self._with(kept))

    @property
    def answerer(self) -> Answerer:
        return answerer(conf.search_connection(), engine().models()[2])

    # Addresses, relative to the page

    def changed(self, **parameters: Any) -> str:
        """Return the address with other parameters, None for without; on its first page."""
        changed = self.parameters.copy()
        changed.pop("page", None)
        for name, value in parameters.items():
            if value is None:
                changed.pop(name, None)
            else:
                changed[name] = str(value)
        return f"?{changed.urlencode()}"

    def toggled(self, name: str, value: Any) -> str:
        """Return the address with a value of a facet chosen, or no longer chosen."""
        changed = self.parameters.copy()
        changed.pop("page", None)
        text = "" if value is None else str(value)
        values = changed.getlist(name)
        changed.setlist(
            name, [v for v in values if v != text] if text in values else [*values, text]
        )
        return f"?{changed.urlencode()}"

    def chips(self, labels: dict[str, dict[Any, str]]) -> Iterator[Chip]:
        """Yield what is chosen; ``labels`` are the names of values, by field."""
        for facet in FACETS:
            for value in self.chosen.get(facet.field, ()):
                words = facet.words(value, labels.get(facet.field, {}).get(value, ""))
                yield Chip(facet.title, words, self.toggled(facet.name, value))

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The chosen values as fields of a form that asks another query of them."""
        names = {facet.name for facet in FACETS}
        return [
            (name, value)
            for name, values in self.parameters.lists()
            if name in names
            for value in values
        ]

    def _values(self, facet: Facet) -> tuple[Any, ...]:
        found = []
        for text in self.parameters.getlist(facet.name)[:_MOST_CHOSEN]:
            try:
                found.append(facet.value(text.replace("\0", "")))
            except ValueError:
                continue
        return tuple(dict.fromkeys(found))


def _without_machinas(parameters: QueryDict) -> QueryDict:
    """Return the parameters in our words: machina's own page and old bookmarks have others."""
    changed = parameters.copy()
    forums = changed.pop("search_forums", [])
    poster = changed.pop("search_poster_name", [""])[-1].replace('"', " ").strip()
    only_titles = changed.pop("search_topics", [""])[-1]
    if forums:
        changed.setlist("forum", [*changed.getlist("forum"), *forums])
    query = changed.get("q", "")
    if only_titles and query:
        words = query.replace('"', " ")
        changed["q"] = query = f'thread:"{words}"'
    if poster:
        changed["q"] = f'{query} speaker:"{poster}"'.strip()
    return changed
