"""Whole results as files, written while they are sent: CSV for tables, JSON lines for programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse

from corpus.models import DatePrecision
from corpus.search.answers import Answer, Order, documents
from corpus.search.language import QueryError
from forumimport.search import concordance
from forumimport.search.asked import Asked
from forumimport.search.results import Shown, shown

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


def posts(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
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


def lines(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
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
) -> HttpResponse | StreamingHttpResponse:
    asked = Asked(request)
    try:
        question = asked.question
    except QueryError as error:
        return HttpResponseBadRequest(error.hint, content_type="text/plain; charset=utf-8")

    def found() -> Iterator[Row]:
        # Open as long as the file is being sent.
        with asked.answerer.answer(question) as answer:
            yield from rows(asked, answer)

    as_json = request.GET.get("format") == "jsonl"
    written = _json_lines(found()) if as_json else _csv(columns, found())
    response = StreamingHttpResponse(
        written,
        content_type="application/x-ndjson" if as_json else "text/csv; charset=utf-8",
    )
    ending = "jsonl" if as_json else "csv"
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


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
    # The mark by which spreadsheets know UTF-8.
    yield "\ufeff" + writer.writerow(columns)
    for row in rows:
        yield writer.writerow([_cell(row[column]) for column in columns])


def _cell(value: Any) -> Any:
    """Return a value as text that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
