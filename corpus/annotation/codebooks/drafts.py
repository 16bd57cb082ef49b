"""A codebook apart from any database."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.annotation.palette import COLOURS, LINES, RESERVED_KEYS
from corpus.errors import FileUnreadable

#: More codes than anyone can keep apart, and deeper than any tree of them.
_CODES = 5_000
_DEPTH = 30
_SCOPES = ("span", "post", "thread")


@dataclass(frozen=True, slots=True)
class CodeDraft:
    """``parent`` and ``merged_into`` are identities of other codes of the codebook."""

    name: str
    identity: uuid.UUID = field(default_factory=uuid.uuid4)
    parent: uuid.UUID | None = None
    definition: str = ""
    examples: str = ""
    colour: str = ""
    line: str = ""
    key: str = ""
    scope: str = "span"
    retired: bool = False
    merged_into: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class CodebookDraft:
    """Codes stand after those above them."""

    name: str
    guidelines: str = ""
    codes: list[CodeDraft] = field(default_factory=list)


def checked(name: str, guidelines: str, codes: Iterable[CodeDraft]) -> CodebookDraft:
    """Return a draft that can be stored: parents first, unknown signs and taken keys left out.

    Raises:
        FileUnreadable: codes without name, twice the same, in a circle, or too many.
    """
    given = list(codes)
    if len(given) > _CODES:
        raise FileUnreadable(f"The codebook has {len(given)} codes; at most {_CODES} are read.")
    known = {code.identity: code for code in given}
    if len(known) < len(given):
        raise FileUnreadable("Two codes of the codebook have the same identity (guid).")
    below: dict[uuid.UUID | None, list[CodeDraft]] = {}
    for code in given:
        if not code.name.strip():
            raise FileUnreadable("A code of the codebook has no name.")
        below.setdefault(code.parent if code.parent in known else None, []).append(code)
    ordered: list[CodeDraft] = []
    level = below.get(None, [])
    for _depth in range(_DEPTH):
        ordered += level
        level = [child for code in level for child in below.get(code.identity, [])]
    if len(ordered) < len(given):
        raise FileUnreadable(
            f"The codes of the codebook do not form a tree of at most {_DEPTH} levels."
        )
    return CodebookDraft(
        " ".join(name.split())[:200] or "Codebook", guidelines, _signed(ordered, known)
    )


def _signed(codes: list[CodeDraft], known: dict[uuid.UUID, CodeDraft]) -> list[CodeDraft]:
    taken: set[str] = set()
    signed = []
    for code in codes:
        key = code.key.strip()
        usable = len(key) == 1 and key.isprintable() and key not in RESERVED_KEYS | taken
        if usable and not code.retired:
            taken.add(key)
        signed.append(
            CodeDraft(
                " ".join(code.name.split())[:200],
                code.identity,
                code.parent if code.parent in known else None,
                code.definition,
                code.examples,
                code.colour if code.colour in COLOURS else "",
                code.line if code.line in LINES else "",
                key if usable else "",
                code.scope if code.scope in _SCOPES else "span",
                code.retired,
                code.merged_into if code.retired and code.merged_into in known else None,
            )
        )
    return signed
