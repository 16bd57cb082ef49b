"""Codebooks as JSON: everything that a codebook has."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict
from typing import Any

from corpus.annotation.codebooks.drafts import CodebookDraft, CodeDraft, checked
from corpus.errors import FileUnreadable

FORMAT = "corpus-codebook-1"


def write(draft: CodebookDraft) -> bytes:
    codes = [
        {
            name: str(value) if isinstance(value, uuid.UUID) else value
            for name, value in asdict(code).items()
        }
        for code in draft.codes
    ]
    told = {
        "format": FORMAT,
        "name": draft.name,
        "guidelines": draft.guidelines,
        "codes": codes,
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def read(content: bytes) -> CodebookDraft:
    try:
        told = json.loads(content)
        codes = [_code(row) for row in told["codes"]]
        return checked(str(told["name"]), str(told.get("guidelines", "")), codes)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FileUnreadable(
            'This is no codebook in JSON: it needs {"name": …, "codes": [{"name": …}, …]}.'
        ) from error


def _code(row: dict[str, Any]) -> CodeDraft:
    texts = {
        name: str(row.get(name) or "")
        for name in ("name", "definition", "examples", "colour", "line", "key")
    }
    return CodeDraft(
        identity=_identity(row.get("identity")) or uuid.uuid4(),
        parent=_identity(row.get("parent")),
        scope=str(row.get("scope") or "span"),
        retired=row.get("retired") is True,
        merged_into=_identity(row.get("merged_into")),
        **texts,
    )


def _identity(value: Any) -> uuid.UUID | None:
    return uuid.UUID(str(value)) if value else None
