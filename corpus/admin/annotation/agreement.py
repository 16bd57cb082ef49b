"""The page on which coordinators see how far annotators agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from corpus.annotation.comparing import (
    NOTHING,
    Agreement,
    Compared,
    Unit,
    agreement,
    alpha_of_everyone,
    compared,
    confused,
    confusions,
    disagreements,
)
from corpus.annotation.permissions import collections_of
from corpus.annotation.shared import Coder, SharedThread, final_codes, shared_threads
from corpus.hiding import redacted_in
from corpus.models import Code, Codebook, Layer, Role, Scope, SourceDocument
from corpus.rendering import excerpt

#: Disagreements that a page lists; the table of confusions leads to fewer.
_LISTED = 200
_STEPS = 5


@dataclass(frozen=True, slots=True)
class Row:
    code: Code
    agreement: Agreement
    everyone: float | None


@dataclass(frozen=True, slots=True)
class Cell:
    count: int
    share: int
    same: bool
    address: str


def agreement_page(admin: Any, request: HttpRequest, codebook: Codebook) -> HttpResponse:
    watched = collections_of(request.user, Role.COORDINATE, Role.ADJUDICATE)
    layers = Layer.objects.filter(thread__collection__in=watched)
    threads = shared_threads(codebook, layers)
    pairs = _pairs(threads)
    chosen = _chosen(request, pairs)
    context: dict[str, Any] = {
        "title": _("Agreement"),
        "codebook": codebook,
        "threads": len(threads),
        "pairs": [
            (pair, n, f"?{urlencode({'first': pair[0].key, 'second': pair[1].key})}")
            for pair, n in pairs.items()
        ],
        "pair": chosen,
    }
    if chosen:
        context |= _compared(request, codebook, threads, chosen)
    return admin.page(request, "agreement", context)


def _compared(
    request: HttpRequest, codebook: Codebook, threads: list[SharedThread], pair: tuple[Coder, Coder]
) -> dict[str, Any]:
    codes = {str(code.identity): code for code in final_codes(codebook).values()}
    places = {scope: compared(threads, pair, scope) for scope in Scope.values}
    tables = []
    for scope in Scope:
        said = {
            code
            for place in places[scope]
            for unit in place.units
            for code in unit.first | unit.second
        }
        rows = [
            Row(code, agreement(places[scope], scope, key), alpha_of_everyone(threads, key, scope))
            for key, code in codes.items()
            if code.scope == scope and key in said
        ]
        if rows:
            tables.append((scope, rows, agreement(places[scope], scope)))
    where = {name: request.GET.get(name) for name in ("scope", "said", "other")}
    return {
        "tables": tables,
        "heats": [
            (scope, *_heat(request, confusions(places[scope]), codes, pair, scope))
            for scope, _rows, _all in tables
        ],
        "disagreements": _listed(places, pair, codes, where),
        "narrowed": where["scope"] is not None,
        "listed": _LISTED,
    }


def _pairs(threads: list[SharedThread]) -> Counter[tuple[Coder, Coder]]:
    counted: Counter[tuple[Coder, Coder]] = Counter()
    for thread in threads:
        people = sorted(thread.said, key=lambda coder: (coder.name, coder.key))
        counted.update(combinations(people, 2))
    return counted


def _chosen(
    request: HttpRequest, pairs: Counter[tuple[Coder, Coder]]
) -> tuple[Coder, Coder] | None:
    asked = request.GET.get("first"), request.GET.get("second")
    for pair in pairs:
        if (pair[0].key, pair[1].key) == asked:
            return pair
    return next(iter(pairs), None)


def _heat(
    request: HttpRequest,
    counted: Counter[tuple[str, str]],
    codes: dict[str, Code],
    pair: tuple[Coder, Coder],
    scope: str,
) -> tuple[list[str], list[tuple[str, list[Cell]]]]:
    """Return the names over the columns, and rows of cells; shares are of a row."""
    named = [key for key in codes if any(key in kind for kind in counted)]
    labels = [*named, NOTHING]
    rows = []
    for one in labels:
        whole = sum(counted[one, other] for other in labels) or 1
        cells = []
        for other in labels:
            count = counted[one, other]
            asked = {
                "first": pair[0].key,
                "second": pair[1].key,
                "scope": scope,
                "said": one,
                "other": other,
            }
            share = min(_STEPS, -(-_STEPS * count // whole))
            address = f"?{urlencode(asked)}#disagreements" if count and one != other else ""
            cells.append(Cell(count, share, one == other, address))
        rows.append((_name(codes, one), cells))
    return [_name(codes, label) for label in labels], rows


def _listed(
    places: dict[str, list[Compared]],
    pair: tuple[Coder, Coder],
    codes: dict[str, Code],
    where: dict[str, str | None],
) -> list[dict[str, Any]]:
    def wanted(scope: str, unit: Unit) -> bool:
        if where["scope"] is None:
            return True
        asked = (where["said"], where["other"])
        return scope == where["scope"] and any(kind == asked for kind in confused(unit))

    found = (
        (scope, place, unit)
        for scope in Scope.values
        for place, unit in disagreements(places[scope])
        if wanted(scope, unit)
    )
    shown = list(islice(found, _LISTED))
    documents = {place.post.document for _scope, place, _unit in shown}
    texts = dict(SourceDocument.objects.filter(pk__in=documents).values_list("pk", "text"))
    hidden = redacted_in(documents)
    return [
        {
            "thread": place.thread.title,
            "post": place.post.number,
            "words": excerpt(
                texts[place.post.document], unit.span, hidden.get(place.post.document, [])
            )
            if scope != Scope.THREAD
            else _("whole thread"),
            "sides": [
                (coder.name, [_name(codes, code) for code in sorted(said)], _layer(place, coder))
                for coder, said in zip(pair, (unit.first, unit.second), strict=True)
            ],
            "decide": reverse(
                "admin:corpus_annotation_adjudicate",
                args=[next(iter(codes.values())).version.codebook_id, place.thread.key],
            )
            + f"#post-{place.post.number}",
        }
        for scope, place, unit in shown
    ]


def _layer(place: Compared, coder: Coder) -> str:
    address = reverse("admin:corpus_annotation_coding", args=[place.thread.said[coder].layer])
    return f"{address}#post-{place.post.number}"


def _name(codes: dict[str, Code], key: str) -> str:
    return codes[key].name if key else _("(nothing)")


PAGES = [("agreement/", agreement_page, "agreement")]
