"""Whole results as files, written while they are sent: CSV for tables, JSON lines for programs."""

from __future__ import annotations

import csv
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from corpus.models import DatePrecision
from corpus.search.answers import Answer, Order, Question, documents
from corpus.search.language import QueryError
from forumimport.search import concordance
from forumimport.search.asked import Asked
from forumimport.search.results import Shown, shown
from forumimport.search.views import told_if_unavailable

_log = logging.getLogger(__name__)

#: Columns of posts, in the order of the files.
POST = (
    "address", "thread", "post", "collection", "speaker", "date", "language", "state", "text",
    "quoted",
)  # fmt: skip
LINE = ("address", "thread", "post", "collection", "speaker", "date", "left", "node", "right",
        "quoted")  # fmt: skip
#: What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_KNOWN_TO = {
    DatePrecision.YEAR: "%Y",
    DatePrecision.MONTH: "%Y-%m",
    DatePrecision.DAY: "%Y-%m-%d",
}

Row = dict[str, Any]


@told_if_unavailable
def posts(request: HttpRequest) -> HttpResponseBase:
    """Send all posts found."""

    def rows(asked: Asked, answer: Answer) -> Iterator[Row]:
        for post in shown(documents(answer, Order.THREAD)):
            document = post.found.document
            yield _about(request, post) | {
                "language": document.get("language"),
                "state": document.get("state"),
                "text": document.get("text") or "",
                "quoted": document.get("quoted"),
            }

    return _sent(request, "posts", POST, rows)


@told_if_unavailable
def lines(request: HttpRequest) -> HttpResponseBase:
    """Send all lines of a concordance, in its order."""

    def rows(asked: Asked, answer: Answer) -> Iterator[Row]:
        made = concordance.Concordance(asked, answer)
        for line in made.lines(made.chosen):
            yield _about(request, line.post) | {
                "left": line.line.left,
                "node": line.line.node,
                "right": line.line.right,
                "quoted": line.is_quoted,
            }

    return _sent(request, "concordance", LINE, rows)


def _sent(
    request: HttpRequest,
    name: str,
    columns: tuple[str, ...],
    rows: Callable[[Asked, Answer], Iterable[Row]],
) -> HttpResponseBase:
    asked = Asked(request)
    try:
        question = asked.question
    except QueryError as error:
        return HttpResponseBadRequest(error.hint, content_type="text/plain; charset=utf-8")

    as_json = request.GET.get("format") == "jsonl"
    written = _written(asked, question, columns, rows, as_json=as_json)
    # Nothing is sent before the first row is there, so that what fails at once is an error page.
    start = next(written)
    response = StreamingHttpResponse(
        chain([start], written),
        content_type="application/x-ndjson" if as_json else "text/csv; charset=utf-8",
    )
    ending = "jsonl" if as_json else "csv"
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def _written(
    asked: Asked,
    question: Question,
    columns: tuple[str, ...],
    rows: Callable[[Asked, Answer], Iterable[Row]],
    *,
    as_json: bool,
) -> Iterator[str]:
    """Yield the file. If what it is read from fails halfway, the last line says so: nobody shall
    take a part for the whole."""
    # Open as long as the file is being sent.
    with asked.answerer.answer(question) as answer:
        lines = (_json_lines if as_json else partial(_csv, columns))(rows(asked, answer))
        start = next(lines, "")
        yield start
        try:
            yield from lines
        except (DatabaseError, OSError):
            _log.exception("A download of search results broke off.")
            told = _("This file is not complete: reading broke off here. Download it again.")
            yield json.dumps({"incomplete": told}, ensure_ascii=False) + "\n" if as_json else told


def _about(request: HttpRequest, post: Shown) -> Row:
    document = post.found.document
    utterance = post.utterance
    if utterance is None:
        speaker, date = document.get("poster_name"), document.get("created")
        date = date.isoformat() if date else None
    else:
        speaker = utterance.speaker.name if utterance.speaker else None
        date = _iso(utterance)
    return {
        "address": request.build_absolute_uri(post.permanent_address),
        "thread": post.title,
        "post": post.position,
        "collection": post.forum,
        "speaker": speaker,
        "date": date,
    }


def _iso(utterance: Any) -> str | None:
    """Return the date as far as it is known: 2004-05 where only the month is."""
    if utterance.date is None:
        return None
    known_to = _KNOWN_TO.get(DatePrecision(utterance.date_precision))
    moment: str = utterance.date.strftime(known_to) if known_to else utterance.date.isoformat()
    return moment


def _json_lines(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


class _Echo:
    """Gives back what a CSV writer writes."""

    def write(self, value: str) -> str:
        return value


def _csv(columns: tuple[str, ...], rows: Iterable[Row]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    rows = iter(rows)
    first = next(rows, None)
    # The mark by which spreadsheets know UTF-8.
    yield "\ufeff" + writer.writerow(columns)
    for row in chain([] if first is None else [first], rows):
        yield writer.writerow([_cell(row[column]) for column in columns])


def _cell(value: Any) -> Any:
    """Return a value as text that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
