"""The concordance: every place where something stands, each on a line of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from corpus.concordance import Context, Line, line, sample, sort_key
from corpus.concordance.lines import Token, context
from corpus.concordance.sorting import REACH
from corpus.search import analysis
from corpus.search.answers import Answer, Hit, Size
from corpus.search.language import QueryError, leaves
from forumimport.search.asked import Asked
from forumimport.search.results import Shown, Source, quotation_at, shown, sources
from forumimport.search.spread import spreads
from forumimport.search.views import (
    base_context,
    labels_of,
    notes,
    page_notes,
    told_if_unavailable,
    turning,
)

PAGE = 50
#: Lines that are sorted by their words: each post must be read for it, some 20,000 in a second or
#: two. Of more a sample of this size is sorted, and the page says so.
MOST_SORTED = 20_000
_WIDTH, _WIDEST, _EXPANDED = 8, 30, 60
_BATCH = 500

#: What lines are sorted by.
SORTS: dict[str, str | Promise] = {
    "": _("order in the threads"),
    **{
        name: format_lazy(_("{name}: word {number} to the left"), name=name, number=name[1:])
        for name in ("L1", "L2", "L3", "L4", "L5")
    },
    "node": _("what was found"),
    **{
        name: format_lazy(_("{name}: word {number} to the right"), name=name, number=name[1:])
        for name in ("R1", "R2", "R3", "R4", "R5")
    },
    "speaker": _("speaker"),
    "date": _("date"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its post; ``wide`` is the same with more around it."""

    number: int
    post: Shown
    line: Line
    wide: Line
    is_quoted: bool
    source: Source | None


class Concordance:
    """The lines of one answer as the address asks for them: a sample, sorted."""

    def __init__(self, asked: Asked, answer: Answer) -> None:
        self._answer = answer
        self._kept: tuple[Any, list[Context]] = (None, [])
        self.width = asked.number("width", _WIDTH, most=_WIDEST)
        self.seed = asked.number("seed", 1, least=0)
        self._size = asked.number("sample", 0, least=0)
        self.sorts = [
            name
            for at in (1, 2, 3)
            if (name := asked.parameters.get(f"sort{at}", "")) in SORTS and name
        ]

    @property
    def by(self) -> set[str]:
        """What beside words the lines are sorted by: shown with each."""
        return {"speaker", "date"}.intersection(self.sorts)

    @cached_property
    def hits(self) -> Sequence[Hit]:
        """All places, in the order of the threads."""
        return self._answer.hits()

    @cached_property
    def sampled(self) -> int:
        """The size of the sample; 0 where all lines are shown."""
        total = len(self.hits)
        asked = self._size if 0 < self._size < total else 0
        if self.sorts and (asked or total) > MOST_SORTED:
            return MOST_SORTED
        return asked

    @cached_property
    def size(self) -> Size:
        return self._answer.size()

    @property
    def per_thousand(self) -> float | None:
        """How often it stands among a thousand words of the part of the corpus looked in."""
        return 1000 * len(self.hits) / self.size.words if self.size.words else None

    @cached_property
    def chosen(self) -> Sequence[Hit]:
        """The places whose lines are shown, in their order."""
        hits = self.hits
        if self.sampled:
            whole = list(hits)
            hits = [whole[at] for at in sample(len(whole), self.sampled, self.seed)]
        return self._sorted(list(hits)) if self.sorts else hits

    def lines(self, hits: Sequence[Hit], *, first: int = 1) -> Iterator[Row]:
        """Yield the lines of these places, counted from ``first``."""
        for at in range(0, len(hits), _BATCH):
            yield from self._lines(hits[at : at + _BATCH], first + at)

    def _lines(self, hits: Sequence[Hit], first: int) -> Iterator[Row]:
        found = {number: self._answer.found(number) for number in {hit.number for hit in hits}}
        posts = {post.found.key: post for post in shown(found.values())}
        tokens: dict[tuple[int, str], list[Token]] = {}
        quoting: dict[Hit, int | None] = {}
        for hit in hits:
            key = (hit.number, hit.field)
            if key not in tokens:
                text = found[hit.number].document.get(hit.field) or ""
                tokens[key] = list(analysis.tokens(text))
            if hit.field == "quoted":
                start = tokens[key][hit.at.start][1]
                quoting[hit] = quotation_at(found[hit.number], start)
        told = sources(pk for pk in quoting.values() if pk)
        for at, hit in enumerate(hits, first):
            post = found[hit.number]
            if post.key not in posts:
                continue
            text, words = post.document[hit.field], tokens[hit.number, hit.field]
            yield Row(
                at,
                posts[post.key],
                line(text, words, *hit.at, width=self.width),
                line(text, words, *hit.at, width=_EXPANDED),
                hit.field == "quoted",
                told.get(quoting.get(hit) or 0),
            )

    def _sorted(self, hits: Sequence[Hit]) -> list[Hit]:
        """Return the places sorted; equal ones as they were."""
        keys: list[tuple[Any, ...]] = [()] * len(hits)
        columns = [self._column(name, hits) for name in self.sorts]
        keys = list(zip(*columns, strict=True))
        order = sorted(range(len(hits)), key=keys.__getitem__)
        return [hits[at] for at in order]

    def _column(self, name: str, hits: Sequence[Hit]) -> list[Any]:
        if name == "speaker":
            values = self._answer.values("speaker")
            return [(values[h.number] is None, str(values[h.number]).casefold()) for h in hits]
        if name == "date":
            values = self._answer.values("created")
            return [_moment(values[hit.number]) for hit in hits]
        key = sort_key([name])
        return [key(context) for context in self._contexts(hits)]

    def _contexts(self, hits: Sequence[Hit]) -> list[Context]:
        """Return the words around each place; each post is read once."""
        if self._kept[0] is not hits:
            made = [
                context(words, *hit.at, width=REACH)
                for (number, field), some in groupby(hits, lambda hit: (hit.number, hit.field))
                for words in [self._words(number, field)]
                for hit in some
            ]
            self._kept = (hits, made)
        return self._kept[1]

    def _words(self, number: int, field: str) -> list[str]:
        return analysis.words(self._answer.found(number).document.get(field) or "")


