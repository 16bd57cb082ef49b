"""Codebooks from files into the database and back."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import Any

from django.db import transaction

from corpus.annotation.codebooks import FORMATS, CodebookDraft, CodeDraft
from corpus.annotation.editing import CodeColumns, add_code, change_code, create, editing
from corpus.errors import AnnotationRefused, FileUnreadable
from corpus.models import Code, Codebook, CodebookVersion

#: Ten times what a codebook of 5,000 codes with long definitions needs.
_BYTES = 10 * 1024 * 1024


def read(name: str, content: bytes) -> CodebookDraft:
    """Read a codebook file by the ending of its name."""
    ending = PurePath(name).suffix.lstrip(".").lower()
    if ending not in FORMATS:
        raise FileUnreadable(f"{name} ends in none of .{', .'.join(FORMATS)}.")
    if len(content) > _BYTES:
        raise FileUnreadable(f"{name} is larger than 10 MB, which no codebook is.")
    draft: CodebookDraft = FORMATS[ending][2].read(content.replace(b"\0", b""))
    return draft


def draft_of(version: CodebookVersion) -> CodebookDraft:
    codes = [code for _depth, code in version.tree()]
    identities = {code.pk: code.identity for code in codes}
    return CodebookDraft(
        version.codebook.name,
        version.guidelines,
        [
            CodeDraft(
                code.name,
                code.identity,
                identities.get(code.parent_id) if code.parent_id else None,
                code.definition,
                code.examples,
                code.colour,
                code.line,
                code.key,
                code.scope,
                code.retired,
                identities.get(code.merged_into_id) if code.merged_into_id else None,
            )
            for code in codes
        ],
    )


def store(
    draft: CodebookDraft, *, name: str = "", into: Codebook | None = None, user: Any = None
) -> CodebookVersion:
    """Make a codebook of a draft, or bring an existing one to its state.

    Codes are the same by identity, or by name at the same place. Codes that the draft does not
    have stay as they are. All or nothing.
    """
    with transaction.atomic():
        codebook = into or create(name or draft.name, draft.guidelines, user=user)
        with editing(codebook, user=user) as version:
            if draft.guidelines:
                version.guidelines = draft.guidelines
                version.save(update_fields=["guidelines"])
            stored: dict[uuid.UUID, Code] = {}
            for code in draft.codes:
                parent = stored[code.parent] if code.parent else None
                stored[code.identity] = _stored(version, code, parent)
            for code in draft.codes:
                _retired(stored, code)
    return version


def _stored(version: CodebookVersion, draft: CodeDraft, parent: Code | None) -> Code:
    columns = CodeColumns(
        draft.name, draft.definition, draft.examples,
        draft.colour, draft.line, draft.key, draft.scope,
    )  # fmt: skip
    known = (
        version.codes.filter(identity=draft.identity).first()
        or version.codes.filter(name=draft.name, parent=parent).first()
    )
    try:
        if known is not None:
            change_code(known, columns, parent)
            return known
        made = add_code(version, columns, parent)
    except AnnotationRefused as refusal:
        raise FileUnreadable(f"“{draft.name}”: {refusal}") from refusal
    Code.objects.filter(pk=made.pk).update(identity=draft.identity)
    made.identity = draft.identity
    return made


def _retired(stored: dict[uuid.UUID, Code], draft: CodeDraft) -> None:
    into = stored[draft.merged_into] if draft.merged_into else None
    Code.objects.filter(pk=stored[draft.identity].pk).update(
        retired=draft.retired, merged_into=into
    )
