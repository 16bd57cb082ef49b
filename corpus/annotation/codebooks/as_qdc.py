"""Codebooks in the REFI-QDA exchange format, version 1.0 (``.qdc``).

Read by QualCoder, NVivo, ATLAS.ti and MAXQDA. It knows names, descriptions, colours and the tree;
keys, lines, scopes and guidelines stay behind. A retired code is one that is not codable; so is a
mere heading in files from elsewhere, which can be restored.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from xml.etree import ElementTree

from defusedxml import ElementTree as safe
from defusedxml.common import DefusedXmlException

from corpus.annotation.codebooks.drafts import CodebookDraft, CodeDraft, checked
from corpus.annotation.palette import COLOURS, nearest
from corpus.errors import FileUnreadable

NAMESPACE = "urn:QDA-XML:codebook:1.0"
_EXAMPLES = "\n\nExamples:\n"
#: What XML 1.0 cannot hold.
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(draft: CodebookDraft) -> bytes:
    root = ElementTree.Element("CodeBook", {"xmlns": NAMESPACE, "origin": "forum-corpus"})
    elements: dict[uuid.UUID | None, ElementTree.Element] = {
        None: ElementTree.SubElement(root, "Codes")
    }
    for code in draft.codes:
        element = ElementTree.SubElement(
            elements[code.parent],
            "Code",
            {
                "guid": str(code.identity).upper(),
                "name": _UNSPEAKABLE.sub("\ufffd", code.name),
                "isCodable": "false" if code.retired else "true",
                "color": COLOURS.get(code.colour, COLOURS["orange"]),
            },
        )
        said = code.definition + (_EXAMPLES + code.examples if code.examples else "")
        if said:
            description = ElementTree.SubElement(element, "Description")
            description.text = _UNSPEAKABLE.sub("\ufffd", said)
        elements[code.identity] = element
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def read(content: bytes) -> CodebookDraft:
    try:
        root = safe.fromstring(content)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise FileUnreadable(f"This is no REFI-QDA codebook: {error}.") from error
    if root.tag != f"{{{NAMESPACE}}}CodeBook":
        raise FileUnreadable(
            f"This is no REFI-QDA codebook: its first element is not CodeBook of {NAMESPACE}."
        )
    return checked(str(root.get("name") or ""), "", _codes(root.find(f"{{{NAMESPACE}}}Codes")))


def _codes(top: ElementTree.Element | None) -> Iterator[CodeDraft]:
    """Yield the codes in the order of the file, however deep."""
    waiting = [] if top is None else [(child, None) for child in reversed(top)]
    while waiting:
        element, parent = waiting.pop()
        if element.tag != f"{{{NAMESPACE}}}Code":
            continue
        identity = _identity(element.get("guid"))
        said = element.findtext(f"{{{NAMESPACE}}}Description") or ""
        definition, _marker, examples = said.partition(_EXAMPLES)
        yield CodeDraft(
            element.get("name") or "",
            identity,
            parent,
            definition,
            examples,
            nearest(element.get("color") or ""),
            retired=(element.get("isCodable") or "true").lower() in ("false", "0"),
        )
        waiting += [(child, identity) for child in reversed(element)]  # type: ignore[misc]


def _identity(value: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(value or "")
    except ValueError as error:
        raise FileUnreadable(f"“{value}” is no guid of a code.") from error
