"""W3C Web Annotation (JSON-LD), there and back.

A target is a source document with a TextPositionSelector (code points, half-open) and a
TextQuoteSelector that both select the passage (Web Annotation Data Model, 4.2.4 and 4.2.5). What
the model has no word for stands under ``corpus:``.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from corpus.errors import FileUnreadable
from corpus.exports.annotations.anchors import Anchor
from corpus.exports.annotations.exported import Exported

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"corpus": "urn:forum-corpus:"}]

#: What a body or target of another form leads to; the last one comes of a number without end.
_UNFIT = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError)


def write(rows: Iterable[Exported]) -> Iterator[str]:
    """Yield one AnnotationPage, an annotation a line."""
    yield f'{{"@context": {json.dumps(CONTEXT)}, "type": "AnnotationPage", "items": ['
    separator = "\n"
    for row in rows:
        yield separator + json.dumps(_annotation(row), ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def read(content: bytes) -> Iterator[Anchor]:
    """Yield the annotations of a page, of a list, or the one that the file is."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FileUnreadable(f"This is no Web Annotation in JSON-LD: {error}.") from error
    items = told.get("items", [told]) if isinstance(told, dict) else told
    if not isinstance(items, list):
        raise FileUnreadable("A page of Web Annotations needs a list of “items”.")
    for number, item in enumerate(items, 1):
        try:
            yield _anchor(number, item)
        except _UNFIT as error:
            raise FileUnreadable(
                f"Annotation {number} cannot be read: it needs a target with source and a "
                "TextPositionSelector or TextQuoteSelector, and a body that names a code."
            ) from error


def _annotation(row: Exported) -> dict[str, Any]:
    bodies: list[dict[str, str]] = [
        {"type": "TextualBody", "purpose": "tagging", "value": row.code},
        {
            "type": "SpecificResource",
            "purpose": "classifying",
            "source": f"urn:uuid:{row.identity}",
        },
    ]
    if row.note:
        bodies.append({"type": "TextualBody", "purpose": "commenting", "value": row.note})
    quote = {"type": "TextQuoteSelector", "exact": row.exact}
    quote |= {"prefix": row.prefix, "suffix": row.suffix}
    return {
        "id": f"urn:uuid:{row.guid}",
        "type": "Annotation",
        "motivation": "classifying",
        "creator": {"type": "Person", "name": row.author},
        "created": row.created,
        "modified": row.changed,
        "body": bodies,
        "target": {
            "source": row.source,
            "selector": [
                {"type": "TextPositionSelector", "start": row.start, "end": row.end},
                quote,
            ],
        },
        "corpus:scope": row.scope,
        "corpus:unsure": row.unsure,
        "corpus:layer": row.layer,
        "corpus:codebook": f"{row.codebook}, version {row.version}",
        "corpus:thread": row.title,
        "corpus:collection": row.collection,
        "corpus:post": row.address,
    }


def _anchor(number: int, item: dict[str, Any]) -> Anchor:
    target = _listed(item["target"])[0]
    selectors = {one["type"]: one for one in _listed(target["selector"])}
    position = selectors.get("TextPositionSelector", {"start": -1, "end": -1})
    quote = selectors.get("TextQuoteSelector", {})
    if not quote and "TextPositionSelector" not in selectors:
        raise KeyError("selector")
    bodies = {
        body.get("purpose", ""): body for body in _listed(item["body"]) if isinstance(body, dict)
    }
    identity = str(bodies.get("classifying", {}).get("source", ""))
    return Anchor(
        number,
        str(target["source"]),
        int(position["start"]),
        int(position["end"]),
        str(quote.get("exact", "")),
        str(quote.get("prefix", "")),
        str(quote.get("suffix", "")),
        str(bodies.get("tagging", {}).get("value", "")),
        _uuid(identity),
        str(item.get("corpus:scope", "span")),
        str(bodies.get("commenting", {}).get("value", "")),
        item.get("corpus:unsure") is True,
        _uuid(str(item.get("id", ""))),
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _uuid(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name.removeprefix("urn:uuid:"))
    except ValueError:
        return None
