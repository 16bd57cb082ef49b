"""The Whoosh schema of haystack's fields: every term once, columns where sorting needs them.

Haystack's own schema keeps every number in eight precisions and every text a second time as a
column; that is three quarters of the indexing time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.exceptions import SearchBackendError
from whoosh import columns, fields, formats, query

from corpus.search.fields import OrderField, WordsField
from corpus.search.whoosh_backend.analyzers import Words

#: Changes when indexes written before can no longer be read.
FORMAT = 3
#: What the field with the words as written is called after its text field.
EXACT = "_exact"
#: And the column with how many words the text has: Whoosh keeps lengths roughly.
COUNT = "_count"


class Text(fields.FieldType):  # type: ignore[misc]
    """Stems without positions, for ranking; the words as written stand in ``…_exact``."""

    def __init__(self, field: Any) -> None:
        super().__init__(
            formats.Existence(field_boost=field.boost or 1.0),
            Words(),
            scorable=True,
            stored=field.stored,
            multitoken_query="phrase",
        )
        self.language = getattr(field, "language", None)


class Exact(fields.FieldType):  # type: ignore[misc]
    """Words as written, with their positions: for phrases, wildcards, concordances, spelling."""

    def __init__(self) -> None:
        super().__init__(formats.Positions(), Words(), scorable=True, multitoken_query="phrase")


class ColumnNumber(fields.NUMERIC):  # type: ignore[misc]
    """A number that is not searched for: a column and no terms."""

    indexed = False

    def __init__(self, numtype: type) -> None:
        column = columns.NumericColumn("Q", default=2**64 - 1)
        super().__init__(numtype, bits=64, stored=False, shift_step=0, sortable=column)


class AnyNumber(query.Query):  # type: ignore[misc]
    """Documents whose number is one of these; ``1,2,3`` in a query string.

    One term for the forums that a user may read: Whoosh would walk them one by one.
    """

    def __init__(self, fieldname: str, numbers: frozenset[Any]) -> None:
        self.fieldname = fieldname
        self.numbers = numbers
        self.boost = 1.0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AnyNumber) and (self.fieldname, self.numbers) == (
            other.fieldname,
            other.numbers,
        )

    def __hash__(self) -> int:
        return hash((self.fieldname, self.numbers))

    def __repr__(self) -> str:
        return f"AnyNumber({self.fieldname!r}, {set(self.numbers)})"

    __str__ = __repr__


class Number(fields.NUMERIC):  # type: ignore[misc]
    """A number as one exact term and a column; ranges are read off the column."""

    def __init__(self, numtype: type, *, stored: bool) -> None:
        # Whoosh's default for "none" is no number that its column of floats could hold.
        column = columns.NumericColumn("Q", default=2**64 - 1)
        super().__init__(numtype, bits=64, stored=stored, shift_step=0, sortable=column)

    def parse_query(self, fieldname: str, qstring: str, boost: float = 1.0) -> Any:
        if "," in qstring:
            return AnyNumber(fieldname, frozenset(map(self.prepare_number, qstring.split(","))))
        return super().parse_query(fieldname, qstring, boost)


class Moment(fields.DATETIME):  # type: ignore[misc]
    """A point in time in UTC: a column and no terms, for hardly two are the same."""

    indexed = False

    def __init__(self, *, stored: bool) -> None:
        super().__init__(stored=stored, sortable=True)
        self.shift_step = 0

    def parse_query(self, fieldname: str, qstring: str, boost: float = 1.0) -> Any:
        found = super().parse_query(fieldname, qstring, boost)
        if isinstance(found, query.Term):
            at = self.prepare_datetime(found.text)
            return query.NumericRange(fieldname, at, at, boost=boost)
        return found

    def prepare_datetime(self, x: Any) -> Any:
        if isinstance(x, datetime) and x.tzinfo is not None:
            x = x.astimezone(UTC).replace(tzinfo=None)
        return super().prepare_datetime(x)


def build(search_fields: Mapping[str, Any]) -> tuple[str, fields.Schema]:
    """Return the name of the document field and the schema."""
    schema = {
        ID: fields.ID(stored=True, unique=True),
        DJANGO_CT: fields.ID(stored=True),
        DJANGO_ID: fields.ID(stored=True),
    }
    document = ""
    for field in search_fields.values():
        name = field.index_fieldname
        document = name if field.document else document
        schema[name] = whoosh_field(field)
        if isinstance(schema[name], Text):
            schema[name + EXACT] = Exact()
            schema[name + COUNT] = ColumnNumber(int)
    if len(schema) == 3:
        raise SearchBackendError(
            "No fields were found in any search index; write one or check INSTALLED_APPS."
        )
    return document, fields.Schema(**schema)


def whoosh_field(field: Any) -> fields.FieldType:
    """Return how one haystack field is indexed."""
    stored, boost, kind = field.stored, field.boost or 1.0, field.field_type
    if not field.indexed:
        return fields.STORED()
    if isinstance(field, OrderField):
        return ColumnNumber(float)
    if field.is_multivalued:
        return fields.KEYWORD(
            stored=True, commas=True, scorable=True, field_boost=boost, sortable=True
        )
    if kind in ("date", "datetime"):
        return Moment(stored=stored)
    if kind in ("integer", "float"):
        return Number(int if kind == "integer" else float, stored=stored)
    if kind == "boolean":
        return fields.BOOLEAN(stored=stored)
    if kind == "ngram":
        return fields.NGRAM(minsize=3, maxsize=15, stored=stored, field_boost=boost)
    if kind == "edge_ngram":
        return fields.NGRAMWORDS(
            minsize=2, maxsize=15, at="start", stored=stored, field_boost=boost
        )
    if isinstance(field, WordsField) or (field.document and field.analyzer is None):
        return Text(field)
    return fields.TEXT(
        stored=stored,
        analyzer=field.analyzer or Words(),
        field_boost=boost,
        sortable=not field.document,
        multitoken_query="phrase",
    )


def index_name(schema: fields.Schema) -> str:
    """Return a name that other fields or another engine never share.

    An index written for other fields is thus never misread: the new one is empty until
    ``rebuild_index`` fills it.
    """
    shape = "|".join(
        f"{name}:{type(field).__name__}:{field.stored}:{field.column_type is not None}"
        for name, field in sorted(schema.items())
    )
    return f"corpus{FORMAT}{crc32(shape.encode()):08x}"
