"""Codebooks as files, there and back; one file per format; pure."""

from corpus.annotation.codebooks import as_csv, as_json, as_qdc
from corpus.annotation.codebooks.drafts import CodebookDraft, CodeDraft

#: Format by the ending of its files: what it is called, media type, and the module that has
#: ``write(draft) -> bytes`` and ``read(content) -> CodebookDraft``.
FORMATS = {
    "json": ("JSON", "application/json", as_json),
    "csv": ("CSV", "text/csv", as_csv),
    "qdc": ("REFI-QDA", "application/xml", as_qdc),
}

__all__ = ["FORMATS", "CodeDraft", "CodebookDraft"]