@told_if_unavailable
def page(request: HttpRequest) -> HttpResponse:
    """Answer with lines, or say what is wrong with the query."""
    asked = Asked(request)
    context = base_context(asked) | {"sorts": _sort_fields(asked), "asked_for": _settings(asked)}
    if not asked:
        return render(request, "forumimport/concordance.html", context)
    try:
        question = asked.question
    except QueryError as error:
        return render(request, "forumimport/concordance.html", context | {"error": error})
    if next(leaves(question.query.node), None) is None:
        return render(request, "forumimport/concordance.html", context | {"no_words": True})
    with asked.answerer.answer(question) as answer:
        context |= _found(asked, answer)
    return render(request, "forumimport/concordance.html", context)


def _found(asked: Asked, answer: Answer) -> dict[str, Any]:
    made = Concordance(asked, answer)
    pages = max(1, -(-len(made.chosen) // PAGE))
    number = asked.number("page", 1, most=pages)
    start = (number - 1) * PAGE
    return {
        "total": len(made.hits),
        "posts": answer.total,
        "concordance": made,
        "rows": list(made.lines(made.chosen[start : start + PAGE], first=start + 1)),
        "spreads": spreads(answer),
        "chips": list(asked.chips(labels_of(asked, answer))),
        "notes": [*notes(asked, answer), *page_notes(asked, pages)],
        **turning(asked, number, pages),
    }


def _settings(asked: Asked) -> dict[str, Any]:
    return {
        "width": asked.number("width", _WIDTH, most=_WIDEST),
        "widest": _WIDEST,
        "sample": asked.parameters.get("sample", ""),
        "seed": asked.parameters.get("seed", ""),
    }


def _sort_fields(asked: Asked) -> list[dict[str, Any]]:
    titles = [_("Sort lines by"), _("then by"), _("and then by")]
    return [
        {
            "name": f"sort{at}",
            "title": title,
            "choices": [
                (name, words if name or at == 1 else "—", name == chosen)
                for name, words in SORTS.items()
            ],
        }
        for at, title in enumerate(titles, 1)
        for chosen in [asked.parameters.get(f"sort{at}", "")]
    ]


def _moment(value: datetime | None) -> tuple[bool, str]:
    """Return what sorts dates, unknown ones last."""
    return (value is None, value.replace(tzinfo=None).isoformat() if value else "")
