"""Operations from JSON: the form in which programs and colleagues hand over corrections.

One object a line: the operation's name, and its fields, rows by their key::

    {"operation": "split-utterance", "utterance": 5, "offset": 120}
    {"operation": "assign-speaker", "utterance": 5, "handle": "Ada", "version": 3}

``version`` is optional: the version of the thread that the decision was made on.
"""

from __future__ import annotations

import json
import types
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any, Union, get_args, get_origin, get_type_hints

from django.db.models import Model

from corpus.curation import OPERATIONS, Operation
from corpus.errors import CorpusError


class BadLine(CorpusError):
    """A line that states no operation; the message says what it lacks."""


def operation_from(line: str) -> tuple[Operation, int | None]:
    """Return the operation that a line states, and the thread's version it was decided on.

    Raises:
        BadLine: not JSON, an unknown operation, a field too few or too many or of another type,
            or a row that does not exist.
    """
    stated = _parsed(line)
    name, version = stated.pop("operation", None), stated.pop("version", None)
    if name not in OPERATIONS:
        raise BadLine(f"unknown operation {name!r}; known are {', '.join(sorted(OPERATIONS))}")
    if version is not None and not isinstance(version, int):
        raise BadLine("“version” is a whole number")
    kind = OPERATIONS[name]
    types_of = get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}
    if unknown := sorted(stated.keys() - known.keys()):
        raise BadLine(f"{name} has no “{unknown[0]}”; it has {', '.join(known)}")
    required = {name for name, field in known.items() if field.default is MISSING}
    if missing := sorted(required - stated.keys()):
        raise BadLine(f"{name} needs “{missing[0]}”")
    values = {field: _value(field, types_of[field], value) for field, value in stated.items()}
    return kind(**values), version


def _parsed(line: str) -> dict[str, Any]:
    try:
        stated = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadLine(f"not JSON (column {error.colno}: {error.msg})") from error
    if not isinstance(stated, dict):
        raise BadLine("not a JSON object")
    return stated


def _value(name: str, type_: Any, value: Any) -> Any:
    """Return ``value`` as the field wants it: rows from their keys, dates from ISO 8601."""
    options = get_args(type_) if get_origin(type_) in (Union, types.UnionType) else (type_,)
    if value is None and type(None) in options:
        return None
    (wanted,) = (option for option in options if option is not type(None))
    if issubclass(wanted, Model):
        return _row(name, wanted, value)
    if wanted is datetime:
        try:
            return datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise BadLine(f"“{name}” is no date in ISO 8601: {value!r}") from None
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise BadLine(f"“{name}” is no {_WORDS[wanted]}: {value!r}")
    return value


def _row(name: str, model: type[Model], key: Any) -> Model:
    row = model._default_manager.filter(pk=key).first() if isinstance(key, int) else None
    if row is None:
        raise BadLine(f"“{name}”: there is no {model._meta.verbose_name} {key!r}")
    return row


_WORDS = {str: "text", int: "whole number", float: "number", bool: "true or false"}
